"""The answer in a few sentences, and what happens at the deadline that it depends on."""

from __future__ import annotations

from sim.charter import DECIDED, Action, Outcome
from sim.ensemble import Ensemble
from sim.ensemble.tally import rounded
from sim.facts import report
from sim.facts.figures import percent, words
from sim.facts.votes import in_words, sides_of, those_who, vetoed_by, votes_in
from sim.facts.warnings import LIKELY_ENOUGH

WORTH_TELLING = 0.05
"""An outcome beside the likeliest that is less likely is not, save adoption."""


def headline(ensemble: Ensemble) -> str:
    """Return the answer in a few sentences: the likeliest outcome, who vetoes, how members vote."""
    chances = {outcome: value.p for outcome, value in ensemble.outcome.items()}
    outcome = max(chances, key=lambda name: chances[name])
    sentence = f"{words(outcome).capitalize()}, with probability {percent(chances[outcome])}"
    for name, p in chances.items():
        if name != outcome and (name is Outcome.ADOPTED or p >= WORTH_TELLING):
            sentence += f"; {words(name)}, with {percent(p)}"
    sentence += "."
    if chances[Outcome.VETOED] >= WORTH_TELLING:
        who, p = next(iter(vetoed_by(ensemble).items()))
        sentence += f" The veto is cast by {those_who(who)} in {percent(p)} of all worlds."
    call, share = ensemble.by_probability()[0]
    at_the_deadline = deadline(ensemble)
    p_call = p_if_put_to_the_vote(rounded(share), at_the_deadline)
    if p_call is None:
        return f"{sentence} No vote is taken."
    if p_call < LIKELY_ENOUGH:
        given = "if it is put to the vote, " if at_the_deadline["withdrawn"] else ""
        likely = f"{given}{likely_votes(ensemble)}"
        return f"{sentence} {likely[0].upper()}{likely[1:]}."
    means = words(DECIDED[int(ensemble.scenario.rules.decide(call[:, None])[0])])
    votes = in_words(sides_of(votes_in(ensemble, call)))
    if at_the_deadline["withdrawn"] > 0:
        sentence += " If it is put to the vote, the most likely roll call is"
        return f"{sentence} {votes} ({percent(p_call)}, {means})."
    return f"{sentence} Most likely roll call ({percent(p_call)}, {means}): {votes}."


def likely_votes(ensemble: Ensemble) -> str:
    """Return the likeliest number in favour, and whose likeliest vote is another."""
    likely = ensemble.actions.argmax(axis=1)
    said = [f"{int(ensemble.tally.in_favour.argmax())} in favour is likeliest"]
    for action, verb in ((Action.AGAINST, "vote against"), (Action.ABSTAINING, "abstain")):
        codes = [
            code
            for m, code in enumerate(ensemble.scenario.codes)
            if likely[m] == action and not ensemble.scenario.takes_no_part(m)
        ]
        if codes:
            said.append(f"likely to {verb}: {', '.join(codes)}")
    return "; ".join(said)


def deadline(ensemble: Ensemble) -> report.Deadline:
    """Return in what share of worlds the penholder tabled its text, withdrew or fell back."""
    withdrawn = ensemble.outcome[Outcome.WITHDRAWN].p
    fell_back = float(ensemble.mean(ensemble.tally.fell_back))
    return {
        "tabled": rounded(1 - withdrawn - fell_back),
        "withdrawn": rounded(withdrawn),
        "fell_back": rounded(fell_back),
    }


def p_if_put_to_the_vote(p: float, at_the_deadline: report.Deadline) -> float | None:
    """Return the probability, given that a vote is taken, of what happens only then.

    From that over all worlds, also those in which the draft is withdrawn; None where it always is.
    """
    if at_the_deadline["withdrawn"] == 0:
        return p
    put_to_the_vote = at_the_deadline["tabled"] + at_the_deadline["fell_back"]
    return min(p / put_to_the_vote, 1.0) if put_to_the_vote else None
