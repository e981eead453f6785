"""Which settings differ between two scenarios."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

NOT_SETTINGS = ("title", "question", "note", "sources", "observed", "negotiation", "kind")
"""Parts of a scenario's document that move no number."""


def settings_that_differ(base: Mapping[str, Any], other: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return each setting that is not the same on both sides, by its dotted path.

    A member seated on one side only is one entry, not one for each of its preferences.
    """
    mine, its = dict(_flat(base)), dict(_flat(other))
    if not any(side["tabling"]["rollover_below"] for side in (base, other)):
        mine, its = (_without_rollover(side) for side in (mine, its))
    seats = set(base["members"]) ^ set(other["members"])
    differ = [
        {"setting": path, "base": mine.get(path), "other": its.get(path)}
        for path in dict.fromkeys([*mine, *its])
        if mine.get(path) != its.get(path) and not _is_of(path, seats)
    ]
    return [
        *differ,
        *(
            {
                "setting": f"members.{code}",
                "base": "seated" if code in base["members"] else "not seated",
                "other": "seated" if code in other["members"] else "not seated",
            }
            for code in sorted(seats)
        ),
    ]


def _without_rollover(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings less the text of a rollover that nobody would fall back on."""
    return {k: v for k, v in settings.items() if not k.startswith("tabling.rollover.")}


def _is_of(path: str, codes: set[str]) -> bool:
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
