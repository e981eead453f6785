"""The words of a title or an agenda that plainly say what kind of text it is and on which State."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

STATE_IN_WORDS: Mapping[str, str] = {
    "democratic people's republic of korea": "PRK",
    "dprk": "PRK",
    "iran": "IRN",
    "south sudan": "SSD",
    "unmiss": "SSD",
    "sudan": "SDN",
    "darfur": "SDN",
    "unamid": "SDN",
    "unitams": "SDN",
    "democratic republic of the congo": "COD",
    "monusco": "COD",
    "monuc": "COD",
    "central african republic": "CAF",
    "minusca": "CAF",
    "somalia": "SOM",
    "amisom": "SOM",
    "atmis": "SOM",
    "unsom": "SOM",
    "eritrea": "ERI",
    "western sahara": "ESH",
    "minurso": "ESH",
    "mali": "MLI",
    "minusma": "MLI",
    "libya": "LBY",
    "libyan arab jamahiriya": "LBY",
    "unsmil": "LBY",
    "yemen": "YEM",
    "unmha": "YEM",
    "lebanon": "LBN",
    "unifil": "LBN",
    "haiti": "HTI",
    "minustah": "HTI",
    "minujusth": "HTI",
    "binuh": "HTI",
    "afghanistan": "AFG",
    "unama": "AFG",
    "iraq": "IRQ",
    "unami": "IRQ",
    "unitad": "IRQ",
    "liberia": "LBR",
    "unmil": "LBR",
    "cote d'ivoire": "CIV",
    "unoci": "CIV",
    "sierra leone": "SLE",
    "bosnia and herzegovina": "BIH",
    "eufor althea": "BIH",
    "syria": "SYR",
    "syrian arab republic": "SYR",
    "ukraine": "UKR",
    "cyprus": "CYP",
    "unficyp": "CYP",
    "burundi": "BDI",
    "guinea-bissau": "GNB",
    "myanmar": "MMR",
    "colombia": "COL",
    "palestinian question": "PSE",
    "gaza": "PSE",
}
"""States and the missions in them, in lower case without accents, matched as whole words.

Where one name ends with another, as South Sudan with Sudan, the one that begins first counts.
"""

_RENEWED = r"\b(renew(s|al|ed|ing)?|exten(d|ds|ded|ding|sion))\b"
_ENDED = r"\b(terminat|lift|eas(e|ing)\b|withdraw|drawdown|liquidat|suspen|amend|modif)"
_MISSION = (
    r"\b(unmiss|minurso|unifil|undof|unficyp|monusco|monuc|minusca|minusma|unamid|unisfa|unitams"
    r"|unmil|unoci|minustah|minujusth|binuh|unama|unami|unsmil|unsom|unmha|amisom|atmis|eufor)\b"
)
_MEASURES = r"\b(sanctions|arms embargo|travel ban|assets? freeze|measures imposed)\b"
_EXPERTS = r"\b(panel of experts|group of experts|monitoring group|monitoring team)\b"
_INVESTIGATION = r"\b(joint investigative mechanism|investigative team|unitad)\b"


@dataclass(frozen=True)
class Rule:
    """A title with all of some patterns, and none of others, names this instrument."""

    instrument: str
    all_of: tuple[str, ...]
    none_of: tuple[str, ...]


RULES = (
    Rule("panel_renewal", (_RENEWED, _EXPERTS), (_MEASURES, _MISSION, _ENDED)),
    Rule("sanctions_renewal", (_RENEWED, _MEASURES), (_MISSION, _ENDED)),
    Rule("peacekeeping_renewal", (_RENEWED, _MISSION), (_MEASURES, _EXPERTS, _ENDED)),
    Rule("aid_access_renewal", (_RENEWED, r"\bcross-border\b"), (_MISSION, _MEASURES, _ENDED)),
    Rule("investigation_renewal", (_RENEWED, _INVESTIGATION), (_MISSION, _MEASURES, _ENDED)),
)
"""Renewals only: no other kind can be told from a title without reading the text."""

_PLAIN = str.maketrans({"\u2019": "'", "ô": "o", "é": "e"})
_STATES = re.compile(rf"\b({'|'.join(map(re.escape, STATE_IN_WORDS))})\b")


def instrument_in(title: str) -> str:
    """Return the kind of text that a title names, empty unless exactly one fits."""
    title = _plain(title)
    fits = [
        rule.instrument
        for rule in RULES
        if all(re.search(pattern, title) for pattern in rule.all_of)
        and not any(re.search(pattern, title) for pattern in rule.none_of)
    ]
    return fits[0] if len(fits) == 1 else ""


def target_in(title: str, agenda: str) -> str:
    """Return the State that the title, or else the agenda, names; empty if it names several."""
    for text in (title, agenda):
        named = {STATE_IN_WORDS[found] for found in _STATES.findall(_plain(text))}
        if named:
            return named.pop() if len(named) == 1 else ""
    return ""


def _plain(text: str) -> str:
    return text.casefold().translate(_PLAIN)
