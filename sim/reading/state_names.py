"""What States are called, and which of them a word may mean."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import cache, lru_cache

from sim.errors import did_you_mean
from sim.paths import seed_rows
from sim.roster import REGIONAL_GROUPS, caucus_names, former_states, states

LONGEST_CODE = 3
MOST_KEPT = 4096
"""Names whose meaning is kept: a record repeats some hundreds, a hostile file may have any."""
MOST_NAMED = 3
"""Where a word may mean more States than this, it means none in particular."""
ALIKE = 0.8
"""How alike a mistyped name is to the one that is meant, 0 to 1 (assumed): Norwya for Norway."""
EVERYBODY = ("all", "any", "default", "defaults", "everybody", "everyone")
"""What people call all members."""


@lru_cache(MOST_KEPT)
def near_state(word: str) -> str:
    """Return `Did you mean 'TUR'?` for a name or a mistyped code of a State, or nothing.

    >>> near_state("Turkey"), near_state("Corée du Nord"), near_state("Kosovo")
    ("Did you mean 'TUR'?", "Did you mean 'PRK'?", '')
    >>> near_state("Congo"), near_state("SUN")
    ("Did you mean 'COG' or 'COD'?", "Did you mean 'RUS'?")
    >>> near_state("P5"), near_state("African")
    ('Name each State by its code.', 'Name each State by its code.')
    """
    former = former_states().get(word.upper())
    if former and not former.seat_of:  # a code of none today, but its name may mean some
        return near_state(former.state.name)
    said = letters(word)
    if word.upper() in states() or (former and former.seat_of):
        return f"Did you mean '{former.seat_of if former else word.upper()}'?"
    if word.lower() in (*EVERYBODY, *map(str.lower, (*REGIONAL_GROUPS, *caucus_names()))):
        return "Name each State by its code."
    for meant in _meant_by(said):
        if codes := [*dict.fromkeys(meant)]:
            named = " or ".join(f"'{code}'" for code in codes)
            return f"Did you mean {named}?" if len(codes) <= MOST_NAMED else ""
    return _near_code(word) if len(word) <= LONGEST_CODE + 1 else ""


@lru_cache(MOST_KEPT)
def codes_of(name: str) -> frozenset[str]:
    """Return the codes of all States that have or had exactly that name, in any language."""
    said = letters(name)
    gone = {f.seat_of or c for c, f in former_states().items() if letters(f.state.name) == said}
    return frozenset(gone | {code for code, word in _names() if word == said})


@lru_cache(MOST_KEPT)
def code_of(name: str) -> str:
    """Return the code of the State that has or had that name and a seat, or nothing.

    A name that several may mean is nobody's, but a State's own short name.

    >>> code_of("IRAN (ISLAMIC REPUBLIC OF)"), code_of("Czechoslovakia"), code_of("Zaire")
    ('IRN', 'CSK', 'COD')
    >>> code_of("Congo"), code_of("Korea")
    ('COG', '')
    """
    said, codes = letters(name), codes_of(name)
    gone = {c for c, f in former_states().items() if not f.seat_of and c in codes}
    own = {code for code in codes & states().keys() if letters(states()[code].name) == said}
    best = gone or own or codes
    return next(iter(best)) if len(best) == 1 else ""


def _meant_by(said: str) -> Iterator[list[str]]:
    """Yield the codes of the States that may be meant, by ever looser tests.

    A name that is no State's own may hold another's, as French Somaliland: only States' own names
    are looked into.
    """
    yield [code for code, name in _names() if name == said]
    if len(said) >= LONGEST_CODE:  # GER is how Germany begins, not a mistyped PER
        yield [code for code, name in _names() if name.startswith(said)]
    if len(said) > LONGEST_CODE:
        yield [code for code, state in states().items() if said in letters(state.name)]
        matcher = SequenceMatcher(b=said)  # what it learns of the second is of use for all
        yield [code for code, name in _names() if _is_alike(matcher, name)]


def _is_alike(matcher: SequenceMatcher[str], name: str) -> bool:
    """Return whether a name is like the matcher's second; what is quickly told comes first."""
    matcher.set_seq1(name)
    ratios = (matcher.real_quick_ratio, matcher.quick_ratio, matcher.ratio)
    return all(ratio() >= ALIKE for ratio in ratios)


def _near_code(word: str) -> str:
    """Return which code is meant by a mistyped one: the same letters first."""
    swapped = [code for code in states() if sorted(code) == sorted(word.upper())]
    return f"Did you mean '{swapped[0]}'?" if swapped else did_you_mean(word, states())


def letters(text: str) -> str:
    """Return a name in lower-case letters without accents, blanks and signs: `cotedivoire`."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in plain if c.isascii() and c.isalpha())


@cache
def _names() -> tuple[tuple[str, str], ...]:
    """Return codes with the letters of each name, short names first, then the others.

    Source: `seeds/states.csv`, `seeds/state_names.csv`.
    """
    own = ((code, letters(state.name)) for code, state in states().items())
    return (*own, *((row["iso3"], letters(row["name"])) for row in seed_rows("state_names.csv")))
