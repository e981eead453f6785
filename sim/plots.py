"""Results as pictures for notebooks and papers, by matplotlib, which is imported only here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import nan
from textwrap import fill
from typing import TYPE_CHECKING, Any

from sim.arguments import check_known
from sim.charter import ACTIONS
from sim.errors import UnscError
from sim.facts.figures import words
from sim.facts.study_view import adopted, axes, column, levels, means, tells
from sim.facts.study_view import shares as shares_of_table
from sim.reading.node import is_number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Facts = Mapping[str, Any]
"""What `report.json` or the like holds."""
Drawing = Callable[["Axes", Facts], None]

SOFT = "#565e68"
COLOURS = {"in_favour": "#0b5cad", "abstaining": "#8a8f94", "against": "#b3400a"}
"""As on the pages; told apart in print and by those who see no colours by `HATCHES`."""
HATCHES = {"in_favour": "", "abstaining": "..", "against": "//"}
BLUE, ORANGE = COLOURS["in_favour"], COLOURS["against"]
ROW = 0.3
"""Inches of a row, with its label."""
WIDTH = 6.0
LONGEST = 48
"""Letters of a title in one line."""
MOST_LEVELS = 40
"""Values of a setting up to which two of them make a map."""
MOST = 15
"""Rows of a picture at most, the largest."""


def plot(facts: Facts, what: str, drawings: Mapping[str, Drawing], ax: Axes | None = None) -> Axes:
    """Draw one picture of a result, and return the axes that it is drawn on.

    Args:
        facts: of the result.
        what: which picture.
        drawings: all there are, by name.
        ax: the axes to draw on; those of a new figure if None.

    Raises:
        UnscError: there is no such picture, or matplotlib is not installed.
    """
    check_known("what", what, drawings)
    try:
        from matplotlib import pyplot
    except ModuleNotFoundError:
        missing = "plot() needs matplotlib, which is not installed: pip install 'matplotlib>=3.8'."
        raise UnscError(missing) from None
    if ax is None:
        _, ax = pyplot.subplots(figsize=(WIDTH, WIDTH * 0.75), layout="constrained")
    drawings[what](ax, facts)
    ax.spines[["top", "right"]].set_visible(False)
    return ax


def outcome(ax: Axes, report: Facts) -> None:
    """Draw the probability of each possible outcome, with its 95 % interval."""
    shown = {name: c for name, c in reversed(report["outcome"].items()) if c["high"] > 0}
    _bars(ax, [words(name) for name in shown], [*shown.values()], "probability, %")
    ax.set_xlim(0, 100)
    ax.set_title(_title(report))


def roll_call(ax: Axes, report: Facts) -> None:
    """Draw each member's chances of each action, those least likely to be in favour first."""
    members = sorted(report["members"].items(), key=lambda item: -item[1]["in_favour"])
    codes = [code for code, _ in members]
    start = [0.0] * len(codes)
    for action in ACTIONS:
        width = [100 * member[action] for _, member in members]
        ax.barh(
            codes, width, left=start, color=COLOURS[action], hatch=HATCHES[action],
            edgecolor="white", linewidth=0.5, label=words(action),
        )  # fmt: skip
        start = [a + b for a, b in zip(start, width, strict=True)]
    _grow(ax, len(codes))
    ax.set(xlabel="probability, %", xlim=(0, 100), title=_title(report))
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.12), ncols=3, frameon=False)


def gains(ax: Axes, report: Facts) -> None:
    """Draw each member's gain of adoption over lapse, mean and standard deviation."""
    members = sorted(report["members"].items(), key=lambda item: -item[1]["gain"]["mean"])
    means = [member["gain"]["mean"] for _, member in members]
    spreads = [member["gain"]["sd"] for _, member in members]
    codes = [code for code, _ in members]
    ax.errorbar(means, codes, xerr=spreads, fmt="s", color=BLUE, ecolor=SOFT, markersize=4)
    _about_zero(ax, len(codes))
    ax.set(xlabel="gain of adoption over lapse, ± standard deviation", title=_title(report))


def difference(ax: Axes, comparison: Facts) -> None:
    """Draw by how much each outcome is likelier in the first other scenario than in the base."""
    other = comparison["others"][0]
    changes = reversed(other["difference"].items())
    shown = {name: change for name, change in changes if change["low"] or change["high"]}
    _bars(ax, [words(name) for name in shown], [*shown.values()], "difference, points")
    ax.axvline(0, color=SOFT, linewidth=0.8)
    ax.set_title(f"{comparison['base']['name']} → {other['name']}")


