"""What a title or an agenda plainly says: the kind of text, the State, the mandate.

The rules are data (`seeds/keywords.yaml`). Where words fit two answers none is given.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

from pydantic import Field

from sim.catalogue import mandates
from sim.paths import SEEDS
from sim.reading.form import Form
from sim.reading.yaml12 import read


class Rule(Form):
    """The patterns, by name, that a title has all of and none of if it names an instrument."""

    all_of: list[str]
    none_of: list[str]


class MandateRule(Form):
    """The names of a mandate; or its State, of which a title has one of the patterns."""

    words: list[str] = Field(default_factory=list)
    state: str = ""
    any_of: list[str] = Field(default_factory=list)


class Keywords(Form):
    """Words that name States and mandates, patterns of a title, and what these name."""

    states: dict[str, list[str]]
    no_states: list[str]
    patterns: dict[str, str]
    instruments: dict[str, list[Rule]]
    mandates: dict[str, MandateRule]
    default: str


@cache
def keywords() -> Keywords:
    """Return the words, in lower case without accents. Source: `seeds/keywords.yaml`."""
    return Keywords.model_validate(read(SEEDS / "keywords.yaml").plain())


def inferred(title: str, agenda: str, is_amendment: bool = False) -> dict[str, str]:
    """Return the cells of a record that words tell: `instrument`, `target`, `mandate`.

    Where the title names a mandate and no State, the target is the first party to the mandate.

    Args:
        title: of the text.
        agenda: the item under which it was voted on; told only where the title names no State.
        is_amendment: whether it amends a draft: it is then of no kind, and on no mandate.
    """
    found = {"target": target_in(title, agenda)}
    if not is_amendment:
        found |= {"instrument": instrument_in(title), "mandate": mandate_in(title, agenda)}
        if not target_in(title, "") and (mandate := mandates().get(found["mandate"])):
            found["target"] = found["target"] or next(iter(mandate.parties), "")
    return {column: cell for column, cell in found.items() if cell}


def instrument_in(title: str) -> str:
    """Return the kind of text that a title names, empty unless exactly one fits."""
    found = _patterns_in(title)
    return _only(
        name
        for name, rules in keywords().instruments.items()
        if any(found.issuperset(rule.all_of) and found.isdisjoint(rule.none_of) for rule in rules)
    )


def target_in(title: str, agenda: str) -> str:
    """Return the State that the title, or else the agenda, names; empty if it names several."""
    words = {word: code for code, names in keywords().states.items() for word in names}
    for text in (title, agenda):
        states = re.sub("|".join(keywords().no_states), " ", _plain(text))
        if named := {words[found] for found in re.findall(_any_of(tuple(words)), states)}:
            return _only(named)
    return ""


def mandate_in(title: str, agenda: str) -> str:
    """Return the mandate that a title names, by its name or as measures on the one State."""
    patterns, target, text = _patterns_in(title), target_in(title, agenda), _plain(title)
    rules = keywords().mandates.items()
    by_name = _only(
        name for name, rule in rules if rule.words and re.search(_any_of(tuple(rule.words)), text)
    )
    return by_name or _only(
        name
        for name, rule in rules
        if rule.state and rule.state == target and not patterns.isdisjoint(rule.any_of)
    )


def _patterns_in(title: str) -> set[str]:
    text = _plain(title)
    return {name for name, pattern in keywords().patterns.items() if re.search(pattern, text)}


def _only(names: Iterable[str]) -> str:
    """Return the one name that there is, empty where there are none or several."""
    found = set(names)
    return found.pop() if len(found) == 1 else ""


@cache
def _any_of(words: Sequence[str]) -> str:
    """Return a pattern of any of the words, the longest first where two begin alike."""
    longest = sorted(words, key=len, reverse=True)
    return rf"\b(?:{'|'.join(map(re.escape, longest))})\b"


def _plain(text: str) -> str:
    return text.casefold().translate(str.maketrans("\u2019ôéü", "'oeu"))
