"""What happened in every world: the same whoever computes it, and consistent with itself."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from fractions import Fraction
from functools import cache
from itertools import product
from typing import Any

import numpy as np
import pytest
from conftest import HAND_SET, Imagine

from sim.chamber import CouncilModel, convene, map_blocks
from sim.chance import BLOCK
from sim.charter import OUTCOMES, Action, Outcome
from sim.ensemble import Ensemble
from sim.errors import UnscError
from sim.paths import SEEDS
from sim.scenario import Scenario, load_scenario

WORLDS = 2 * BLOCK + 3000  # two that are full, and what is left
AMENDED = (
    "draft.red_lines={scrutiny: {low: 0.4, high: 0.7}, review: {low: 0.1, high: 0.6}}",
    "tabling={if_adoptable: 0.2, rollover_below: 0.95, rollover: {scrutiny: 0.4}}",
)
P3 = {"USA": 1.0, "FRA": 0.3, "GBR": -0.6}


@cache
def amended() -> Ensemble:
    """Return an ensemble in which everything happens: amendments, withdrawals, rollovers."""
    return convene(load_scenario("dprk-panel-2024", AMENDED), WORLDS, 11)


def bytes_of(ensemble: Ensemble) -> bytes:
    return json.dumps(ensemble.to_dict()).encode()


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_workers_do_not_matter(workers: int) -> None:
    """The report has the same bytes however many workers made it, and each time it is made."""
    again = convene(load_scenario("dprk-panel-2024", AMENDED), WORLDS, 11, workers=workers)
    assert bytes_of(again) == bytes_of(amended())


@pytest.mark.parametrize("hash_seed", ["0", "1", "2"])
def test_hash_seed_does_not_matter(hash_seed: str) -> None:
    """The report has the same bytes in a process of its own, whatever its PYTHONHASHSEED."""
    program = (
        "import hashlib, json\n"
        "from sim.chamber import convene\n"
        "from sim.scenario import load_scenario\n"
        f"e = convene(load_scenario('dprk-panel-2024', {list(AMENDED)}), {WORLDS}, 11, workers=2)\n"
        "print(hashlib.sha256(json.dumps(e.to_dict()).encode()).hexdigest())\n"
    )
    environment = os.environ | {"PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(SEEDS.parent)}
    ran = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == hashlib.sha256(bytes_of(amended())).hexdigest()


def test_keeping_worlds_changes_nothing() -> None:
    """The report has the same bytes whether worlds are kept or not."""
    kept = convene(load_scenario("dprk-panel-2024", AMENDED), WORLDS, 11, keep_worlds=True)
    assert bytes_of(kept) == bytes_of(amended())
    assert kept.worlds is not None
    assert amended().worlds is None


def test_first_worlds_are_the_same(seed_vote: Scenario) -> None:
    """The worlds of a run of 10,000 are the first 10,000 of a run of 30,000."""
    few, many = (convene(seed_vote, n, 2, keep_worlds=True).worlds for n in (10_000, 30_000))
    assert few is not None
    assert many is not None
    np.testing.assert_array_equal(few.votes, many.votes[:, :10_000])
    np.testing.assert_array_equal(few.outcome, many.outcome[:10_000])
    np.testing.assert_array_equal(few.p_outcome, many.p_outcome[:, :10_000])


def test_another_seed_other_worlds(seed_vote: Scenario) -> None:
    """Two random seeds give two reports."""
    one, other = (convene(seed_vote, 500, seed) for seed in (1, 2))
    assert bytes_of(one) != bytes_of(other)


def test_sums_over_kept_worlds() -> None:
    """Probabilities of outcomes are means over the kept worlds, and drawn outcomes their counts."""
    kept = convene(load_scenario("dprk-panel-2024", AMENDED), WORLDS, 11, keep_worlds=True)
    assert kept.worlds is not None
    assert kept.worlds.votes.shape == (15, WORLDS)
    p = kept.worlds.p_outcome.mean(axis=1, dtype=float)
    np.testing.assert_allclose([kept.outcome[o].p for o in OUTCOMES], p, atol=1e-9)
    counts = np.bincount(kept.worlds.outcome, minlength=len(OUTCOMES))
    np.testing.assert_array_equal(kept.tally.drawn, counts)
    assert (counts > 0).sum() >= 4


def test_probabilities_sum_to_one() -> None:
    """Outcomes, each member's actions, and numbers of votes in favour sum to 1."""
    ensemble = amended()
    assert sum(i.p for i in ensemble.outcome.values()) == pytest.approx(1, abs=1e-6)
    np.testing.assert_allclose(ensemble.actions.sum(axis=1), 1, atol=1e-6)
    assert ensemble.mean(ensemble.tally.in_favour).sum() == pytest.approx(1)


