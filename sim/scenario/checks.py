"""Names, evidence and days that one file may hold, each fault at its place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date

from sim import catalogue
from sim.draft import ANY, RELATIONS, RIVAL
from sim.errors import MOST_PRINTED, Fault, listed
from sim.reading.faults import place_at, setting_at
from sim.reading.meant import name_meant
from sim.reading.messages import ANY_STATE, Steps, shown
from sim.reading.node import Node
from sim.reading.state_names import EVERYBODY, near_state
from sim.record.memory import HABITS, OPPOSITIONS
from sim.roster import REGIONAL_GROUPS, SIDES, caucus_names, states
from sim.scenario.form import PreferencesFile, ScenarioFile
from sim.scenario.layer_form import EstimateForm, Traits
from sim.traits import TRAITS

LAYERS = ("defaults", "groups", "members")
SEATS: tuple[Steps, ...] = (("date",), ("council",))
"""The settings that decide who sits."""


class Checker:
    """Collects what does not fit together in one file, each fault at its place.

    Names are read from the file itself, so that a name is checked even where its value is at
    fault. A fault that rests on what is itself at fault is none.
    """

    def __init__(
        self, node: Node, faults: Iterable[Fault] = (), left_out: Iterable[Steps] = ()
    ) -> None:
        self.node = node
        self.faults = list(faults)
        self._doubtful: set[Steps] = set()
        self._above_doubtful: set[Steps] = set()
        for path in left_out:
            self.doubt(path)

    def doubt(self, path: Steps) -> None:
        """Note that the form may not say what the file means at the path."""
        self._doubtful.add(tuple(path))
        self._above_doubtful |= {tuple(path[:n]) for n in range(len(path))}

    def is_doubtful(self, path: Steps) -> bool:
        """Return whether anything at the path, below it or above it is in doubt."""
        steps = tuple(path)
        above = (steps[:n] for n in range(len(steps) + 1))
        return steps in self._above_doubtful or any(part in self._doubtful for part in above)

    def fault(
        self,
        path: Steps,
        found: str,
        allowed: str,
        advice: str = "",
        rests_on: Iterable[Steps] = (),
        of_key: bool = False,
    ) -> None:
        """Add a fault at the path, or at its last key, unless what it rests on is in doubt."""
        if any(map(self.is_doubtful, rests_on)):
            return
        place = self.node.place_of(path) if of_key else place_at(self.node, path)
        setting = setting_at(self.node, path)
        self.faults.append(Fault(place, setting, found, f"expected {allowed}", advice))
        self.doubt(path)

    def keys(
        self,
        path: Steps,
        known: Iterable[str] | None,
        what: str,
        *rests_on: Steps,
        elsewhere: Callable[[str], str] = lambda _: "",
    ) -> None:
        """Add a fault for each key of the mapping at the path that is not known.

        None stands for names that cannot be told, as where a list stands for the provisions.
        `elsewhere` says of a key that is right in another place where that is.
        """
        if known is not None:
            words = (((*path, key), key) for key in self.keys_at(path))
            self._names(words, known, what, rests_on, elsewhere, of_key=True)

    def items(self, path: Steps, known: Iterable[str], what: str, *rests_on: Steps) -> None:
        """Add a fault for each item of the list at the path that is not known, or named twice."""
        seen: set[str] = set()
        once: list[tuple[Steps, str]] = []
        for steps, word in self.texts_at(path):
            if word in seen:
                self.fault(steps, f"{shown(word)} is named twice", "each name once")
            elif not self.is_doubtful(steps):
                once.append((steps, word))
            seen.add(word)
        self._names(once, known, what, rests_on)

    def evidence(self, path: Steps) -> None:
        """Add a fault for each id below the path that no statement and no vote goes by."""
        known = catalogue.evidence_ids()
        for steps, word in _cited(self.node.at(path), path):
            if word not in known:
                allowed = "'assumed', or the id of a statement (E01) or of a vote (R2680)"
                found = f"{shown(word)} is no known evidence"
                near = catalogue.near_vote(word, known)
                self.fault(steps, found, allowed, near or "Name other sources under 'note'.")

    def keys_at(self, path: Steps) -> list[str]:
        """Return the keys of the mapping at the path, none where there is no mapping."""
        node = self.node.at(path)
        return list(node.value) if node is not None and isinstance(node.value, dict) else []

    def texts_at(self, path: Steps) -> Iterator[tuple[Steps, str]]:
        """Yield the texts of the list at the path, or the one text that stands for a list."""
        return _texts(self.node.at(path), path)

    def _names(
        self,
        words: Iterable[tuple[Steps, str]],
        known: Iterable[str],
        what: str,
        rests_on: Iterable[Steps],
        elsewhere: Callable[[str], str] = lambda _: "",
        of_key: bool = False,
    ) -> None:
        names = dict.fromkeys(known)
        takes_states = names.keys() >= states().keys()
        others = [name for name in names if not takes_states or name not in states()]
        allowed = [f"one of {listed(others, 20)}"] if others else []
        allowed += [ANY_STATE] if takes_states else []
        for n, (path, word) in enumerate((path, word) for path, word in words if word not in names):
            near = ""
            if n < MOST_PRINTED:  # for those that nobody will see it would take too long
                near = elsewhere(word)
                if not near and (takes_states or word not in states()):
                    near = name_meant(word, others)
                near = near or (near_state(word) if takes_states else "")
            found = f"{shown(word)} is not {what}"
            self.fault(path, found, " or ".join(allowed), near, rests_on, of_key)


def _texts(node: Node | None, path: Steps) -> Iterator[tuple[Steps, str]]:
    """Yield the texts of a list, or the one text that stands for it, each with its path."""
    if node is not None and isinstance(node.value, list):
        for i, item in enumerate(node.value):
            yield from _texts(item, (*path, i))
    elif node is not None and isinstance(node.value, str):
        yield path, node.value


def _cited(node: Node | None, path: Steps) -> Iterator[tuple[Steps, str]]:
    """Yield every text that stands under a key `evidence`, with its path."""
    if node is not None and isinstance(node.value, list):
        for i, item in enumerate(node.value):
            yield from _cited(item, (*path, i))
    elif node is not None and isinstance(node.value, dict):
        for key, below in node.value.items():
            is_cited = key == "evidence" and not (isinstance(below.value, dict) and below.value)
            yield from (_texts if is_cited else _cited)(below, (*path, key))


def check_layers(check: Checker, scales: Iterable[str] | None) -> None:
    """Check what a file says of preferences: the names it uses, and the evidence."""
    check.keys(("groups",), REGIONAL_GROUPS, "a regional group", elsewhere=_other_layer)
    check.keys(("members",), states(), "a State", elsewhere=_other_layer)
    check.keys(("coefficients", "hostility"), scales, "a provision")
    check.keys(("coefficients", "habit"), HABITS, "a kind of memory")
    check.keys(("coefficients", "opposition_habit"), OPPOSITIONS, "a kind of memory")
    for section in ("coefficients", *LAYERS):
        check.evidence((section,))
    layers = [(section, name) for section in LAYERS[1:] for name in check.keys_at((section,))]
    names = names_by_kind(scales)
    for path in [("defaults",), *layers]:
        for trait in TRAITS.values():
            if trait.keyed_by:
                check.keys((*path, trait.name), *names[trait.keyed_by])


def _other_layer(word: str) -> str:
    """Return which layer a word names that stands in another one's place, or nothing."""
    if word.lower() in EVERYBODY:
        return "What holds for all members stands under 'defaults'."
    if word in states():
        return f"Did you mean 'members.{word}'?"
    group = next((name for name in REGIONAL_GROUPS if name.lower() == word.lower()), "")
    return f"Did you mean 'groups.{group}'?" if group else ""


