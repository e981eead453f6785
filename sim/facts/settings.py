"""Which settings differ between two scenarios."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from typing_extensions import TypedDict  # pydantic reads no other before Python 3.12

SettingValue = str | int | float | list[str] | None

NOT_SETTINGS = ("title", "question", "note", "sources", "observed", "negotiation", "kind")
"""Parts of a scenario's document that move no number."""


class Setting(TypedDict):
    """A setting that is not the same in two scenarios; None where one of them has none."""

    setting: str
    base: SettingValue
    other: SettingValue


def settings_that_differ(base: Mapping[str, Any], other: Mapping[str, Any]) -> list[Setting]:
    """Return each setting that is not the same on both sides, by its dotted path.

    A member seated on one side only is one entry, not one for each of its preferences.
    """
    mine, its = dict(_flat(base)), dict(_flat(other))
    if not any(side["tabling"]["rollover_below"] for side in (base, other)):
        # The text of a rollover that nobody would fall back on is no difference.
        for side in (mine, its):
            for path in [path for path in side if path.startswith("tabling.rollover.")]:
                del side[path]
    seats = set(base["members"]) ^ set(other["members"])
    differ: list[Setting] = [
        {"setting": path, "base": mine.get(path), "other": its.get(path)}
        for path in dict.fromkeys([*mine, *its])
        if mine.get(path) != its.get(path) and not _is_of(path, seats)
    ]
    return [
        *differ,
        *(
            Setting(
                setting=f"members.{code}",
                base="seated" if code in base["members"] else "not seated",
                other="seated" if code in other["members"] else "not seated",
            )
            for code in sorted(seats)
        ),
    ]


def _is_of(path: str, codes: set[str]) -> bool:
    """Return whether a setting is of the council as a whole or of one of these members."""
    section, _, rest = path.partition(".")
    return section == "council" or (section == "members" and rest.partition(".")[0] in codes)


def _flat(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield (dotted path, value) of everything that is a setting."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            if key != "evidence" and not (not path and key in NOT_SETTINGS):
                yield from _flat(item, f"{path}.{key}" if path else key)
    else:
        yield path, value
