"""Where randomness is born: named streams over fixed blocks of worlds.

A stream is keyed by what it is for, whose it is and which block of worlds it serves, and by
nothing else. So changing one member's preferences leaves every other draw bit for bit the same,
and world 17 is world 17 in every scenario: that is what makes a comparison of two scenarios a
paired one. The block's size belongs to the stream format and is no setting: results do not depend
on the number of workers, on their order or on memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

STREAM_FORMAT = 1
"""Changes whenever the same input would no longer draw the same worlds."""

BLOCK = 4096
"""Worlds in one block: as many as keep a round's arrays in a processor's cache."""

MAX_WORLDS = 100_000_000

WorldArray = NDArray[np.float32]
"""An array whose last axis is worlds. Single precision: a draw is no more exact than that."""


@dataclass(frozen=True)
class Block:
    """The chance of one block of worlds: worlds `index * BLOCK` up to `+ n_worlds`.

    Args:
        random_seed: the run's seed, 0 to 2**64 - 1.
        index: which block, from 0.
        n_worlds: how many of the block's worlds are wanted, 1 to `BLOCK`; the first ones are the
            same whatever this number is.
    """

    random_seed: int
    index: int
    n_worlds: int

    @property
    def first(self) -> int:
        """The number of the block's first world in the run."""
        return self.index * BLOCK

    def normals(self, purpose: str, owner: str) -> WorldArray:
        """Return standard normal draws, shape (W,), of the named stream."""
        return self._stream(purpose, owner).standard_normal(self.n_worlds, dtype=np.float32)

    def uniforms(self, purpose: str, owner: str) -> WorldArray:
        """Return draws from [0, 1), shape (W,), of the named stream.

        A name serves either normals or uniforms: both would be made of the same bits.
        """
        return self._stream(purpose, owner).random(self.n_worlds, dtype=np.float32)

    def _stream(self, purpose: str, owner: str) -> np.random.Generator:
        key = np.random.SeedSequence(self.random_seed, spawn_key=(_key(purpose, owner), self.index))
        return np.random.Generator(np.random.SFC64(key))


def blocks(random_seed: int, worlds: int) -> Iterator[Block]:
    """Yield the blocks that make up `worlds` worlds; only the last may be a part of one."""
    for index, first in enumerate(range(0, worlds, BLOCK)):
        yield Block(random_seed, index, min(BLOCK, worlds - first))


@lru_cache(maxsize=4096)
def _key(purpose: str, owner: str) -> int:
    """Return a number of 64 bits for the name of a stream, the same in every process."""
    return int.from_bytes(blake2b(f"{purpose}\0{owner}".encode(), digest_size=8).digest(), "big")