def test_veto_sets_sum_to_vetoed() -> None:
    """The chances of who vetoes sum to the chance of a veto."""
    ensemble = amended()
    vetoed = ensemble.outcome[Outcome.VETOED].p
    assert ensemble.mean(ensemble.tally.vetoes).sum() == pytest.approx(vetoed, abs=1e-6)
    report = ensemble.to_dict()
    assert sum(report["vetoed_by"].values()) == pytest.approx(
        report["outcome"]["vetoed"]["p"], abs=1e-4
    )
    assert next(iter(report["vetoed_by"])) == "RUS"


def test_legal_conditions_bound_adoption(seed_vote: Scenario) -> None:
    """Adoption is no likelier than nine in favour, nor than no veto, and at least what is left."""
    ensemble = convene(seed_vote, 2000, 1)
    adopted = ensemble.outcome[Outcome.ADOPTED].p
    enough, unblocked = ensemble.enough.p, 1 - ensemble.blocked.p
    assert enough + unblocked - 1 - 1e-5 <= adopted <= min(enough, unblocked) + 1e-5
    assert enough == pytest.approx(adopted + ensemble.outcome[Outcome.VETOED].p, abs=1e-5)


def test_observed_roll_call(seed_vote: Scenario) -> None:
    """The chance of the observed roll call is the mean over worlds of the product of its votes'."""
    model = CouncilModel(seed_vote, 700, 4)
    while model.running:
        model.step()
    call = seed_vote.observed_roll_call
    assert call is not None
    product_in_each = model.answers[np.arange(15), call].astype(float).prod(axis=0)
    ensemble = convene(seed_vote, 700, 4)
    assert ensemble.probability_of(call) == pytest.approx(product_in_each.mean(), rel=1e-4)
    p_observed = ensemble.to_dict()["roll_call"]["p_observed"]
    assert p_observed == pytest.approx(product_in_each.mean(), abs=1e-6)


def test_roll_calls_of_a_small_council(imagine: Imagine) -> None:
    """Of two members all nine roll calls are followed, and their chances sum to 1."""
    ensemble = convene(imagine({"USA": 0.4, "FRA": 0.1}), 3000, 1)
    calls = {tuple(call.tolist()): p for call, p in ensemble.by_probability()}
    assert set(calls) == set(product(Action, repeat=2))
    assert sum(calls.values()) == pytest.approx(1, abs=1e-5)
    for votes, p in calls.items():
        assert p == pytest.approx(np.prod(ensemble.actions[[0, 1], votes]), abs=1e-5)


def test_withdrawn_drafts_have_no_roll_call(imagine: Imagine) -> None:
    """Where every draft is withdrawn nobody vetoes and no roll call is likely."""
    ensemble = convene(imagine(P3, "tabling={if_adoptable: 1}", "charter.veto=[GBR]"), 200, 1)
    assert ensemble.outcome[Outcome.WITHDRAWN].p == 1
    assert ensemble.to_dict()["vetoed_by"] == {}
    assert max(p for _, p in ensemble.by_probability()) == 0


def test_the_report_is_plain_data() -> None:
    """The report survives JSON as it is, without NaN or infinity."""
    report = amended().to_dict()
    assert json.loads(json.dumps(report, allow_nan=False)) == report
    assert report["worlds"] == WORLDS
    assert len(report["members"]) == 15
    assert len(report["rounds"]) == amended().scenario.consultations.rounds


def test_terms_make_up_the_gain() -> None:
    """What a report says makes up a member's gain sums to that gain."""
    for member in amended().to_dict()["members"].values():
        assert sum(member["terms"].values()) == pytest.approx(member["gain"]["mean"], abs=1e-4)


def test_a_stance_stands_in_the_report() -> None:
    """What a stance adds to a gain is told, with its evidence; of other kinds of draft nothing."""
    kinds = "stances={any: {mean: 9, evidence: E03}, rival: 1}", "restraint={PRK: 1, SYR: 1}"
    said = [f"members.FRA.{kind}" for kind in kinds]
    report, plain = (
        convene(load_scenario("dprk-panel-2024", [HAND_SET, *over]), 200).to_dict()
        for over in (said, [])
    )
    member = report["members"]["FRA"]
    assert (member["terms"]["stance"], member["weighs_most"]) == (9, "stance")
    assert report["members"]["RUS"]["terms"]["stance"] == 0
    cited = {k: v for k, v in report["evidence"]["cited"].items() if "stances" in k}
    assert cited == {"members.FRA.stances.any": ["E03"]}
    assert report["evidence"]["preferences"] == plain["evidence"]["preferences"] + 2
    assert report["evidence"]["assumed"]["FRA"] == plain["evidence"]["assumed"]["FRA"] + 1