def tornado(ax: Axes, sensitivity: Facts) -> None:
    """Draw by how much each number moves P(adopted), one bar for each, the widest on top."""
    widest: dict[str, Facts] = {}
    for bar in sensitivity["bars"]:
        widest.setdefault(bar["setting"], bar)
    bars = [*widest.values()][:MOST][::-1]
    names = [bar["setting"].removeprefix("members.") for bar in bars]
    for end, colour, hatch, label in (
        ("at_low", ORANGE, "//", "where it is lower"),
        ("at_high", BLUE, "", "where it is higher"),
    ):
        points = [100 * bar[end]["p"] for bar in bars]
        errors = [50 * (bar[end]["high"] - bar[end]["low"]) for bar in bars]
        ax.barh(
            names, points, color=colour, hatch=hatch, edgecolor="white", label=label,
            xerr=errors, error_kw={"linewidth": 0.8},
        )  # fmt: skip
    _about_zero(ax, len(bars))
    ax.set(xlabel="P(adopted), points", title=_title(sensitivity))
    ax.legend(loc="lower right", frameon=False)


def shares(ax: Axes, sensitivity: Facts) -> None:
    """Draw whose numbers explain how much of the variance of P(adopted)."""
    groups = sensitivity["owners"][:MOST][::-1]
    indices = [{**g["shapley"], "p": g["shapley"]["share"]} for g in groups]
    _bars(ax, [group["name"] for group in groups], indices, "share of the variance, %")
    ax.set_title(_title(sensitivity))


def frontier(ax: Axes, found: Facts) -> None:
    """Draw what texts are worth against their chances of adoption, and the tabled text."""
    points, tabled = found["points"], found["tabled"]
    best = points[found["best"]]
    ax.plot(*_places(points), "o-", color=BLUE, markersize=4, label="worth most at that chance")
    ax.plot(*_places([tabled]), "s", color="black", label="as tabled")
    ax.plot(*_places([best]), "D", color=ORANGE, label="best value")
    ax.set(ylabel="adopted, %", ylim=(-2, 102), title=_title(found))
    ax.set_xlabel(f"worth to {found['member']}, units of gain")
    ax.legend(frameon=False)


def reasons(ax: Axes, explanation: Facts) -> None:
    """Draw what a member's likeliest vote is likelier for than the runner-up, part by part.

    Of the outcome: the members that it hangs on, the first of them.
    """
    code, member = next(
        ((code, m) for code, m in explanation["members"].items() if m["odds"]), ("", None)
    )
    if member is None:
        raise UnscError("what: no member that weighs its votes is explained; nothing to draw.")
    odds = member["odds"][0]
    parts = [*odds["parts"].items()][:MOST][::-1]
    start = [0.0] * len(parts)
    for key, colour, hatch, label in (
        ("by_outcome", BLUE, "", "by what its vote changes"),
        ("by_record", ORANGE, "//", "whatever the outcome"),
    ):
        width = [part[key] for _, part in parts]
        names = [words(name) for name, _ in parts]
        left = [a if a * b > 0 else 0.0 for a, b in zip(start, width, strict=True)]
        ax.barh(names, width, left=left, color=colour, hatch=hatch, edgecolor="white", label=label)
        start = width
    _about_zero(ax, len(parts))
    votes = f"{words(member['likeliest'])} over {words(odds['over'])}"
    ax.set_xlabel(f"log-odds, {votes}")
    ax.set_title(f"{code}\n{_title(explanation['report'])}", loc="right")
    ax.legend(loc="best", frameon=False)


def flips(ax: Axes, explanation: Facts) -> None:
    """Draw P(adopted) after each of the nearest changes that flip a member's vote."""
    members = explanation["members"].items()
    found = [(code, flip) for code, member in members for flip in member["flips"]][::-1]
    if not found:
        raise UnscError("what: no change that was searched flips a vote; nothing to draw.")
    adopted = [100 * flip["outcome"]["adopted"] for _, flip in found]
    ax.barh([_flip(code, flip) for code, flip in found], adopted, color=BLUE)
    _grow(ax, len(found))
    report = explanation["report"]
    ax.axvline(100 * report["outcome"]["adopted"]["p"], color=ORANGE, linewidth=1, label="as it is")
    ax.set(xlabel="adopted after the change, %", xlim=(0, 100))
    ax.set_title(_title(report), loc="right")
    ax.legend(loc="best", frameon=False)


