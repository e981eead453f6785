"""What a title or an agenda plainly says: what kind of text it is and on which State."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from sim.paths import SEEDS
from sim.reading.form import Form
from sim.reading.yaml12 import read


class Rule(Form):
    """The patterns, by name, that a title has all of and none of if it names an instrument."""

    all_of: list[str]
    none_of: list[str]


class Keywords(Form):
    """The words that name States, patterns of a title, and the instruments that these name."""

    states: dict[str, list[str]]
    patterns: dict[str, str]
    instruments: dict[str, Rule]


@cache
def keywords() -> Keywords:
    """Return the words, in lower case without accents. Source: `seeds/keywords.yaml`."""
    return Keywords.model_validate(read(SEEDS / "keywords.yaml").plain())


def instrument_in(title: str) -> str:
    """Return the kind of text that a title names, empty unless exactly one fits."""
    text, patterns = _plain(title), keywords().patterns
    found = {name for name, pattern in patterns.items() if re.search(pattern, text)}
    rules = keywords().instruments.items()
    fits = [
        name
        for name, rule in rules
        if found.issuperset(rule.all_of) and found.isdisjoint(rule.none_of)
    ]
    return fits[0] if len(fits) == 1 else ""


def target_in(title: str, agenda: str) -> str:
    """Return the State that the title, or else the agenda, names; empty if it names several."""
    words = _states_by_word()
    pattern = rf"\b({'|'.join(map(re.escape, words))})\b"
    for text in (title, agenda):
        named = {words[found] for found in re.findall(pattern, _plain(text))}
        if named:
            return named.pop() if len(named) == 1 else ""
    return ""


@cache
def _states_by_word() -> Mapping[str, str]:
    return {word: code for code, words in keywords().states.items() for word in words}


def _plain(text: str) -> str:
    return text.casefold().translate(str.maketrans("\u2019ôé", "'oe"))
