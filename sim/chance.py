"""Where randomness is born: named streams over fixed blocks of worlds.

A stream is keyed by what it is for, whose it is and which block of worlds it serves, and by
nothing else. So changing one member's preferences leaves every other draw bit for bit the same,
and world 17 is world 17 in every scenario: that is what makes a comparison of two scenarios a
paired one. The block's size belongs to the stream format and is no setting: results do not depend
on the number of workers, on their order or on memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

STREAM_FORMAT = 1
"""Changes whenever the same input would no longer draw the same worlds."""

BLOCK = 4096
"""Worlds that share a stream. Part of the stream format."""

STRETCH = 4 * BLOCK
"""Worlds that a model simulates side by side, at most: so many that each operation on them is long
beside what a thread waits for its turn, and that they still find room in a processor's cache."""

MAX_WORLDS = 100_000_000

WorldArray = NDArray[np.float32]
"""An array whose last axis is worlds. Single precision: a draw is no more exact than that."""


@dataclass(frozen=True)
class Stretch:
    """The chance of worlds side by side, from the first world of a block onwards.

    Args:
        random_seed: the run's seed, 0 to 2**64 - 1.
        block: which block of the run they begin with, from 0.
        n_worlds: how many, 1 to `STRETCH`; the first ones are the same whatever this number is.
    """

    random_seed: int
    block: int
    n_worlds: int

    @property
    def first(self) -> int:
        """The number of the first world in the run."""
        return self.block * BLOCK

    def normals(self, purpose: str, owner: str) -> WorldArray:
        """Return standard normal draws, shape (W,), of the named streams."""
        return self._filled(np.random.Generator.standard_normal, purpose, owner)

    def uniforms(self, purpose: str, owner: str) -> WorldArray:
        """Return draws from [0, 1), shape (W,), of the named streams.

        A name serves either normals or uniforms: both would be made of the same bits.
        """
        return self._filled(np.random.Generator.random, purpose, owner)

    def _filled(self, draw: Callable[..., object], purpose: str, owner: str) -> WorldArray:
        """Return (W,) draws, those of each block from its own stream."""
        firsts = range(0, self.n_worlds, BLOCK)
        key = _key(purpose, owner)
        # All streams before the first draw: making one holds the interpreter, drawing does not.
        streams = [_stream(self.random_seed, key, self.block + k) for k in range(len(firsts))]
        draws = np.empty(self.n_worlds, dtype=np.float32)
        for stream, first in zip(streams, firsts, strict=True):
            draw(stream, dtype=np.float32, out=draws[first : first + BLOCK])
        return draws


def stretches(random_seed: int, worlds: int) -> Iterator[Stretch]:
    """Yield the stretches that make up `worlds` worlds; only the last may be shorter."""
    for first in range(0, worlds, STRETCH):
        yield Stretch(random_seed, first // BLOCK, min(STRETCH, worlds - first))


def _stream(random_seed: int, key: int, block: int) -> np.random.Generator:
    """Return the generator of one named stream over one block of worlds."""
    sequence = np.random.SeedSequence(random_seed, spawn_key=(key, block))
    return np.random.Generator(np.random.SFC64(sequence))


@lru_cache(maxsize=4096)
def _key(purpose: str, owner: str) -> int:
    """Return a number of 64 bits for the name of a stream, the same in every process."""
    return int.from_bytes(blake2b(f"{purpose}\0{owner}".encode(), digest_size=8).digest(), "big")
