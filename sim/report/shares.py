"""How shares of the variance are written, and the numbers that explain them."""

from __future__ import annotations

from sim.facts.figures import Figure, Share
from sim.facts.hangs_on import MOST_WORLDS, InputIndex, ShareOfVariance
from sim.facts.report import Report
from sim.report.sections import Row, Section, Written, series, span


def named(one: InputIndex) -> str:
    """Return what a number is called, once where it is the same for several members."""
    first, *others = one["settings"]
    if not others:
        return first
    setting = first.split(".", 2)[2]
    codes = [path.split(".")[1] for path in one["settings"]]
    return f"{setting} of {series(codes, 'and')}"


def within(share: float) -> float:
    """Return a share as it is shown: noise below 0 as 0, above 1 as 1."""
    return min(max(share, 0.0), 1.0)


def share_of(share: ShareOfVariance) -> Share:
    """Return a share of the variance in per cent."""
    return Share(within(share["share"]))


def share_and_interval(share: ShareOfVariance) -> tuple[Figure, Figure]:
    """Return a share, and its interval or that it has not converged."""
    interval = span(Share(within(share["low"])), Share(within(share["high"])))
    wide = Written(f"{interval}, not converged")
    return share_of(share), interval if share["converged"] else wide


def short(one: InputIndex) -> str:
    """Return what a number is called in a sentence: `RUS.ties.PRK`, `the shared shock`."""
    name = named(one).removeprefix("members.").removeprefix("coefficients.")
    setting, _, whose = name.partition(", of ")
    if setting == "own_shock":  # a member's, or one that a bloc shares
        return f"the own shock of {series(whose.split('_'), 'and')}"
    return name.replace("shared_shock", "the shared shock")


def in_per_cent(share: ShareOfVariance) -> str:
    """Return a share with its interval in a sentence: `44 % (37 to 52)`."""
    value, low, high = (100 * within(share[end]) for end in ("share", "low", "high"))
    return f"{value:.0f} % ({low:.0f} to {high:.0f})"


def first_numbers(report: Report) -> Section:
    """Return the first numbers that the variance of P(adopted) hangs on, each by itself."""
    rows: list[Row] = [
        (named(one), *share_and_interval(one["first_order"])) for one in report["hangs_on"]
    ]
    sentence = (
        "First-order indices: the share of the variance of P(adopted) between worlds that a number "
        "explains by itself, with all that varies together with it; from the draws of the first "
        f"{min(report['worlds'], MOST_WORLDS):,} worlds. An interval that begins at 0 tells "
        "nothing. The command unsc sensitivity has all numbers."
    )
    columns = ("number", "share, %", "95 % interval")
    return Section("What the variance hangs on", [sentence] * bool(rows), columns, rows)
