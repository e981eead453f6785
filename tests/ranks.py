"""Simulation-based calibration: where truths rank among draws of what is fitted to their votes.

Unknowns are drawn from the prior, roll calls from the unknowns, and the fit sees the roll calls
alone. If it is right, each truth is equally likely to have any rank among draws of its posterior.
Run as a program (`make sbc`), it prints how even the ranks are.

Source: Talts, Betancourt, Simpson, Vehtari and Gelman (2018).
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from simulated import fitted, roll_calls, unknowns_of_prior

from sim.draws import Parameter, at_levels
from sim.fit import Prior, read_prior
from sim.fit.design import lay_out
from sim.record import RecordedVote, read_record

N_DRAWS, N_BINS = 99, 10
SETS, VOTES = 400, 40

Quantities = Mapping[str, Sequence[Parameter]]


@dataclass(frozen=True, eq=False)
class Ranks:
    """The rank of each truth, 0 to `N_DRAWS`, among draws of what was fitted.

    Args:
        names: of the quantities.
        ranks: (Q, sets).
    """

    names: tuple[str, ...]
    ranks: NDArray[np.intp]

    @property
    def evenness(self) -> dict[str, tuple[float, float]]:
        """Chi-squared of the ranks in `N_BINS` bins and its p, by quantity."""
        bins = self.ranks * N_BINS // (N_DRAWS + 1)
        counts = [np.bincount(row, minlength=N_BINS) for row in bins]
        tested = [stats.chisquare(row) for row in counts]
        return {n: (float(t[0]), float(t[1])) for n, t in zip(self.names, tested, strict=True)}

    def coverage(self, share: float) -> dict[str, float]:
        """How often the central interval of the draws that should hold this share does so."""
        left_out = round((1 - share) / 2 * (N_DRAWS + 1))
        inside = (self.ranks >= left_out) & (self.ranks <= N_DRAWS - left_out)
        return dict(zip(self.names, inside.mean(axis=1).tolist(), strict=True))


def quantities(votes: Sequence[RecordedVote]) -> Quantities:
    """Return what is ranked: sums of unknowns that some votes bear on, by name.

    Unknowns of everybody and of permanent members, on the commonest target and side of the pen, the
    weights of two kinds of memory, and the shock of the first vote.
    """
    members = {m.code: m for vote in votes for m in vote.council}
    target = _commonest(vote.target for vote in votes if vote.target)
    pen = _commonest(side for vote in votes for side in vote.draft.sides)
    everybodys = {
        ("stances", "any"),
        ("ties", target),
        ("sides", pen),
        ("restraint", target),
        ("coefficients.habit", "own_side"),
        ("coefficients.opposition_habit", "own"),
        ("opposition_cost", ""),
        ("veto_cost", ""),
        ("ideal", "coercion"),
    }
    of_members = [("stances", "any", "RUS"), ("stances", "any", "CHN")]
    of_members += [("ties", target, "USA"), ("sides", pen, "RUS")]
    found = {
        f"{kind} {name}".strip(): [Parameter(kind, name, "default", "")]
        for kind, name in sorted(everybodys)
    }
    for kind, name, code in of_members:
        found[f"{code} {kind} {name}"] = [*at_levels(kind, name, members[code])]
    return {**found, "shock of the first vote": [Parameter("shock", "", "vote", "0")]}


def _commonest(states: Sequence[str]) -> str:
    return Counter(states).most_common(1)[0][0]


def rank(
    votes: Sequence[RecordedVote],
    prior: Prior,
    sets: int,
    random_seed: int,
    on_progress: Callable[[int], None] = lambda done: None,
) -> Ranks:
    """Return the ranks of truths over so many simulated sets of roll calls on some drafts."""
    design, asked = lay_out(votes, prior), quantities(votes)
    rows = [[design.index[x] for x in sum_of] for sum_of in asked.values()]
    generator = np.random.Generator(np.random.SFC64(random_seed))
    truths = unknowns_of_prior(design, sets, generator)
    calls = roll_calls(design, prior, truths, generator)
    ranks = np.empty((len(rows), sets), dtype=np.intp)
    for k in range(sets):
        drawn = fitted(design, prior, calls[:, k]).draws(N_DRAWS, random_seed + 1 + k)
        for q, of in enumerate(rows):
            ranks[q, k] = np.count_nonzero(drawn[of].sum(axis=0) < truths[of, k].sum())
        on_progress(k + 1)
    return Ranks(tuple(asked), ranks)


def main() -> None:
    """Print how even the ranks are, and how often intervals cover the truth."""

    def say(done: int) -> None:
        if not sys.stderr.isatty():
            return
        sys.stderr.write(f"\r{done} of {SETS} simulated records fitted" + "\n" * (done == SETS))

    found = rank(read_record()[-VOTES:], read_prior(), SETS, 2018, say)
    half, most = found.coverage(0.5), found.coverage(0.9)
    rows = [f"{'quantity':26}{'chi-squared':>12}{'p':>8}{'50 %':>8}{'90 %':>8}"]
    for name, (distance, p) in found.evenness.items():
        rows.append(f"{name:26}{distance:12.1f}{p:8.3f}{half[name]:8.1%}{most[name]:8.1%}")
    sys.stdout.write("\n".join(rows) + "\n")


if __name__ == "__main__":
    main()
