"""Reading a study's plan: sound as a whole, or all its faults at once, before anything runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from sim.catalogue import mandate_of, mandates
from sim.errors import Fault, InvalidInput, NotFound, Place, UnscError
from sim.paths import SCENARIOS
from sim.reading.csv_table import read_table
from sim.reading.faults import check_form
from sim.reading.messages import Steps, quoted
from sim.reading.node import Node
from sim.reading.yaml12 import parse, read
from sim.scenario import Scenario
from sim.studies.form import MOST_POINTS, SampleForm, StudyFile, ValuesForm, VaryForm
from sim.studies.plan import Plan, Varied, as_cell
from sim.studies.sample import (
    Spread,
    as_written,
    between,
    over_spreads,
    steps,
    tied,
    unit_cube,
)
from sim.traits import trait_and_name

MOST_TRIED = 60
"""Rows of values that are tried one by one before anything runs; of more, those at the ends."""


def read_plan(
    source: str | Path | Mapping[str, Any], folder: Path | None = None, *, is_tried: bool = False
) -> Plan:
    """Return the plan of a study, from its file or from what the file would hold.

    Args:
        source: a path, the name of a shipped study, or a mapping.
        folder: what names of files in it are relative to; the folder of the file, or where the
            program runs.
        is_tried: whether its values are known to be sound, and need not be tried.

    Raises:
        InvalidInput: with all its faults, each with file and line.
        NotFound: there is no such file.
    """
    if isinstance(source, Mapping):
        node, name = Node.of(source, Place("study")), str(source.get("title") or "study")
        return _Reading(node, name, folder or Path()).plan(is_tried)
    path = Path(source)
    if not path.is_file() and (SCENARIOS / "studies" / f"{source}.yaml").is_file():
        path, folder = SCENARIOS / "studies" / f"{source}.yaml", folder or Path()
    if not path.is_file():
        raise NotFound(f"{path}: no such file; expected a study's file. To begin: unsc new --study "
                       f"{path}")  # fmt: skip
    return _Reading(read(path), path.stem, folder or path.absolute().parent).plan(is_tried)


class _Reading:
    """A plan while it is read: what it holds, and what is wrong with it so far."""

    def __init__(self, node: Node, name: str, folder: Path) -> None:
        self.node, self.name, self.folder = node, name, folder
        filled = check_form(StudyFile, node)
        self.form, self.faults = filled.form, list(filled.faults)
        self.row_places: list[Place] = []
        """Where each row of the table is."""

    def plan(self, is_tried: bool) -> Plan:
        self.stop_if_faulty()
        for key in ("random_seeds", "keep", "mandates", "days"):
            self.each_once((key,), getattr(self.form, key) or ())
        bases = self.bases()
        self.stop_if_faulty()
        plan = Plan(self.name, self.form, self.node.plain(), self.folder, bases, ())
        try:
            first = plan.base(bases[0])
        except InvalidInput as error:
            raise InvalidInput([*map(self.at_settings, error.faults)]) from None
        except UnscError as error:
            key = "base" if self.form.base else "mandates"
            raise InvalidInput([self.refused((key,), error)]) from None
        plan = Plan(self.name, self.form, plan.document, self.folder, bases,
                    tuple(self.varied(self.form.vary, first)), {bases[0]: first})  # fmt: skip
        self.check_settings(plan)
        self.stop_if_faulty()
        if len(plan) > MOST_POINTS:
            found = f"{len(plan):,} points"
            self.faults.append(self.fault(("vary",), found, f"expected at most {MOST_POINTS:,}"))
            self.stop_if_faulty()
        if not is_tried:
            self.try_rows(plan)
        self.stop_if_faulty()
        return plan

    def stop_if_faulty(self) -> None:
        if self.faults:
            raise InvalidInput(self.faults)

    def fault(self, path: Steps, found: str, allowed: str, advice: str = "") -> Fault:
        said = ".".join(step for step in path if isinstance(step, str))
        return Fault(self.node.place_of(path), said, found, allowed, advice)

    def refused(self, path: Steps, error: UnscError) -> Fault:
        """Return what is said of a name as a fault at the path."""
        found, _, rest = str(error).partition("; ")
        allowed, _, advice = rest.partition(". ")
        allowed = allowed.rstrip(".") or "expected a scenario or a mandate"
        return self.fault(path, found.rstrip("."), allowed, advice)

    def at_settings(self, fault: Fault) -> Fault:
        """Return a fault of the base's own settings at the place of these, others as they are."""
        if not fault.place.source.startswith("--set"):
            return fault
        name = next((n for n in self.form.settings if _meet(n, fault.path)), "")
        return fault._replace(place=self.node.place_of(("settings", name)))

    def bases(self) -> tuple[str, ...]:
        """Return the names of the scenarios that the plan is about."""
        form = self.form
        if (form.base is None) == (form.mandates is None):
            found = "both are given" if form.base else "neither is given"
            self.faults.append(self.fault(("mandates" if form.base else "base",), found,
                                          "expected a base or mandates, one of them"))  # fmt: skip
            return ()
        if form.base is not None:
            if form.days:
                allowed = "expected mandates with them; the day of a base: base: undof@2026-12-18"
                self.faults.append(self.fault(("days",), "days of one base", allowed))
            return (form.base,)
        bases = tuple(self._mandates_on_days(form.mandates or [], form.days or []))
        if not bases and not self.faults:
            allowed = "expected a day between the first vote on one and its end"
            self.faults.append(self.fault(("days",), "none of the mandates lived then", allowed))
        elif not self.faults and "all" not in (named := form.mandates or []):
            begun = {base.partition("@")[0] for base in bases}
            for k, name in enumerate(named):
                if mandate_of(name).mandate not in begun:
                    allowed = "expected one that did, or all for those that did"
                    found = f"{name} lived on none of the days"
                    self.faults.append(self.fault(("mandates", k), found, allowed))
        return bases

    def _mandates_on_days(self, names: list[str], days: list[date]) -> Iterator[str]:
        if "all" in names:
            names = [m.mandate for m in mandates().values() if days or m.expires_on]
        for k, name in enumerate(names):
            try:
                mandate = mandate_of(name)
            except NotFound as error:
                self.faults.append(self.refused(("mandates", k), error))
                continue
            lived = [d for d in days if mandate.first_date < d]
            lived = [d for d in lived if not mandate.ended_on or d <= mandate.ended_on]
            yield from (f"{mandate.mandate}@{day}" for day in lived)
            if not days:
                yield mandate.mandate

    def varied(self, vary: VaryForm, first: Scenario) -> Iterator[Varied]:
        """Yield what varies, in the order of the form."""
        for name, values in (vary.product or {}).items():
            rows = [(value,) for value in self.values(("vary", "product", name), values)]
            yield Varied(("vary", "product"), (name,), rows)
        if vary.zip:
            many = {n: self.values(("vary", "zip", n), v) for n, v in vary.zip.items()}
            if len({*map(len, many.values())}) > 1:
                found = ", ".join(f"{len(v)} of {n}" for n, v in many.items())
                self.faults.append(self.fault(("vary", "zip"), found, "expected as many of each"))
            else:
                yield Varied(("vary", "zip"), tuple(many), tied(many))
        for kind in ("latin_hypercube", "sobol"):
            if sample := getattr(vary, kind):
                yield from self.sampled(kind, sample, first)
        if vary.table:
            yield from self.tabled(vary.table)

    def values(self, path: tuple[str, ...], form: ValuesForm) -> list[Any]:
        """Return the values of one setting."""
        if form.values is not None:
            if form.begin is not None or form.end is not None or form.steps is not None:
                self.faults.append(self.fault(path, "both values and steps", "expected one"))
            values = [as_written(value) for value in form.values]
            self.each_once(path, values)
            return values
        if form.begin is None or form.end is None or form.steps is None:
            found = "from, to and steps are not all given"
            allowed = "expected {from: 0, to: 1, steps: 11} or a list of values"
            self.faults.append(self.fault(path, found, allowed))
            return [None]
        if form.begin >= form.end:
            self.upside_down(path, form.begin, form.end)
        return steps(form.begin, form.end, form.steps)

    def each_once(self, path: Steps, values: Iterable[Any]) -> None:
        """Note the first value of a list that is given twice."""
        spelled = Counter(str(as_cell(value)) for value in values)
        for text in [text for text, n in spelled.items() if n > 1][:1]:
            self.faults.append(self.fault(path, f"{text} twice", "expected each once"))

    def upside_down(self, path: tuple[str, ...], low: float, high: float) -> None:
        found = f"from {low:g} to {high:g}"
        self.faults.append(self.fault(path, found, "expected the lower number first"))

    def sampled(self, kind: str, form: SampleForm, first: Scenario) -> Iterator[Varied]:
        """Yield what is spread evenly between bounds or over spreads."""
        path = ("vary", kind)
        if kind == "sobol" and form.points & (form.points - 1):
            below = 2 ** (form.points.bit_length() - 1)
            near = below if form.points - below < below / 2 else 2 * below
            self.faults.append(self.fault((*path, "points"), f"found {form.points}",
                                          "expected a power of two", f"Write {near}."))  # fmt: skip
        if (form.between is None) == (form.spreads is None):
            found = "bounds and spreads" if form.between else "neither bounds nor spreads"
            self.faults.append(self.fault(path, found, "expected 'between' or 'spreads'"))
            return
        if form.between:
            for name, (low, high) in form.between.items():
                if low >= high:
                    self.upside_down((*path, "between", name), low, high)
            names, bounds = tuple(form.between), [(a, b) for a, b in form.between.values()]
        else:
            spreads = self.spreads(path, form, first)
            names = tuple(spreads)
        if self.faults or not names:
            return
        cube = unit_cube(kind, form.points, bool(form.spreads) + len(names), form.random_seed)
        rows = between(cube, bounds) if form.between else over_spreads(cube, [*spreads.values()])
        yield Varied(path, names, rows, is_spread=form.between is None)

    def spreads(
        self, path: tuple[str, ...], form: SampleForm, first: Scenario
    ) -> dict[str, Spread]:
        """Return how preferences vary, by the path of each."""
        if form.together and not first.draws:
            found = f"{first.name} has no joint draws"
            allowed = "expected preferences with 'draws', as calibrated, or together: false"
            self.faults.append(self.fault((*path, "together"), found, allowed))
            return {}
        draws = first.draws if form.together else None
        known = {}
        for member, counting in zip(first.council, first.counting, strict=True):
            for setting, estimate in counting.items():
                if estimate.spread:
                    trait = trait_and_name(setting)[0]
                    joint = draws.joint(setting, member) if draws else None
                    known[f"members.{member.code}.{setting}"] = Spread(
                        estimate.mean, estimate.spread, trait.low, trait.high, joint
                    )
        names = form.spreads or []
        self.each_once((*path, "spreads"), names)
        if names == ["all"]:
            return known
        allowed = f"expected a preference that varies, as {next(iter(known), 'none')}"
        for k, name in enumerate(names):
            if name not in known:
                found = f"{quoted(name)} has no spread"
                self.faults.append(self.fault((*path, "spreads", k), found, allowed))
        return {name: known[name] for name in names if name in known}

    def tabled(self, name: str) -> Iterator[Varied]:
        """Yield what a CSV file holds: a column per setting, a row per point."""
        try:
            table = read_table(self.folder / name, (), keep_case=True)  # they are settings
        except NotFound:
            found = f"there is no file {quoted(name, 400)}"
            self.faults.append(self.fault(("vary", "table"), found, "expected a CSV file"))
            return
        self.faults += [*table.of_header, *table.faults]
        self.row_places = [row.place for row in table.rows]
        rows = []
        for row in table.rows:
            cells = [self.cell(row.place, column, row.cells[column]) for column in table.columns]
            rows.append(tuple(cells))
        if not rows and not self.faults:
            self.faults.append(self.fault(("vary", "table"), "no rows", "expected one or more"))
        elif not self.faults:
            yield Varied(("vary", "table"), table.columns, rows)

    def cell(self, place: Place, column: str, text: str) -> Any:
        try:
            value = parse(f"value: {text}\n", place.source).plain()
        except InvalidInput:
            value = {}
        if not text.strip() or [*value] != ["value"]:
            found = f"found {quoted(text)}" if text.strip() else "an empty cell"
            self.faults.append(Fault(place, column, found, "expected a value"))
            return None
        return as_written(value["value"])

    def check_settings(self, plan: Plan) -> None:
        """Note settings that are given twice, or one inside another."""
        seen: list[str] = list(self.form.settings)
        for each in plan.varied:
            for name in each.settings:
                if other := next((s for s in seen if _meet(s, name)), None):
                    same = "is given twice" if other == name else f"is also set by {other}"
                    self.faults.append(
                        self.fault((*each.place, name), f"{name} {same}", "expected it once")
                    )
                seen.append(name)

    def try_rows(self, plan: Plan) -> None:
        """Make the scenarios of the values at the ends, so that what is not sound is found now.

        Each set of settings is tried with the first values of the others.
        """
        for k, each in enumerate(plan.varied):
            firsts = [other.rows[0] for other in plan.varied]
            for n in [0] if each.is_spread else _at_the_ends(each.rows):
                values = sum([*firsts[:k], each.rows[n], *firsts[k + 1 :]], ())
                try:
                    plan.scenario(plan[0]._replace(values=values))
                except InvalidInput as error:
                    told = {(fault.path, fault.found) for fault in self.faults}
                    new = [f for f in error.faults if (f.path, f.found) not in told]
                    self.faults += [self.at_varied(plan, each, n, fault) for fault in new]
            if self.faults:
                return

    def at_varied(self, plan: Plan, each: Varied, n: int, fault: Fault) -> Fault:
        """Return a fault of a scenario with a set's n-th row at the setting that makes it."""
        own = next((s for s in each.settings if _meet(s, fault.path)), "")
        other = own or next((s for s in plan.settings if _meet(s, fault.path)), "")
        home = next((v for v in plan.varied if other in v.settings), each)
        if home.place[-1] == "table":
            return fault._replace(place=self.row_places[n if home is each else 0])
        inside = ("between",) if getattr(self.form.vary, home.place[-1], None) and \
            self.node.at((*home.place, "between")) else ()  # fmt: skip
        return fault._replace(place=self.node.place_of((*home.place, *inside, other)))


def _meet(one: str, other: str) -> bool:
    """Return whether two dotted paths are the same, or one leads to the other."""
    return f"{one}.".startswith(f"{other}.") or f"{other}.".startswith(f"{one}.")


def _at_the_ends(rows: Sequence[tuple[Any, ...]]) -> list[int]:
    """Return the places of rows to try: all, or the first, the last, and some for each setting.

    Those have the least and the most of it, or a value that is no number.
    """
    if len(rows) <= MOST_TRIED:
        return [*range(len(rows))]
    found = {0, len(rows) - 1}
    for d in range(len(rows[0])):
        numbers = [(row[d], k) for k, row in enumerate(rows) if isinstance(row[d], int | float)]
        found |= {min(numbers)[1], max(numbers)[1]} if numbers else set()
        others = {repr(row[d]): k for k, row in enumerate(rows)
                  if not isinstance(row[d], int | float)}  # fmt: skip
        found |= {*islice(others.values(), MOST_TRIED)}
    return sorted(found)