@pytest.mark.parametrize(
    ("worlds", "random_seed", "workers", "found"),
    [
        (0, 0, None, "worlds: 0"),
        (100_000_001, 0, None, "worlds: 100,000,001"),
        (1, -1, None, "random_seed: -1"),
        (1, 2**64, None, "random_seed"),
        (1, 0, 0, "workers: 0"),
        (1.5, 0, None, "worlds: 1.5"),
        (float("nan"), 0, None, "worlds: nan"),
        (float("inf"), 0, None, "worlds: inf"),
        (np.float32(0.5), 0, None, "worlds: 0.5"),
        ("10000", 0, None, "worlds: '10000'"),
        (None, 0, None, "worlds: None"),
        (True, 0, None, "worlds: True"),
        (np.True_, 0, None, "worlds: .*True"),
        (1, "7", None, "random_seed: '7'"),
        (1, None, None, "random_seed: None"),
        (1, 0, 1.5, "workers: 1.5"),
        (1, 0, "2", "workers: '2'"),
    ],
)
def test_numbers_out_of_bounds(
    seed_vote: Scenario, worlds: Any, random_seed: Any, workers: Any, found: str
) -> None:
    """What is no whole number within its bounds is refused by name, with what is allowed."""
    with pytest.raises(UnscError, match=f"^{found}.*expected a whole number from"):
        convene(seed_vote, worlds, random_seed, workers=workers)
    if workers is None:
        with pytest.raises(UnscError, match=f"^{found}.*expected a whole number from"):
            CouncilModel(seed_vote, worlds, random_seed)


@pytest.mark.parametrize("number", [2.0, np.int64(2), np.uint8(2), np.float32(2), Fraction(2)])
def test_whole_numbers_of_any_type_are_taken(imagine: Imagine, number: Any) -> None:
    """Floats and numpy's numbers that are whole count as whole in every place."""
    scenario = imagine({"USA": 1.0, "FRA": 0.5})
    result = convene(scenario, number, number, workers=number)
    assert (result.n_worlds, result.random_seed) == (2, 2)
    assert result.to_dict() == convene(scenario, 2, 2).to_dict()
    model = CouncilModel(scenario, number, number)
    assert (type(model.n_worlds), model.n_worlds) == (int, 2)


@pytest.mark.parametrize("worlds", [1, 4096, BLOCK, BLOCK + 1, 40_000])
def test_progress_reaches_the_end(imagine: Imagine, worlds: int) -> None:
    """Progress never falls, and whatever the number of worlds no world is lost."""
    told: list[int] = []
    ensemble = convene(imagine(P3), worlds, 1, on_progress=told.append)
    assert ensemble.n_worlds == worlds
    assert told == sorted(told)
    assert told[-1] == worlds


def test_a_fault_ends_every_thread(seed_vote: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the first worlds fail, those who wait for their roll calls fail too, and with that."""

    def fail(*_: object) -> None:
        raise ZeroDivisionError("as in a bug")

    monkeypatch.setattr("sim.chamber.session.most_frequent", fail)
    with pytest.raises(ZeroDivisionError, match="as in a bug"):
        convene(seed_vote, WORLDS, workers=3)


@pytest.mark.parametrize("usual", [0.005, 1e-6])
def test_the_interpreter_is_set_back(usual: float) -> None:
    """While worlds run, threads hand over soon; after runs that overlap all is as it was before."""
    before, scenario = sys.getswitchinterval(), load_scenario("dprk-panel-2024")
    sys.setswitchinterval(usual)
    usual = sys.getswitchinterval()
    try:
        one, other = (map_blocks(scenario, BLOCK + 2, 1, lambda m: m.n_worlds, 2) for _ in range(2))
        next(one), next(other)
        assert sys.getswitchinterval() == pytest.approx(min(usual, 5e-5))
        assert [*one, *other] == [2, 2]
        assert sys.getswitchinterval() == usual
        with pytest.raises(ZeroDivisionError):
            next(map_blocks(scenario, 2, 1, lambda m: 1 // 0, 2))
        assert sys.getswitchinterval() == usual
    finally:
        sys.setswitchinterval(before)