def _flip(code: str, flip: Facts) -> str:
    """Return a change and the vote that it makes the likeliest."""
    ends = (flip["before"], flip["after"])
    before, after = (words(end) if isinstance(end, str) else f"{end:g}" for end in ends)
    return f"{flip['what']} {before} → {after}:\n{code} {words(flip['likeliest'])}"


def study(ax: Axes, found: Any) -> None:
    """Draw P(adopted) over the points of a study: a map, a line with its band, or dots."""
    names = axes(found) if tells(found) else []
    if not names:
        raise UnscError("what: no setting has several values in this table; nothing to draw.")
    numbers = [all(map(is_number, levels(found, name))) for name in names]
    if len(names) == 2 and max(len(levels(found, name)) for name in names) <= MOST_LEVELS:
        _map(ax, found, names[0], names[1])
    elif len(names) == 1 and numbers[0]:
        x = levels(found, names[0])
        chances = [means(found, names)[at,] for at in x]
        ax.plot(x, [100 * c.p for c in chances], "o-", color=BLUE, markersize=4)  # type: ignore[arg-type]
        ends = ([100 * getattr(c, end) for c in chances] for end in ("low", "high"))
        ax.fill_between(x, *ends, color=BLUE, alpha=0.2, linewidth=0)  # type: ignore[arg-type]
        ax.set(xlabel=names[0], ylabel="adopted, %", ylim=(-2, 102))
    else:
        name = next((one.setting for one in shares_of_table(found)), names[0])
        y = [100 * chance.p for chance in adopted(found)]
        ax.plot([x if is_number(x) else str(x) for x in column(found, name)], y, "o", color=BLUE)  # type: ignore[arg-type]
        ax.set(xlabel=name, ylabel="adopted, %", ylim=(-2, 102))
    ax.set_title(fill(found["title"], LONGEST))


def _map(ax: Axes, found: Any, down: str, across: str) -> None:
    """Draw a map of two settings, with the chance in every cell."""
    rows, columns = levels(found, down), levels(found, across)
    chances = means(found, [down, across])
    cells = [[100 * chances[a, b].p if (a, b) in chances else nan for b in columns] for a in rows]
    ax.imshow(cells, cmap="Blues", vmin=0, vmax=160, aspect="auto")  # dark text stays legible
    for y, row in enumerate(cells):
        for x, cell in enumerate(row):
            if cell == cell and len(columns) <= MOST:  # it is a number
                ax.text(x, y, f"{cell:.0f}", ha="center", va="center", fontsize=8)
    ax.set(xlabel=across, ylabel=down)
    ax.set_xticks(range(len(columns)), [_level(at) for at in columns])
    ax.set_yticks(range(len(rows)), [_level(at) for at in rows])


def _level(at: object) -> str:
    return f"{at:.3g}" if isinstance(at, float) else str(at)


def _places(points: Sequence[Facts]) -> tuple[list[float], list[float]]:
    return [p["worth"] for p in points], [100 * p["adopted"]["p"] for p in points]


def _bars(ax: Axes, names: Sequence[str], chances: Sequence[Facts], what: str) -> None:
    """Draw a bar for each chance, share or difference, with its interval."""
    points = [100 * c["p"] for c in chances]
    below, above = ([100 * abs(c["p"] - c[end]) for c in chances] for end in ("low", "high"))
    ax.barh(names, points, color=BLUE, xerr=[below, above], error_kw={"linewidth": 0.8})
    _grow(ax, len(names))
    ax.set_xlabel(what)


def _about_zero(ax: Axes, rows: int) -> None:
    """Draw the line that parts what is above 0 from what is below, through so many rows."""
    ax.axvline(0, color=SOFT, linewidth=0.8)
    _grow(ax, rows)


def _grow(ax: Axes, rows: int) -> None:
    """Make a figure of its own high enough for its rows."""
    figure: Any = ax.figure
    if len(figure.axes) == 1:
        figure.set_size_inches(WIDTH, max(2.0, 1.2 + ROW * rows))


def _title(facts: Facts) -> str:
    return fill(facts["title"], LONGEST)


OF_AN_EXPLANATION = {"reasons": reasons, "flips": flips}
OF_A_REPORT = {"outcome": outcome, "roll_call": roll_call, "gains": gains}
OF_A_COMPARISON = {"difference": difference}
OF_A_SENSITIVITY = {"tornado": tornado, "shares": shares}
OF_A_FRONTIER = {"frontier": frontier}
OF_A_STUDY = {"adopted": study}
