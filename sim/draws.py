"""What varies together: joint draws of all that was fitted, kept beside a file of preferences.

A fit knows much about what members want, but mostly about sums: a member's consensus and its
costs are each known roughly, and together well. The file of preferences holds each number's own
mean and spread; these draws say how they vary together.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Floats, WorldArray
from sim.chance import Block
from sim.preferences import Estimate
from sim.roster import Member
from sim.traits import TRAITS, Level, trait_and_name

STEPS = 127
"""Steps on either side of 0 in which a number is kept, up to its furthest draw."""


class Parameter(NamedTuple):
    """One unknown of the fit: what one level adds to one trait.

    Args:
        kind: the trait, as `ties`; `coefficients.habit` for the weight of a kind of memory; `shock`
            for what all members feel at one vote.
        name: of what: a provision, a State, an instrument; empty for costs.
        level: whose: everybody's, a regional group's, a member's, or one vote's.
        who: the group or the member, with `@` and the day for a dated value; the vote's number.
    """

    kind: str
    name: str
    level: Level
    who: str


def at_levels(trait: str, name: str, member: Member) -> Iterator[Parameter]:
    """Yield the unknowns whose sum is what a member's trait differs from its prior mean by."""
    who: dict[Level, str] = {"default": "", "member": member.code}
    if member.permanent:
        who["permanent"] = member.code
    else:
        who["group"] = member.state.regional_group
    for level in TRAITS[trait].levels(name):
        if level in who:
            yield Parameter(trait, name, level, who[level])


class Joint(NamedTuple):
    """How a member's number varies with all others, in units of its own spread.

    Args:
        common: (n,), by draw; mean 0.
        own: the share that varies by itself, as a standard deviation.
    """

    common: WorldArray
    own: np.float32


@dataclass(frozen=True, eq=False)
class Draws:
    """n joint draws of p unknowns, each less its mean.

    Args:
        parameters: the unknowns.
        steps: (p, n), whole numbers from -`STEPS` to `STEPS`.
        scale: (p,), what a step is worth.
        content: the same as a file holds it.
    """

    parameters: tuple[Parameter, ...]
    steps: NDArray[np.int8]
    scale: WorldArray
    content: bytes
    _joint: dict[tuple[str, Member], Joint | None] = field(default_factory=dict)

    @classmethod
    def of(cls, parameters: Sequence[Parameter], drawn: Floats) -> Draws:
        """Return draws in steps, from draws of unknowns, (p, n)."""
        less = drawn - drawn.mean(axis=1, keepdims=True)
        scale = np.maximum(np.abs(less).max(axis=1), 1e-12) / STEPS
        head = {
            "draws": drawn.shape[1],
            "parameters": [list(x) for x in parameters],
            "scale": [float(f"{x:.6g}") for x in scale],
        }
        steps = np.rint(less / scale[:, None]).astype(np.int8)
        named = json.dumps(head, separators=(",", ":")).encode()
        return cls.from_bytes(named + b"\n" + steps.tobytes())

    @classmethod
    def from_bytes(cls, content: bytes) -> Draws:
        """Return the draws that a file holds: a line of JSON that names them, then the steps.

        Raises:
            ValueError, KeyError, TypeError: it holds no such thing.
        """
        head, _, body = content.partition(b"\n")
        said = json.loads(head)
        parameters = tuple(Parameter(*map(str, x)) for x in said["parameters"])  # type: ignore[arg-type]
        scale = np.array(said["scale"], dtype=np.float32)
        steps = np.frombuffer(body, dtype=np.int8).reshape(len(parameters), int(said["draws"]))
        if scale.shape != (len(parameters),):
            raise ValueError("as many scales as parameters")
        return cls(parameters, steps, scale, content)

    @cached_property
    def sha256(self) -> str:
        """The hash of the file."""
        return sha256(self.content).hexdigest()

    @property
    def n(self) -> int:
        """The number of draws."""
        return self.steps.shape[1]

    @cached_property
    def index(self) -> Mapping[Parameter, int]:
        """The number of each unknown."""
        return {parameter: k for k, parameter in enumerate(self.parameters)}

    def deviations(self, parameter: Parameter) -> WorldArray | None:
        """Return how an unknown deviates from its mean, (n,), or None where it was not fitted."""
        k = self.index.get(parameter)
        return None if k is None else self.steps[k] * self.scale[k]

    def joint(self, setting: str, member: Member) -> Joint | None:
        """Return how a member's number varies with the others, or None where nothing is known."""
        if (setting, member) not in self._joint:
            self._joint[setting, member] = self._found(setting, member)
        return self._joint[setting, member]

    def _found(self, setting: str, member: Member) -> Joint | None:
        trait, name = trait_and_name(setting)
        common, unmet = np.zeros(self.n, dtype=np.float32), 0.0
        for parameter in at_levels(trait.name, name, member):
            deviations = self.deviations(parameter)
            if deviations is None:
                unmet += trait.levels(name)[parameter.level] ** 2
            else:
                common += deviations
        variance = float(common.var())
        if not variance:
            return None
        spread = (variance + unmet) ** 0.5
        return Joint((common - common.mean()) / np.float32(spread), np.float32(unmet**0.5 / spread))

    def sum_of(self, kind: str, factors: Mapping[str, float]) -> WorldArray:
        """Return how a sum of unknowns that belong to no member deviates from its mean, (n,).

        Args:
            kind: of the unknowns.
            factors: what each counts, by name.
        """
        total = np.zeros(self.n, dtype=np.float32)
        for name, factor in factors.items():
            deviations = self.deviations(Parameter(kind, name, "default", ""))
            if deviations is not None:
                total += np.float32(factor) * deviations
        return total

    def of_worlds(self, chance: Block) -> NDArray[np.intp]:
        """Return the number of the draw that each world has, (W,)."""
        numbers = (chance.uniforms("draws", "council") * np.float32(self.n)).astype(np.intp)
        return np.minimum(numbers, self.n - 1)


def drawn(
    estimates: Mapping[str, Estimate],
    chance: Block,
    member: Member,
    draws: Draws | None = None,
    of_worlds: NDArray[np.intp] | None = None,
) -> WorldArray:
    """Return one value per world of each estimate, shape (K, W), within the bounds of its trait.

    Args:
        estimates: K of them by setting: `ideal.scrutiny`, `voice`.
        chance: the worlds.
        member: whose estimates they are.
        draws: how what was fitted varies together; each number by itself where they say nothing.
        of_worlds: (W,), the draw of each world.
    """
    values = np.empty((len(estimates), chance.n_worlds), dtype=np.float32)
    for row, (setting, estimate) in zip(values, estimates.items(), strict=True):
        joint = draws.joint(setting, member) if draws and estimate.spread else None
        if joint and of_worlds is not None:
            np.take(joint.common, of_worlds, out=row)
            if joint.own:
                row += joint.own * chance.normals(setting, member.code)
        elif estimate.spread:
            chance.normals(setting, member.code, out=row)
        else:
            row.fill(0)
    traits = [trait_and_name(setting)[0] for setting in estimates]
    numbers = [
        (e.mean, e.spread, trait.low, trait.high)
        for e, trait in zip(estimates.values(), traits, strict=True)
    ]
    means, spreads, lows, highs = np.array(numbers, dtype=np.float32).reshape(-1, 4).T[..., None]
    values *= spreads
    values += means
    return np.clip(values, lows, highs, out=values)
