"""How members choose: one behaviour per file, and YAML names them by the names of their files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from sim.arguments import check_kind
from sim.behaviours.behaviour import Behaviour, Floor, Seats
from sim.behaviours.quantal_response import QuantalResponse
from sim.errors import UnscError, did_you_mean, listed

__all__ = [
    "DEFAULT",
    "Behaviour",
    "Floor",
    "QuantalResponse",
    "Seats",
    "behaviours",
    "misled",
    "with_given",
]


DEFAULT: Behaviour = QuantalResponse()
"""How members choose whose file does not say."""


@cache
def behaviours() -> Mapping[str, type[Behaviour]]:
    """Return the behaviours of this folder by the names that YAML gives them, those of their files.

    A file added to the folder is a behaviour added: nothing else names it.
    """
    found = {}
    for name in sorted(info.name for info in iter_modules(__path__)):
        module = import_module(f"{__name__}.{name}")
        kind = getattr(module, name.title().replace("_", ""), Behaviour)
        if kind is not Behaviour:
            found[name] = kind
    return found


def with_given(
    codes: Sequence[str], own: Sequence[Behaviour], given: Mapping[str, Behaviour]
) -> tuple[Behaviour, ...]:
    """Return each member's behaviour, (M,): the one that is given for it, else its own.

    Args:
        codes: of the M members.
        own: (M,).
        given: by code.

    Raises:
        UnscError: a code without a seat, what is no behaviour, or a leader that cannot be followed.
    """
    check_kind("behaviours", given, Mapping, "behaviours by code, as {'CHN': Sincere()}")
    for code, behaviour in given.items():
        if code not in codes:
            near = did_you_mean(code, codes)
            raise UnscError(
                f"behaviours: '{code}'; expected one of {listed(codes)}. {near}".rstrip()
            )
        if not isinstance(behaviour, Behaviour):
            found = f"behaviours: {code}: {behaviour!r}"
            raise UnscError(f"{found}; expected an instance of sim.behaviours.Behaviour.")
    chosen = [given.get(code, behaviour) for code, behaviour in zip(codes, own, strict=True)]
    for _, found, allowed in misled(codes, chosen):
        raise UnscError(f"behaviours: {found}; expected {allowed}.")
    return tuple(chosen)


def misled(codes: Sequence[str], chosen: Sequence[Behaviour]) -> Iterator[tuple[str, str, str]]:
    """Yield each member that cannot follow as it says: code, what is wrong, what is allowed."""
    leaders = {code: behaviour.leader for code, behaviour in zip(codes, chosen, strict=True)}
    for code, leader in leaders.items():
        if leader is not None and leader not in codes:
            yield code, f"{code} follows '{leader}', who has no seat", f"one of {listed(codes, 40)}"
            continue
        chain = [code]
        while leader is not None and leader in codes and leader not in chain:
            chain.append(leader)
            leader = leaders[leader]
        if leader == code:
            found = f"{code} follows itself in the end ({' > '.join([*chain, code])})"
            yield code, found, "a member that does not follow this one"
