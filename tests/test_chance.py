"""Named streams: what a draw depends on, and what it does not."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.chance import BLOCK, STREAM_FORMAT, Block, blocks
from sim.paths import SEEDS

PURPOSES = ("ideal.scrutiny", "ideal.term", "vote", "own_shock")
OWNERS = ("RUS", "CHN", "USA", "council")


@given(st.integers(0, 2**64 - 1), st.integers(0, 30_000), st.sampled_from(PURPOSES))
def test_same_name_same_draws(random_seed: int, index: int, purpose: str) -> None:
    """A stream asked for twice, in whatever order, draws the same numbers."""
    chance = Block(random_seed, index, 50)
    first = chance.normals(purpose, "RUS")
    chance.normals("vote", "CHN")
    np.testing.assert_array_equal(Block(random_seed, index, 50).normals(purpose, "RUS"), first)


@pytest.mark.parametrize(
    ("chance", "purpose", "owner"),
    [
        (Block(1, 0, 50), "ideal.term", "RUS"),
        (Block(1, 0, 50), "ideal.scrutiny", "CHN"),
        (Block(1, 1, 50), "ideal.scrutiny", "RUS"),
        (Block(2, 0, 50), "ideal.scrutiny", "RUS"),
        (Block(1 + 2**32, 0, 50), "ideal.scrutiny", "RUS"),
        (Block(1, 0, 50), "ideal.scrutinyR", "US"),
    ],
)
def test_another_name_other_draws(chance: Block, purpose: str, owner: str) -> None:
    """Another purpose, owner, block or seed has no draw in common with the stream."""
    stream = Block(1, 0, 50).normals("ideal.scrutiny", "RUS")
    assert not np.isin(chance.normals(purpose, owner), stream).any()


@given(st.integers(1, BLOCK), st.booleans())
def test_first_worlds_are_the_same(n_worlds: int, normal: bool) -> None:
    """The first worlds of a block are those of the whole, however many are wanted."""
    draw = Block.normals if normal else Block.uniforms
    part, whole = (draw(Block(7, 3, n), "vote", "RUS") for n in (n_worlds, BLOCK))
    assert part.dtype == np.float32
    np.testing.assert_array_equal(part, whole[:n_worlds])


@given(st.integers(1, BLOCK), st.booleans())
def test_draws_are_put_where_they_are_wanted(n_worlds: int, normal: bool) -> None:
    """Draws written into an array are those that are returned, and nothing beside it is touched."""
    draw = Block.normals if normal else Block.uniforms
    room = np.full((3, n_worlds), 9, dtype=np.float32)
    draw(Block(7, 3, n_worlds), "vote", "RUS", out=room[1])
    np.testing.assert_array_equal(room[1], draw(Block(7, 3, n_worlds), "vote", "RUS"))
    np.testing.assert_array_equal(room[[0, 2]], 9)


def test_known_draws() -> None:
    """What changes these numbers changes every published one: `STREAM_FORMAT` must say so."""
    assert STREAM_FORMAT == 4
    chance = Block(1, 2, 3)
    np.testing.assert_array_equal(
        chance.normals("vote", "RUS"), np.float32([0.38078392, 0.210428, 0.7007311])
    )
    np.testing.assert_array_equal(
        chance.uniforms("vote", "RUS"), np.float32([0.32576823, 0.094138026, 0.6621312])
    )


@given(st.integers(1, 5 * BLOCK))
def test_blocks_make_up_the_worlds(worlds: int) -> None:
    """Each block begins where the one before it ends; together they hold all worlds."""
    made = list(blocks(5, worlds))
    ends = np.cumsum([s.n_worlds for s in made]).tolist()
    assert [s.first for s in made] == [0, *ends[:-1]]
    assert ends[-1] == worlds


def test_streams_are_independent() -> None:
    """No two streams, of one block or of two, correlate by more than 5 standard errors."""
    names = list(product((0, 1), PURPOSES, OWNERS))
    draws = np.stack([Block(3, number, BLOCK).normals(*name) for number, *name in names])
    correlation = np.corrcoef(draws)
    np.fill_diagonal(correlation, 0)
    assert np.abs(correlation).max() < 5 / np.sqrt(BLOCK)


def test_draws_have_their_distribution() -> None:
    """Normals have mean 0 and variance 1, uniforms lie in [0, 1) with mean 1/2, within 5 SE."""
    normals = np.concatenate([b.normals("vote", "RUS") for b in blocks(9, 4 * BLOCK)])
    uniforms = np.concatenate([b.uniforms("vote", "CHN") for b in blocks(9, 4 * BLOCK)])
    error = 5 / np.sqrt(len(normals))
    assert abs(normals.mean(dtype=float)) < error
    assert abs(normals.var(dtype=float) - 1) < error * np.sqrt(2)
    assert abs(uniforms.mean(dtype=float) - 0.5) < error / np.sqrt(12)
    assert 0 <= uniforms.min() < uniforms.max() < 1


def test_hash_seed_does_not_matter() -> None:
    """A process with another PYTHONHASHSEED draws the same numbers."""
    program = "from sim.chance import Block; print(Block(1, 2, 9).normals('vote', 'RUS').tolist())"
    printed = {_output_of(program, hash_seed) for hash_seed in "012"}
    assert printed == {f"{Block(1, 2, 9).normals('vote', 'RUS').tolist()}\n"}


def _output_of(program: str, hash_seed: str) -> str:
    environment = os.environ | {"PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(SEEDS.parent)}
    command = [sys.executable, "-c", program]
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, check=True
    ).stdout
