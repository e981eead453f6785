"""Results as pictures for notebooks and papers, by matplotlib, which is imported only here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from textwrap import fill
from typing import TYPE_CHECKING, Any

from sim.errors import UnscError, did_you_mean, listed
from sim.facts.report import ACTIONS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Facts = Mapping[str, Any]
"""What `report.json` or the like holds."""
Drawing = Callable[["Axes", Facts], None]

COLOURS = {"in_favour": "#0b5cad", "abstaining": "#8a8f94", "against": "#b3400a"}
"""As on the pages; told apart in print and by those who see no colours by `HATCHES`."""
HATCHES = {"in_favour": "", "abstaining": "..", "against": "//"}
BLUE, ORANGE = COLOURS["in_favour"], COLOURS["against"]
ROW = 0.3
"""Inches of a row, with its label."""
WIDTH = 6.0
LONGEST = 48
"""Letters of a title in one line."""
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
    if what not in [*drawings]:
        expected = f"what: {what!r}; expected one of {listed(drawings)}."
        raise UnscError(f"{expected} {did_you_mean(str(what), drawings)}".rstrip())
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
    _bars(ax, [_words(name) for name in shown], [*shown.values()], "probability, %")
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
            edgecolor="white", linewidth=0.5, label=_words(action),
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
    ax.errorbar(means, codes, xerr=spreads, fmt="s", color=BLUE, ecolor="#565e68", markersize=4)
    ax.axvline(0, color="#565e68", linewidth=0.8)
    _grow(ax, len(codes))
    ax.set(xlabel="gain of adoption over lapse, ± standard deviation", title=_title(report))


def difference(ax: Axes, comparison: Facts) -> None:
    """Draw by how much each outcome is likelier in the first other scenario than in the base."""
    other = comparison["others"][0]
    changes = reversed(other["difference"].items())
    shown = {name: change for name, change in changes if change["low"] or change["high"]}
    _bars(ax, [_words(name) for name in shown], [*shown.values()], "difference, points")
    ax.axvline(0, color="#565e68", linewidth=0.8)
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
    ax.axvline(0, color="#565e68", linewidth=0.8)
    _grow(ax, len(bars))
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
        names = [_words(name) for name, _ in parts]
        left = [a if a * b > 0 else 0.0 for a, b in zip(start, width, strict=True)]
        ax.barh(names, width, left=left, color=colour, hatch=hatch, edgecolor="white", label=label)
        start = width
    ax.axvline(0, color="#565e68", linewidth=0.8)
    _grow(ax, len(parts))
    votes = f"{_words(member['likeliest'])} over {_words(odds['over'])}"
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
    before, after = (_words(end) if isinstance(end, str) else f"{end:g}" for end in ends)
    return f"{flip['what']} {before} → {after}:\n{code} {_words(flip['likeliest'])}"


def _places(points: Sequence[Facts]) -> tuple[list[float], list[float]]:
    return [p["worth"] for p in points], [100 * p["adopted"]["p"] for p in points]


def _bars(ax: Axes, names: Sequence[str], chances: Sequence[Facts], what: str) -> None:
    """Draw a bar for each chance, share or difference, with its interval."""
    points = [100 * c["p"] for c in chances]
    below, above = ([100 * abs(c["p"] - c[end]) for c in chances] for end in ("low", "high"))
    ax.barh(names, points, color=BLUE, xerr=[below, above], error_kw={"linewidth": 0.8})
    _grow(ax, len(names))
    ax.set_xlabel(what)


def _grow(ax: Axes, rows: int) -> None:
    """Make a figure of its own high enough for its rows."""
    figure: Any = ax.figure
    if len(figure.axes) == 1:
        figure.set_size_inches(WIDTH, max(2.0, 1.2 + ROW * rows))


def _title(facts: Facts) -> str:
    return fill(facts["title"], LONGEST)


def _words(name: object) -> str:
    return str(name).replace("_", " ")


OF_AN_EXPLANATION = {"reasons": reasons, "flips": flips}
OF_A_REPORT = {"outcome": outcome, "roll_call": roll_call, "gains": gains}
OF_A_COMPARISON = {"difference": difference}
OF_A_SENSITIVITY = {"tornado": tornado, "shares": shares}
OF_A_FRONTIER = {"frontier": frontier}
