"""What people mean by a word, a list or a number that is not allowed in its place."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sim.errors import did_you_mean
from sim.reading.state_names import near_state
from sim.roster import states

WORDS: Mapping[str, Collection[str]] = {
    "in_favour": ("yes", "y", "yea", "for", "in favor", "favour", "support", "+"),
    "against": ("no", "n", "nay", "oppose", "opposed", "veto", "reject", "-"),
    "abstaining": ("abstain", "abstains", "abstained", "abstention", "abstentions"),
    "not_participating": ("absent", "not participating", "not voting"),
    "adopted": ("passed", "carried", "approved"),
    "not_carried": ("rejected", "failed", "defeated", "not adopted", "not carried"),
    "vetoed": ("veto", "blocked", "not adopted"),
    "spread": ("sd", "std", "sigma", "error", "uncertainty"),
    "mean": ("value", "estimate"),
    "value": ("mean", "estimate"),
    "evidence": ("source", "sources"),
    "date": ("on", "day"),
    "African": ("africa", "african states"),
    "GRULAC": ("latin american and caribbean", "latin american and caribbean states"),
    "WEOG": ("western european and others", "western european and other states", "western"),
}
"""What people call what has this name here."""
ON_THE_LINE = ("worlds", "random_seed", "seed", "workers", "out", "given")
"""What a command is told, and no file."""
NOBODY = ("none", "nobody", "no one", "nothing", "no", "-")
"""What people write for an empty list."""
_SPREAD = re.compile(r"(-?[0-9.]+) ?(?:±|\+/?-) ?([0-9.]+)")
_AND = re.compile(r"\s*(?:,|;|/|&|\band\b)\s*")


def name_meant(word: str, known: Iterable[str]) -> str:
    """Return `Did you mean 'against'?` for what people call one of the names, or nothing.

    >>> name_meant("veto", ["in_favour", "against"])
    "Did you mean 'against'?"
    >>> name_meant("Asia", ["African", "Asia-Pacific"])
    "Did you mean 'Asia-Pacific'?"
    """
    said, names = word.strip().lower(), [*known]
    meant = [name for name in names if said in WORDS.get(name, ())]
    if not meant and len(said) > 2:
        meant = [name for name in names if re.match(rf"{re.escape(said)}[-_ ]", name.lower())]
    if 1 <= len(meant) <= 3:
        return f"Did you mean {' or '.join(map(repr, meant))}?"
    return did_you_mean(word, names)


def list_meant(text: str, takes_codes: bool) -> str:
    """Return how to write the list that a text means: `USA and GBR`, `none`, `Russia`."""
    if text.strip().lower() in NOBODY:
        return "Write [] for nobody."
    parts = [part for part in _AND.split(text.strip()) if part]
    named = [part if part in states() else _code(part) for part in parts] if takes_codes else []
    return f"Write [{', '.join(named)}]." if named and all(named) else ""


def mapping_meant(value: Any, keys: Collection[str]) -> str:
    """Return how to write the mapping that a text or a list means: `0.5 ± 0.2`, `follows RUS`."""
    if isinstance(value, list):
        is_range = {"low", "high"} <= {*keys} and len(value) == 2
        return f"Write {{low: {value[0]}, high: {value[1]}}}." if is_range else ""
    if "spread" in keys and "mean" in keys and (found := _SPREAD.fullmatch(str(value).strip())):
        return f"Write {{mean: {found[1]}, spread: {found[2]}}}."
    key, _, rest = str(value).strip().partition(" ")
    if key in keys:
        return f"Write {{{key}: {rest or '...'}}}."
    vote = name_meant(str(value), ("in_favour", "against", "abstaining")) if "fixed" in keys else ""
    return vote.replace("Did you mean '", "Write {fixed: ").replace("'?", "}.")


def entry_meant(text: str) -> str:
    """Return how to write what a text means as an entry of a mapping: `review:0.6`, `CHN=against`.

    >>> entry_meant("review:0.6"), entry_meant("nothing of the kind")
    ('Write {review: 0.6}.', '')
    """
    if found := re.fullmatch(r"([\w-]+) ?[:=] ?([^\s:=]+)", text.strip()):
        return f"Write {{{found[1]}: {found[2]}}}."
    return "Leave a blank after each colon." if re.match(r"[\w-]+:\S", text) else ""


def _code(word: str) -> str:
    """Return the code of a State by any name, or nothing where it is not plain."""
    codes = re.findall(r"'([A-Z]{3})'", near_state(word))
    return codes[0] if len(codes) == 1 else ""
