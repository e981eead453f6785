"""What a reader must know before trusting the numbers of a run."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from statistics import NormalDist

import numpy as np

from sim.catalogue import mandates
from sim.charter import Action, Outcome
from sim.ensemble import Ensemble
from sim.ensemble.tally import UNSETTLED
from sim.errors import listed
from sim.facts.evidence import record_of
from sim.facts.figures import percent, words
from sim.facts.votes import together
from sim.preferences import ASSUMED
from sim.record.shipped import shipped_record
from sim.scenario import Scenario
from sim.traits import trait_and_name

LIKELY_ENOUGH = 0.2
"""A roll call that is less likely is not told in the headline."""
LONGEST_SILENCE = 365
"""Days from the record's latest vote above which the report warns."""
SHOWN_UNSETTLED = 0.01
"""Share of unsettled worlds above which the report warns."""
FAR = 0.25
"""A text is far from another if a provision differs by more than this, of scales of 1. Assumed."""
OFTEN_BOUND = 0.25
"""Share of draws set to a bound above which a number's spread says less than it seems. Assumed."""
HOSTILE = 0.05
"""A text that is less hostile to its target, or less kind to it, weighs on no tie."""
FEW_WORLDS = 1000
VERBS = {
    Action.IN_FAVOUR: "vote in favour",
    Action.ABSTAINING: "abstain",
    Action.AGAINST: "vote against",
}


def warnings_on(ensemble: Ensemble) -> list[str]:
    """Return what a reader must know before trusting the numbers."""
    scenario = ensemble.scenario
    return [
        *_of_consultations(ensemble),
        *_of_the_mandate(scenario),
        *_of_silence(scenario),
        *_of_ties(scenario),
        *_of_the_text(scenario),
        *_of_bounds(scenario),
        *_of_the_roll_call(ensemble),
        *_of_worlds(ensemble.n_worlds),
    ]


def _of_consultations(ensemble: Ensemble) -> Iterator[str]:
    if (share := float(ensemble.mean(ensemble.tally.unsettled))) > SHOWN_UNSETTLED:
        yield (
            f"In {percent(share)} of the worlds the consultations had not settled: a position was "
            f"{UNSETTLED} or more from the choice it leads to. Give them more rounds "
            f"(consultations.rounds, now {ensemble.scenario.consultations.rounds})."
        )


def _of_the_mandate(scenario: Scenario) -> Iterator[str]:
    mandate = mandates().get(scenario.draft.mandate)
    if not mandate:
        return
    if mandate.status == "closing" and mandate.last_date < scenario.date:
        last = f"{mandate.last_text} of {mandate.last_date}"
        said, text = f"{last} is to be the last text on this mandate", "renewal"
    elif mandate.ended_on and mandate.ended_on < scenario.date:
        ended = "is taken to have lapsed" if mandate.status == "lapsed" else "ended"
        said, text = f"The mandate {ended} on {mandate.ended_on}", "revival"
    else:
        return
    yield (
        f"{said}. Whether a {text} is put to the vote at all is not forecast; this is how that "
        "vote would end."
    )


def _of_silence(scenario: Scenario) -> Iterator[str]:
    until = record_of(scenario)["until"]
    if not until or (scenario.date - date.fromisoformat(until)).days <= LONGEST_SILENCE:
        return
    mandate = mandates().get(scenario.draft.mandate)
    if mandate and until < str(mandate.last_date) < str(scenario.date):
        later = f"{mandate.last_text} of {mandate.last_date}"
        yield f"The record of votes ends on {until}; how members voted on {later} is not known."
    else:
        yield f"The record of votes ends on {until}; what came after is not known."


def _of_ties(scenario: Scenario) -> Iterator[str]:
    """Yield a word on a State the text weighs on, if nothing is known of how members stand to it.

    Source: `choice.gain`, in which a tie counts by how hostile the text is.
    """
    draft = scenario.draft
    hostility = scenario.coefficients.hostility @ (draft.text - draft.lapse)
    if not draft.target or abs(hostility) < HOSTILE:
        return
    ties = [
        estimate
        for counts in scenario.counting
        for setting, estimate in counts.items()
        if setting in (f"ties.{draft.target}", "other_ties")
    ]
    if ties and all(tie.evidence == ASSUMED for tie in ties):
        yield f"No tie to {draft.target} rests on a vote or a statement; all are assumed."


def _of_the_text(scenario: Scenario) -> Iterator[str]:
    """Yield how far the text is from the nearest that was coded, where that is far."""
    draft, coded = scenario.draft, np.array([vote.text for vote in shipped_record()])
    known = coded.shape[1]
    differences = np.abs(coded - draft.text[:known])
    nearest = int((differences**2).sum(axis=1).argmin())
    d = int(differences[nearest].argmax())
    if differences[nearest, d] > FAR:
        name, text = words(draft.provisions[d].name), draft.text[d]
        of_nearest = coded[nearest, d]
        yield f"No coded text is near: {name} is {text:g}, and {of_nearest:g} in the nearest."
    own = [p.name for p in draft.provisions[known:] if draft.matters[draft.provisions.index(p)]]
    if own:
        yield f"No text of the record was coded for {listed(own)}; all said of that is assumed."


def _of_bounds(scenario: Scenario) -> Iterator[str]:
    """Yield which numbers that count are often set to their bounds, as they are drawn."""
    often = []
    for code, counts in zip(scenario.codes, scenario.counting, strict=True):
        for setting, estimate in counts.items():
            trait = trait_and_name(setting)[0]
            if estimate.spread:
                normal = NormalDist(estimate.mean, estimate.spread)
                beyond = normal.cdf(trait.low) + 1 - normal.cdf(trait.high)
                if beyond > OFTEN_BOUND:
                    often.append(f"{percent(beyond)} of {code} {setting}")
    if often:
        yield f"Draws beyond the end of the scale are set to it: {listed(often, 5)}."


def _of_the_roll_call(ensemble: Ensemble) -> Iterator[str]:
    """Yield which members' likeliest votes are not those of the headline's roll call."""
    call, p = ensemble.by_probability()[0]
    # Where some drafts are withdrawn, roll calls are of other worlds than members' chances.
    if p < LIKELY_ENOUGH or ensemble.outcome[Outcome.WITHDRAWN].p:
        return
    likely = ensemble.actions.argmax(axis=1)
    scenario = ensemble.scenario
    others: dict[tuple[int, int], list[str]] = {}
    for m, code in enumerate(scenario.codes):
        if likely[m] != call[m] and not scenario.takes_no_part(m):
            others.setdefault((int(call[m]), int(likely[m])), []).append(code)
    for (does, alone), codes in others.items():
        side, verb = words(Action(does).words), VERBS[Action(alone)]
        are, each_is = "is", "by itself it is"
        if len(codes) > 1:
            are, each_is = "are", "taken one by one, they are"
        said = f"{together(codes)} {are} {side} in the most likely roll call"
        yield f"{said}; {each_is} likelier to {verb}."


def _of_worlds(n_worlds: int) -> Iterator[str]:
    if n_worlds < FEW_WORLDS:
        yield f"Worlds: {n_worlds}. Intervals are rough below {FEW_WORLDS:,}."