def names_by_kind(scales: Iterable[str] | None) -> Mapping[str, tuple[Iterable[str] | None, str]]:
    """Return what a trait's numbers may be named after, by kind, and what such a name is."""
    instruments = catalogue.instruments()
    return {
        "provision": (scales, "a provision"),
        "State": (states(), "a State"),
        "caucus": (caucus_names(), "a caucus"),
        "kind of draft": ((ANY, RIVAL, *instruments), "a kind of draft"),
        "side": (SIDES, "a side of the pen"),
        "relation": (RELATIONS, "a relation to the text"),
        "what is opposed": (
            (*instruments, *SIDES, *states()),
            "an instrument, a side of the pen or a State",
        ),
    }


def check_dates(form: PreferencesFile | ScenarioFile, check: Checker) -> None:
    """Check that the dated items of every preference stand in order."""
    layers: list[tuple[Steps, Traits]] = [(("defaults",), form.defaults)]
    layers += [
        ((section, name), traits)
        for section in LAYERS[1:]
        for name, traits in getattr(form, section).items()
    ]
    for path, traits in layers:
        for trait in TRAITS.values():
            for name, estimates in traits.named(trait).items():
                where = (trait.name, name) if trait.keyed_by else (trait.name,)
                _check_order(estimates, check, (*path, *where))


def _check_order(estimates: Sequence[EstimateForm], check: Checker, path: Steps) -> None:
    previous: date | None = None
    for i, estimate in enumerate(estimates):
        since = (*path, i, "since")
        if i and estimate.since is None:
            found = "the later item has no 'since'"
            advice = "A list holds dated values; for one number: {mean: 0.5, spread: 0.1}."
            check.fault((*path, i), found, "the day from which it holds", advice, [since])
        if previous and estimate.since and estimate.since <= previous:
            found = f"{estimate.since} stands after {previous}"
            check.fault(since, found, "days in ascending order")
        previous = estimate.since or previous
