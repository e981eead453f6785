"""Every score of member votes and of outcomes, each on many samples at once."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Floats, Ints
from sim.backtest.forecasts import Forecasts, ratio
from sim.backtest.losses import brier_losses, indicators, log_losses, ranked_losses
from sim.charter import N_ACTIONS, Action

Scores = Mapping[str, Floats]
"""(B,) by the name of the score: its value in each sample."""


def member_scores(forecasts: Forecasts, samples: Floats | None = None) -> dict[str, Floats]:
    """Return every score of member votes in each sample.

    Actions are forecast in two ways: the likeliest one, and by lift the one whose probability is
    highest relative to its share among the votes before, as if all actions were equally common.
    Balanced accuracy is the mean over the actions observed, macro-F1 over the actions observed or
    forecast, the areas of `pr_auc` and `roc_auc` the mean over the actions, each against the two
    others; those of `dissent` are for not in favour against in favour. The area under precision and
    recall is average precision. `apre` is the share of the errors of forecasting each vote's modal
    action for all its members that the forecasts avoid; it is below 0 where they make more.

    Args:
        forecasts: of (n,) member votes.
        samples: (V, B), how often each vote counts; once each by default.

    Returns:
        (B,) by the name of the score; NaN where a sample has nothing to score.

    Source: Poole and Rosenthal, Congress (1997), for the last two scores.
    """
    samples = np.ones((forecasts.n_votes, 1)) if samples is None else samples
    p, observed = forecasts.p, forecasts.observed
    losses = [log_losses(p, observed), brier_losses(p, observed), ranked_losses(p, observed)]
    log_loss, brier, ranked = forecasts.means(np.column_stack(losses), samples)
    areas = [_areas(forecasts, p[:, k], observed == k, samples) for k in Action]
    dissent = _areas(forecasts, -p[:, Action.IN_FAVOUR], observed != Action.IN_FAVOUR, samples)
    return {
        "log_loss": log_loss,
        "brier": brier,
        "ranked_probability": ranked,
        **_classified_both_ways(forecasts, p, observed, forecasts.shares, samples),
        "pr_auc": _mean_of_known(np.array([pr for pr, _ in areas])),
        "roc_auc": _mean_of_known(np.array([roc for _, roc in areas])),
        "pr_auc_dissent": dissent[0],
        "roc_auc_dissent": dissent[1],
        "apre": _proportional_reduction(forecasts, samples),
        "geometric_mean_probability": np.exp(-log_loss),
    }


def outcome_scores(forecasts: Forecasts, samples: Floats | None = None) -> dict[str, Floats]:
    """Return every score of outcomes in each sample.

    All are of adopted or not, with not adopted as the positive class of the areas, except those
    named `of_three`, which tell vetoed and not carried apart. A draft counts as forecast to be
    adopted where that has a probability of at least one half; by lift, where it is at least the
    share of drafts adopted before.

    Args:
        forecasts: of (V,) outcomes.
        samples: (V, B) as in `member_scores`.

    Returns:
        (B,) by the name of the score; NaN where a sample has nothing to score.
    """
    samples = np.ones((forecasts.n_votes, 1)) if samples is None else samples
    p, failed = binary(forecasts)
    shares = _adopted_or_not(forecasts.shares)
    losses = [
        binary_losses(p, failed),
        log_losses(forecasts.p, forecasts.observed),
        brier_losses(forecasts.p, forecasts.observed),
    ]
    log_loss, brier, log_loss_of_three, brier_of_three = forecasts.means(
        np.column_stack(losses), samples
    )
    pr_auc, roc_auc = _areas(forecasts, -p[:, 0], failed == 1, samples)
    return {
        "log_loss": log_loss,
        "brier": brier,
        **_classified_both_ways(forecasts, p, failed, shares, samples),
        "pr_auc": pr_auc,
        "roc_auc": roc_auc,
        "log_loss_of_three": log_loss_of_three,
        "brier_of_three": brier_of_three,
    }


def binary(forecasts: Forecasts) -> tuple[Floats, Ints]:
    """Return the probabilities of adopted and not, (V, 2), and whether each draft failed, (V,)."""
    failed = (forecasts.observed > 0).astype(np.intp)
    return _adopted_or_not(forecasts.p), failed


def _adopted_or_not(p: Floats) -> Floats:
    return np.column_stack([p[:, 0], p[:, 1:].sum(axis=1)])


def binary_losses(p: Floats, failed: Ints) -> Floats:
    """Return the log loss and the Brier score of each outcome, adopted or not, (V, 2)."""
    return np.column_stack([log_losses(p, failed), (p[:, 1] - failed) ** 2])


def _classified_both_ways(
    forecasts: Forecasts, p: Floats, observed: Ints, shares: Floats, samples: Floats
) -> dict[str, Floats]:
    """Return the scores of the likeliest class, and of the class of the greatest lift.

    Args:
        p: (n, K), sums to 1 over classes.
        observed: (n,), 0 to K - 1.
        shares: (n, K), those of the classes among the votes before.

    Source: Elkan, The foundations of cost-sensitive learning (2001): the decision that is best if
    an error on a class costs the more the rarer the class is.
    """
    likeliest, lifted = p.argmax(axis=1), (p / shares).argmax(axis=1)
    by_lift = _classified(forecasts, observed, lifted, p.shape[1], samples)
    return {
        **_classified(forecasts, observed, likeliest, p.shape[1], samples),
        **{f"{name}_by_lift": by_lift[name] for name in by_lift if name != "accuracy"},
    }


def _classified(
    forecasts: Forecasts, observed: Ints, predicted: Ints, n_classes: int, samples: Floats
) -> dict[str, Floats]:
    """Return accuracy, balanced accuracy and F1 of one class forecast for each item.

    F1 is the mean over the classes (macro-F1); of two classes, also that of the second.

    Args:
        observed: (n,), 0 to `n_classes` - 1.
        predicted: (n,), likewise; of equal probabilities the first in order.
    """
    cells = indicators(observed * n_classes + predicted, n_classes**2)
    table = forecasts.sums(cells, samples).reshape(n_classes, n_classes, -1)
    hits = table[range(n_classes), range(n_classes)]
    happened, forecast = table.sum(axis=1), table.sum(axis=0)
    f1 = ratio(2 * hits, happened + forecast)
    return {
        "accuracy": ratio(hits.sum(axis=0), table.sum(axis=(0, 1))),
        "balanced_accuracy": _mean_of_known(ratio(hits, happened)),
        "macro_f1": _mean_of_known(f1),
        **({"f1": f1[1]} if n_classes == 2 else {}),
    }


def _areas(
    forecasts: Forecasts, ranked_by: Floats, positive: NDArray[np.bool_], samples: Floats
) -> tuple[Floats, Floats]:
    """Return average precision and the area under the ROC curve in each sample, (B,) each.

    Args:
        ranked_by: (n,), higher where the class is likelier; equal values are one threshold.
        positive: (n,), whether the item is of the class.
    """
    order = np.argsort(-ranked_by, kind="stable")
    begins = np.flatnonzero(np.diff(ranked_by[order], prepend=np.inf))
    weights = samples[forecasts.votes[order]] * forecasts.weights[order, None]
    hits = np.add.reduceat(weights * positive[order, None], begins, axis=0)
    misses = np.add.reduceat(weights, begins, axis=0) - hits
    hits_so_far, misses_so_far = hits.cumsum(axis=0), misses.cumsum(axis=0)
    precision = np.nan_to_num(ratio(hits_so_far, hits_so_far + misses_so_far))
    above = (hits * (misses_so_far[-1] - misses_so_far + misses / 2)).sum(axis=0)
    n_hits, n_misses = hits_so_far[-1], misses_so_far[-1]
    has_both = np.where(n_misses > 0, n_hits, 0)  # a class is scored against something else
    return ratio((hits * precision).sum(axis=0), has_both), ratio(above, n_hits * n_misses)


def _proportional_reduction(forecasts: Forecasts, samples: Floats) -> Floats:
    """Return 1 minus the errors per error of forecasting each vote's modal action, (B,)."""
    taken = np.zeros((len(samples), N_ACTIONS))
    np.add.at(taken, (forecasts.votes, forecasts.observed), 1)
    modal = taken.argmax(axis=1)[forecasts.votes]
    errors = forecasts.p.argmax(axis=1) != forecasts.observed
    n_errors, n_minority = forecasts.sums(
        np.column_stack([errors, modal != forecasts.observed]).astype(float), samples
    )
    return 1 - ratio(n_errors, n_minority)


def _mean_of_known(values: Floats) -> Floats:
    """Return the mean over the first axis of the values that are not NaN."""
    known = ~np.isnan(values)
    return ratio(np.where(known, values, 0).sum(axis=0), known.sum(axis=0).astype(float))
