"""A scenario, frozen: what the chamber needs, as arrays, and the same as a document again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from sim.arguments import check_kind
from sim.behaviours import DEFAULT, Behaviour, with_given
from sim.charter import Action, Outcome, Rules
from sim.draft import Consultations, Draft, Tabling
from sim.draws import Draws
from sim.errors import UnscError
from sim.paths import PREFERENCES
from sim.preferences import Coefficients, Estimate, Preferences
from sim.roster import Member
from sim.scenario.form import ScenarioFile
from sim.scenario.settings import Settings
from sim.traits import trait_and_name


def check_scenario(given: object) -> None:
    """Check that a caller gives a scenario.

    Raises:
        UnscError: it is something else, such as the name of one.
    """
    check_kind("scenario", given, Scenario, "a scenario from load_scenario")


class Origin(Protocol):
    """What a scenario was made from, kept so that a variant of it needs no file."""

    @property
    def digest(self) -> str:
        """SHA-256 of all that the scenario and its variants are made of."""

    def with_settings(self, settings: Settings) -> Scenario:
        """Return the scenario made again, with these settings after those laid over it before."""


@dataclass(frozen=True)
class Observed:
    """The real vote: its outcome, each member's action, who took no part, and the evidence."""

    outcome: Outcome
    roll_call: NDArray[np.int8]
    not_participating: tuple[str, ...]
    evidence: tuple[str, ...]


