"""Parts of the simulator that can be switched off, to see how much its forecasts rest on each.

Nothing is fitted anew without the part: what else could have taken its place does not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Preferences = Mapping[str, Any]
"""As a file would hold them."""


def without_habit(preferences: Preferences) -> dict[str, Any]:
    """Return the preferences of members that do not mind how they voted before."""
    return _for_all(preferences, "habit", 0)


def without_beliefs(preferences: Preferences) -> dict[str, Any]:
    """Return the preferences of members that vote by their gain, whatever the others do."""
    return _for_all(preferences, "behaviour", "sincere")


def without_sides(preferences: Preferences) -> dict[str, Any]:
    """Return the preferences of members to whom adoption is worth the same whoever asks."""
    return _for_all(preferences, "sides", {})


def without_coupling(preferences: Preferences) -> dict[str, Any]:
    """Return the preferences of members that heed no caucus."""
    weights = dict.fromkeys(preferences["defaults"].get("caucuses", {}), 0)
    return _for_all(preferences, "caucuses", weights)


ABLATIONS: Mapping[str, Callable[[Preferences], dict[str, Any]]] = {
    "habit": without_habit,
    "beliefs": without_beliefs,
    "sides": without_sides,
    "coupling": without_coupling,
}
"""What can be left out, by its name."""


def _for_all(preferences: Preferences, key: str, value: object) -> dict[str, Any]:
    """Return preferences in which everybody has this value, and no group or member another."""
    layers = {
        layer: {
            who: {name: given for name, given in own.items() if name != key}
            for who, own in preferences[layer].items()
        }
        for layer in ("groups", "members")
    }
    return {**preferences, **layers, "defaults": {**preferences["defaults"], key: value}}
