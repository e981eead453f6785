"""A study's plan: what it varies, over which scenarios, and the points that come of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from sim.chance import STREAM_FORMAT
from sim.facts.study import Value
from sim.scenario import Scenario, load_scenario
from sim.scenario.scenario import canonical_json
from sim.scenario.settings import as_texts
from sim.studies.form import StudyFile
from sim.studies.sample import Product
from sim.version import __version__

STUDY_FORMAT = 1
"""Changes whenever a point's file holds something else."""
NAMES_A_FILE = ("preferences", "draws")
"""Settings whose value is a file, which decides in the value's place."""


class Varied(NamedTuple):
    """Settings that vary together: their names, and rows of values.

    Args:
        place: the keys of the file that say so, as ("vary", "zip").
        settings: (d,) dotted paths.
        rows: each of d values.
        is_spread: whether values stand for what spreads say, so that no spread is left.
    """

    place: tuple[str, ...]
    settings: tuple[str, ...]
    rows: Sequence[tuple[Any, ...]]
    is_spread: bool = False


class Point(NamedTuple):
    """One run of a study: a base, a random seed, and a value of each setting that varies."""

    number: int
    base: str
    random_seed: int
    values: tuple[Any, ...]


@dataclass(frozen=True)
class Plan:
    """What a study is to run, sound as a whole.

    Args:
        name: what to call it.
        form: the filled form of its file.
        document: what the file holds, to be kept beside the results.
        folder: the folder that names of files in it are relative to.
        bases: names of scenarios, or of mandates with their day.
        varied: what varies; every combination is a point.
    """

    name: str
    form: StudyFile
    document: Mapping[str, Any]
    folder: Path
    bases: tuple[str, ...]
    varied: tuple[Varied, ...]
    _loaded: dict[str, Scenario] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def settings(self) -> tuple[str, ...]:
        """The dotted paths of all that varies, in the order of the file."""
        return tuple(name for each in self.varied for name in each.settings)

    @cached_property
    def spreads(self) -> frozenset[str]:
        """Settings whose values stand for their spread."""
        return frozenset(name for each in self.varied if each.is_spread for name in each.settings)

    @cached_property
    def _rows(self) -> Product:
        bases = [(base,) for base in self.bases]
        seeds = [(seed,) for seed in self.form.random_seeds]
        return Product([bases, seeds, *(each.rows for each in self.varied)])

    def __len__(self) -> int:
        """Return the number of points."""
        return len(self._rows)

    def __getitem__(self, k: int) -> Point:
        """Return a point by its number less one."""
        base, random_seed, *values = self._rows[k]
        return Point(k + 1, base, random_seed, tuple(values))

    def points(self, shard: tuple[int, int] = (1, 1)) -> Iterator[Point]:
        """Yield the points, of a shard `(3, 10)` the third tenth, each tenth of equal cost."""
        yield from (self[k] for k in range(shard[0] - 1, len(self), shard[1]))

    def base(self, name: str) -> Scenario:
        """Return a base with the plan's settings laid over it.

        Raises:
            UnscError: there is none, or it is not sound.
        """
        if name not in self._loaded:
            beside = self.folder / name
            found = str(beside) if beside.is_file() else name
            self._loaded[name] = load_scenario(found, self.form.settings)
        return self._loaded[name]

    def laid_over(self, point: Point) -> tuple[str, ...]:
        """Return what a point lays over its base, in one order however the file names it."""
        named = zip(self.settings, point.values, strict=True)
        return as_texts(dict(sorted((name, self._value(name, value)) for name, value in named)))

    def _value(self, name: str, value: Any) -> Any:
        return {"mean": value, "spread": 0} if name in self.spreads else value

    def scenario(self, point: Point) -> Scenario:
        """Return the scenario of a point.

        Raises:
            InvalidInput: the settings are not sound together.
        """
        base, texts = self.base(point.base), self.laid_over(point)
        return base.with_settings(texts) if texts else base

    def key(self, point: Point) -> str:
        """Return the hash of everything that determines a point's result."""
        texts = self.laid_over(point)
        files = [self._digest(point.base, text) for text in texts if text.startswith(NAMES_A_FILE)]
        decides = (
            STUDY_FORMAT, STREAM_FORMAT, __version__, self._digest(point.base), self.form.worlds,
            point.random_seed, sorted(self.form.keep), texts, files,
        )  # fmt: skip
        return sha256(canonical_json(decides).encode()).hexdigest()

    def _digest(self, base: str, text: str = "") -> str:
        """Return the hash of what a base's variants are made of, with a file that a setting names.

        It is kept: a plan's points share it.
        """
        if (base, text) not in self._digests:
            loaded = self.base(base)
            origin = (loaded.with_settings(text) if text else loaded).origin
            assert origin is not None  # noqa: S101  it was read
            self._digests[base, text] = origin.digest
        return self._digests[base, text]

    @cached_property
    def _digests(self) -> dict[tuple[str, str], str]:
        return {}

    def columns(self, point: Point) -> dict[str, Value]:
        """Return a point's settings as the table has them."""
        named: dict[str, Value] = {}
        if len(self.bases) > 1:
            named["base"] = point.base
        if len(self.form.random_seeds) > 1:
            named["random_seed"] = point.random_seed
        values = zip(self.settings, point.values, strict=True)
        return named | {name: as_cell(value) for name, value in values}


def as_cell(value: Any) -> Value:
    """Return a value as a cell of a table: what is no scalar as it is written after `--set`."""
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return as_texts({"value": value})[0].removeprefix("value=")
