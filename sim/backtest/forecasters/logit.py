"""The forecaster that weighs who votes and what they vote on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, ClassVar

import numpy as np

from sim.arrays import Floats
from sim.backtest.forecaster import Forecasting, independent
from sim.backtest.forecasters.baseline import Baseline
from sim.backtest.losses import log_losses
from sim.charter import N_ACTIONS
from sim.errors import UnscError
from sim.record import RecordedVote
from sim.record.rates import overall

Actions = Callable[[RecordedVote], Floats]


@dataclass(frozen=True)
class Logit(Baseline):
    """A multinomial logit with a ridge, on who votes and what they vote on.

    Inputs are the member, its regional group, the target, each penholder and the instrument, and
    the products of the last three with the first two; each is 0 or 1. The strength chosen is the
    one that best forecasts the last year of the past from what was before it.

    Args:
        strengths: candidates for scikit-learn's `C`, each above 0; a weaker ridge the higher.
        usual: the strength if the past is too short to choose one.
    """

    name: ClassVar[str] = "logit"
    strengths: tuple[float, ...] = (0.1, 0.3, 1.0)
    usual: float = 0.3

    def learn(self, past: Sequence[RecordedVote], on: date) -> Forecasting:
        """Return forecasts of the logit fitted to all of the past.

        Raises:
            UnscError: scikit-learn is not installed.
        """
        last_year = on - timedelta(days=365)
        before = [vote for vote in past if vote.date < last_year]
        latest = [vote for vote in past if vote.date >= last_year]

        def loss(strength: float) -> float:
            p = self._fitted(before, strength)
            return float(np.concatenate([log_losses(p(v), v.roll_call) for v in latest]).mean())

        strength = min(self.strengths, key=loss) if before and latest else self.usual
        actions = self._fitted(past, strength)
        return lambda vote: independent(actions(vote), vote.rules)

    def _fitted(self, past: Sequence[RecordedVote], strength: float) -> Actions:
        """Return the action probabilities of a logit fitted to these votes.

        If the past holds only one action there is nothing to fit; all members then act alike.
        """
        vectorizer_class, logit_class = _scikit_learn()
        everyone = overall(past)
        taken = [int(action) for vote in past for action in vote.roll_call]
        if len(set(taken)) < 2:
            return lambda vote: np.tile(everyone, (len(vote.council), 1))
        vectorizer = vectorizer_class()
        inputs = vectorizer.fit_transform([row for vote in past for row in self.inputs(vote)])
        logit = logit_class(C=strength, max_iter=2000).fit(inputs, taken)

        def actions(vote: RecordedVote) -> Floats:
            p = np.zeros((len(vote.council), N_ACTIONS))
            p[:, logit.classes_] = logit.predict_proba(vectorizer.transform(self.inputs(vote)))
            p += np.where(np.isin(range(N_ACTIONS), logit.classes_), 0, everyone)  # never seen yet
            return p / p.sum(axis=1, keepdims=True)

        return actions

    def inputs(self, vote: RecordedVote) -> list[dict[str, float]]:
        """Return the inputs by name, for each of M members; those left out are 0."""
        what = [f"target {vote.target}", f"instrument {vote.instrument}"]
        what += [f"penholder {code}" for code in vote.penholders]
        rows = []
        for member in vote.council:
            who = [f"member {member.code}", f"group {member.state.regional_group}"]
            names = [*who, *what, *(f"{w}, {x}" for w in who for x in what)]
            rows.append(dict.fromkeys(names, 1.0))
        return rows


def _scikit_learn() -> tuple[Any, Any]:
    """Return the two classes needed; imported here, as only this forecaster needs the library."""
    try:
        from sklearn.feature_extraction import DictVectorizer
        from sklearn.linear_model import LogisticRegression
    except ImportError:
        raise UnscError(
            "forecaster logit: scikit-learn is not installed; it is needed for this baseline only. "
            "Install it (pip install 'scikit-learn>=1.4'), or leave the baseline out."
        ) from None
    return DictVectorizer, LogisticRegression
