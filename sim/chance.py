"""Where randomness is born: named streams over fixed blocks of worlds.

A stream is keyed by what it is for, whose it is and which block of worlds it serves, and by
nothing else. So changing one member's preferences leaves every other draw bit for bit the same,
and world 17 is world 17 in every scenario: that is what makes a comparison of two scenarios a
paired one. A block's length belongs to the stream format and is no setting: results do not depend
on the number of workers, on their order or on memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.random.bit_generator import ISeedSequence
from numpy.typing import DTypeLike, NDArray

from sim.arrays import WorldArray

STREAM_FORMAT = 4
"""Changes whenever the same input would no longer draw the same worlds, or would no longer come to
the same numbers in them, to the last digit."""

BLOCK = 24_576
"""Worlds that share a stream, and that a model simulates side by side at most: so many that each
operation on them is long beside what a thread waits for its turn, and that they still find room in
a processor's cache. Part of the stream format."""

MAX_WORLDS = 100_000_000
MAX_SEED = 2**64 - 1


@dataclass(frozen=True)
class Block:
    """The chance of worlds side by side.

    Args:
        random_seed: the run's seed, 0 to 2**64 - 1.
        number: which block of the run's worlds it is, from 0.
        n_worlds: how many, 1 to `BLOCK`; the first ones are the same whatever this number is.
    """

    random_seed: int
    number: int
    n_worlds: int

    @property
    def first(self) -> int:
        """The number of the first world in the run."""
        return self.number * BLOCK

    def normals(self, purpose: str, owner: str, out: WorldArray | None = None) -> WorldArray:
        """Return standard normal draws, shape (W,), of the named stream.

        Args:
            purpose: what they are for.
            owner: whose they are.
            out: where to write them, (W,) and contiguous; a new array if None.
        """
        draws = self._room(out)
        self._stream(purpose, owner).standard_normal(dtype=np.float32, out=draws)
        return draws

    def uniforms(self, purpose: str, owner: str, out: WorldArray | None = None) -> WorldArray:
        """Return draws from [0, 1), shape (W,), of the named stream; arguments as for normals.

        A name serves either normals or uniforms: both would be made of the same bits.
        """
        draws = self._room(out)
        self._stream(purpose, owner).random(dtype=np.float32, out=draws)
        return draws

    def _room(self, out: WorldArray | None) -> WorldArray:
        return np.empty(self.n_worlds, dtype=np.float32) if out is None else out

    def _stream(self, purpose: str, owner: str) -> np.random.Generator:
        name = f"{self.random_seed}\0{self.number}\0{purpose}\0{owner}"
        source: Any = _Name(name)  # numpy takes any source of states, its types do not say so
        return np.random.Generator(np.random.SFC64(source))


class _Name(ISeedSequence):
    """The name of a stream as the source of its generator's first state.

    A cryptographic hash does what numpy's `SeedSequence` is for, in an eighth of the time: names
    that differ anywhere give states that have nothing to do with each other.
    """

    def __init__(self, name: str) -> None:
        self._name = name.encode()

    def generate_state(self, n_words: int, _dtype: DTypeLike = np.uint64) -> NDArray[np.uint64]:
        """Return so many words of 64 bits, 8 at most, the same on every machine."""
        digest = blake2b(self._name, digest_size=8 * n_words).digest()
        return np.frombuffer(digest, "<u8").astype(np.uint64, copy=False)


def blocks(random_seed: int, worlds: int) -> Iterator[Block]:
    """Yield the blocks that make up `worlds` worlds; only the last may be shorter."""
    for number, first in enumerate(range(0, worlds, BLOCK)):
        yield Block(random_seed, number, min(BLOCK, worlds - first))
