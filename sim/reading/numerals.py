"""Numbers and days that were copied from print: what was meant, and how to write it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from datetime import date, datetime

MONTHS_OF_A_FULL_TERM = 24
"""The months at which the provision `term` is 1."""

_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"), "-")
_NUMBER = re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?")
_MONTHS = re.compile(
    r"(?P<number>[0-9]+([.,][0-9]+)?)[ -]?(?P<unit>m|mo|mos|months?|y|yrs?|years?|)\.?"
)
_COUNT = tuple("one two three four five six seven eight nine ten eleven twelve".split())  # noqa: SIM905
_COUNTED = re.compile(r"(?P<numeral>[-+]?[0-9]+(\.[0-9]+)?) ?[^\W\d_]+\.?")
_GROUPED = re.compile(
    r"[-+]?[1-9][0-9]{0,2}(?P<separator>[ ,.'_\u2019])[0-9]{3}((?P=separator)[0-9]{3})*"
)

_DAYS = (
    *(f"%Y{sign}%m{sign}%d" for sign in "-/."),
    *(f"%d{sign}%m{sign}%Y" for sign in "./-"),
    *(f"%m{sign}%d{sign}%Y" for sign in "/-"),
    *(f"{day} %Y" for day in ("%d %B", "%B %d", "%d %b", "%b %d", "%A %d %B")),
    *("%Y%m%d", "%d-%b-%Y", "%d-%b-%y", "%d/%m/%y", "%m/%d/%y"),
)
"""How people and spreadsheets write days, as `strptime` has it."""
_TIME_OF_DAY = re.compile(r"(?<=[0-9]{4}-[0-9]{2}-[0-9]{2})[T ][0-9]{2}:[0-9]{2}.*")


def how_to_write(text: str, fits: Callable[[float], bool], is_share: bool) -> str:
    """Return how to write the number that a text means, nothing where it means none that fits.

    Args:
        text: what stands in the file, as `1 000`, `40 %`, `0,4`, or with a typographic minus.
        fits: whether a number is allowed where the text stands.
        is_share: whether the numbers allowed there end at 1, so that 40 % is 0.4.
    """
    plain = unicodedata.normalize("NFKC", text).translate(_DASHES).strip()
    for numeral, how in _readings(plain, is_share):
        if fits(float(numeral)):
            if any(ord(character) in _DASHES for character in text):
                how = "with a hyphen"
            elif any(c.isdigit() and not c.isascii() for c in text):
                how = "in plain digits"
            elif how == "without quotes" and any(c.isspace() and not c.isascii() for c in text):
                how = "without the blank"
            return f"Write {float(numeral):.15g} {how}".rstrip() + "."
    return ""


def _readings(plain: str, is_share: bool) -> Iterator[tuple[str, str]]:
    """Yield the numbers that a text may mean, the likelier first, and how they are written."""
    if is_share and plain.endswith("%"):
        per_cent = plain.removesuffix("%").strip().replace(",", ".")
        if _NUMBER.fullmatch(per_cent):
            yield str(float(per_cent) / 100), ""
    grouped = _GROUPED.fullmatch(plain)
    if grouped:
        yield plain.replace(grouped["separator"], ""), "without separators"
    if plain[-1:] in ("k", "K") and _NUMBER.fullmatch(thousands := plain[:-1].strip()):
        yield str(float(thousands) * 1000), "in full"
    if counted := _COUNTED.fullmatch(plain):
        yield counted["numeral"], "without a unit"
    if _NUMBER.fullmatch(decimal := plain.replace(",", ".")) and (is_share or not grouped):
        yield decimal, "with a point" if "," in plain else "without quotes"


def months_meant(text: str) -> float:
    """Return the months that a number or a text as `9m`, `12 months` or `1 year` means, else 0.

    A number from 0 to 1 means no months: it is on the scale already.
    """
    said = unicodedata.normalize("NFKC", text).strip().lower()
    word, blank, rest = said.partition(" ")
    said = f"{_COUNT.index(word) + 1} {rest}" if blank and word in _COUNT else said
    found = _MONTHS.fullmatch(said)
    if not found:
        return 0.0
    number, unit = float(found["number"].replace(",", ".")), found["unit"]
    if not unit:
        return number if number > 1 else 0.0
    return number * (12 if unit.startswith("y") else 1)


def day_meant(text: str) -> str:
    """Return how to write the day that a text means, or nothing.

    >>> day_meant("18 December 2026"), day_meant("5/6/2026")
    ('Write 2026-12-18.', 'Write 2026-06-05 for 5 June, 2026-05-06 for 6 May.')
    >>> day_meant("18-Dec-26"), day_meant("2026-12-18T15:00:00+00:00")
    ('Write 2026-12-18.', 'Write 2026-12-18.')
    """
    plain = " ".join(unicodedata.normalize("NFKC", text).translate(_DASHES).split())
    days = [*dict.fromkeys(_days(_TIME_OF_DAY.sub("", plain)))]
    if len(days) > 1:
        named = (f"{day} for {day.day} {day:%B}" for day in days)
        return f"Write {', '.join(named)}."
    how = " with hyphens" * any(ord(character) in _DASHES for character in text)
    return f"Write {days[0]}{how}." if days and str(days[0]) != text else ""


def _days(plain: str) -> Iterator[date]:
    """Yield the days that a text may mean, day before month first."""
    for form in _DAYS:
        try:
            yield datetime.strptime(plain.replace(",", ""), form).date()
        except ValueError:
            continue