@dataclass(frozen=True, eq=False, repr=False)
class Scenario:
    """A draft before the Council of a day, with every preference settled for that day.

    Args:
        name: the file's name without its ending.
        title, question, note: what the file says of itself.
        date: the day of the vote.
        council: (M,) members, permanent ones first.
        preferences: (M,) what each capital wants on that day.
        behaviours: (M,) how each member chooses.
        coefficients, draft, rules, consultations, tabling: see there.
        observed: the real vote, or None.
        form: the filled form of its file, with what was laid over it.
        by_group: codes of the members that have no number of their own, and so their group's.
        draws: how what was fitted varies together, or None.
        draws_from: the file that holds them.
        settings: what was laid over the file, as `members.RUS.ties.PRK=0.4`.
        preferences_from: the file of preferences that lies under it, or None.
        preferences_named: the name of that file and its title, also where a report holds them.
        origin: what it was made from, for variants of it, or None.
    """

    name: str
    title: str
    question: str
    note: str
    date: date
    council: tuple[Member, ...]
    preferences: tuple[Preferences, ...]
    behaviours: tuple[Behaviour, ...]
    coefficients: Coefficients
    draft: Draft
    rules: Rules
    consultations: Consultations
    tabling: Tabling
    observed: Observed | None
    form: ScenarioFile
    by_group: tuple[str, ...] = ()
    draws: Draws | None = None
    draws_from: Path | None = None
    preferences_from: Path | None = None
    preferences_named: str = ""
    settings: tuple[str, ...] = ()
    origin: Origin | None = None

    def __repr__(self) -> str:
        seats, start = f"{len(self.council)} members", self.fingerprint[:12]
        return f"<Scenario {self.name!r}, {self.date}, {seats}, fingerprint {start}>"

    def _repr_html_(self) -> str:
        draft = self.draft
        facts = {
            "draft": f"{draft.symbol or 'no symbol'} ({draft.instrument.replace('_', ' ')})",
            "on": draft.target or "no State",
            "penholder": ", ".join(draft.penholders),
            "date": str(self.date),
            "members": ", ".join(self.codes),
        }
        rows = (f"<tr><th>{k}</th><td>{escape(value)}</td></tr>" for k, value in facts.items())
        return f"<strong>{escape(self.title)}</strong><table>{''.join(rows)}</table>"

    def with_settings(self, settings: Settings) -> Scenario:
        """Return a variant, as if these settings had been laid over the file as well.

        No file is read again, unless a setting names another file of preferences. The variant is
        one of what was read: parts that `dataclasses.replace` changed since are as they were.

        >>> from sim import load_scenario
        >>> base = load_scenario("dprk-panel-2024")
        >>> base.with_settings({"members.RUS.ties.PRK": 0.4}).name
        'dprk-panel-2024 (members.RUS.ties.PRK=0.4)'

        Args:
            settings: values by their dotted path, or texts such as `members.RUS.ties.PRK=0.4`.

        Raises:
            InvalidInput: with all faults of the settings at once.
            UnscError: the scenario was not read from anything.
        """
        if self.origin is None:
            raise UnscError(f"{self.name}: made by hand; only what was read can be varied.")
        return self.origin.with_settings(settings)

    def with_behaviours(self, given: Mapping[str, Behaviour]) -> Scenario:
        """Return the scenario with members, by code, that choose in another way.

        Raises:
            UnscError: a code without a seat, what is no behaviour, or a leader that cannot be
                followed.
        """
        return replace(self, behaviours=with_given(self.codes, self.behaviours, given))

    def with_mean(self, seat: int, setting: str, mean: float) -> Scenario:
        """Return the scenario with the mean of one preference that counts elsewhere, as certain."""
        estimate = Estimate(mean, self.counting[seat][setting].spread)
        wants = [*self.preferences]
        wants[seat] = wants[seat].with_estimates({setting: estimate})
        other = replace(self, preferences=tuple(wants))
        counting = [*self.counting]
        counting[seat] = other._counting_of(seat)
        vars(other)["counting"] = tuple(counting)  # what counts with the others is looked up once
        return other

    @cached_property
    def document(self) -> Mapping[str, Any]:
        """The same as one plain document that needs no other file.

        Read again as a scenario file, it gives the same scenario, key by key in the same order:
        what a report carries is what ran.
        """
        form = self.form
        document = form.model_dump(
            mode="json", exclude_none=True, exclude={"extends", "preferences", "draws"}
        )
        veto = [c for c, holds in zip(self.codes, self.rules.holds_veto, strict=True) if holds]
        document |= {
            "council": list(self.codes),
            "draft": self._draft_document(),
            "charter": form.charter.model_copy(update={"veto": veto}).model_dump(mode="json"),
            "coefficients": self.coefficients.as_plain(self._provisions),
            "memory": {
                code: {part: dict(values) for part, values in memory._asdict().items()}
                for code, memory in self.draft.memory.items()
            },
            "defaults": {},
            "groups": {},
            "members": self._members_document(),
            "tabling": {
                "if_adoptable": form.tabling.if_adoptable or 0.0,
                "rollover_below": form.tabling.rollover_below or 0.0,
                "rollover": self._by_provision(self.draft.rollover),
            },
        }
        if self.draws:
            path = self.draws_from
            where = path.name if path and path.parent == PREFERENCES else str(path or "")
            document["draws"] = {"file": where, "sha256": self.draws.sha256}
        return {key: document[key] for key in type(form).model_fields if key in document}

    def _members_document(self) -> dict[str, Any]:
        members = zip(self.codes, self.preferences, self.behaviours, strict=True)
        document: dict[str, Any] = {}
        for code, wants, behaviour in members:
            document[code] = wants.as_plain()
            # The default is left out: a scenario that names no behaviour is the same document. A
            # vote that is assumed is under `assume`.
            if behaviour != DEFAULT and code not in (self.form.assume or {}):
                document[code]["behaviour"] = behaviour.as_plain()
        return document

    def _draft_document(self) -> dict[str, Any]:
        draft = self.draft
        text, spreads = map(self._by_provision, (draft.text, draft.reading_spread))
        low, high = map(self._by_provision, (draft.low, draft.high))
        # Left out where false: a draft that stands alone is the same document with and without.
        silent = set() if draft.rival else {"rival"}
        return {
            **self.form.draft.model_dump(mode="json", exclude_none=True, exclude=silent),
            "text": {n: {"value": text[n], "spread": spreads[n]} for n in text},
            "lapse": self._by_provision(draft.lapse),
            "red_lines": {n: {"low": low[n], "high": high[n]} for n in low if low[n] < high[n]},
        }

    @property
    def _provisions(self) -> list[str]:
        return [provision.name for provision in self.draft.provisions]

    def _by_provision(self, values: NDArray[np.float64]) -> dict[str, float]:
        return dict(zip(self._provisions, values.tolist(), strict=True))

    @cached_property
    def counting(self) -> tuple[Mapping[str, Estimate], ...]:
        """The preferences that count before this draft, (M,), by setting: no others are drawn.

        Ideals of the active provisions come first, saliences follow.
        """
        return tuple(map(self._counting_of, range(len(self.council))))

    def _counting_of(self, seat: int) -> Mapping[str, Estimate]:
        holds_veto = bool(self.rules.holds_veto[seat])
        bearing = self.preferences[seat].bearing_on(self.draft, self.council[seat], holds_veto)
        return {
            setting: estimate
            for setting, estimate in bearing.items()
            if not (trait_and_name(setting)[0].optional and estimate.is_nothing)
        }

    @property
    def codes(self) -> tuple[str, ...]:
        """The members' codes in the order of the seats."""
        return tuple(member.code for member in self.council)

    @property
    def observed_roll_call(self) -> NDArray[np.int8] | None:
        """The real votes, (M,), or None."""
        return None if self.observed is None else self.observed.roll_call

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of what decides the result: the document less its words."""
        words = ("title", "question", "note", "sources")
        what_counts = {k: v for k, v in self.document.items() if k not in words}
        if self.draws:  # wherever they are
            what_counts["draws"] = self.draws.sha256
        return hashlib.sha256(canonical_json(what_counts).encode()).hexdigest()

    def words_for(self, seat: int, action: int) -> str:
        """Return what a member's action is called: `not_participating` where it takes no part."""
        return "not_participating" if self.takes_no_part(seat) else Action(action).words

    def takes_no_part(self, seat: int) -> bool:
        """Whether a member is present and does not participate in the vote."""
        no_part = self.rules.takes_no_part
        return no_part is not None and bool(no_part[seat])


def canonical_json(value: Any) -> str:
    """Return the one spelling of plain data that is hashed: sorted keys, no blanks."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)
