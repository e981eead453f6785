"""How members choose: each behaviour by itself, by YAML, and one from outside."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import Hold

from sim import convene
from sim.arrays import WorldArray
from sim.behaviours import DEFAULT, Behaviour, Floor, Seats, behaviours
from sim.charter import Action
from sim.errors import InvalidInput, UnscError
from sim.scenario import Scenario, scenario_of

Y, A, N = Action
CHN, RUS = 0, 3
WORLDS = 2000


def varied(scenario: Scenario, **by_layer: object) -> Scenario:
    """Return the scenario with behaviours laid over it: `CHN="sincere"`, `everybody=...`."""
    paths = {"everybody": "defaults"}
    return scenario.with_settings(
        {f"{paths.get(who, f'members.{who}')}.behaviour": said for who, said in by_layer.items()}
    )


def test_the_folder_is_the_list() -> None:
    """Every file of the folder but that of the base holds the behaviour it is named for."""
    assert set(behaviours()) == {"quantal_response", "sincere", "follows", "fixed"}
    assert all(kind.__doc__ for kind in behaviours().values())


def test_a_file_that_names_the_default_changes_nothing(seed_vote: Scenario, hold: Hold) -> None:
    """`quantal_response` by name is what holds without it, and leaves the document as it was."""
    named = varied(seed_vote, everybody="quantal_response")
    np.testing.assert_array_equal(hold(named, 200).answers, hold(seed_vote, 200).answers)
    assert named.document["members"] == seed_vote.document["members"]
    assert "behaviour" not in seed_vote.document["members"]["RUS"]


def test_sincere_members_vote_by_their_gain_alone(seed_vote: Scenario, hold: Hold) -> None:
    """In favour and against are as likely as exp(precision * gain) and its inverse say.

    So a sincere China, which loses by adoption, is against where by beliefs it abstained.
    """
    model = hold(varied(seed_vote, everybody="sincere"), WORLDS)
    odds = np.log(model.answers[:, Y] / np.maximum(model.answers[:, N], 1e-30))
    is_plain = np.abs(model.gains) < 5  # beyond, single precision has nothing left of one of them
    expected = 2 * model.precision * model.gains
    np.testing.assert_allclose(odds[is_plain], expected[is_plain], atol=1e-2)
    strategic = hold(seed_vote, WORLDS)
    assert strategic.answers[CHN, N].mean() < 0.1 < 0.7 < model.answers[CHN, N].mean()


@pytest.mark.parametrize("weight", [0.0, 0.5, 1.0])
def test_a_follower_mixes_the_leader_and_its_own_mind(
    seed_vote: Scenario, hold: Hold, weight: float
) -> None:
    """By its weight it does as the leader says, by the rest as it would itself."""
    model = hold(varied(seed_vote, RUS={"follows": "CHN", "weight": weight}), 200)
    own = np.empty_like(model.answers[:1])
    DEFAULT.answer(model, slice(RUS, RUS + 1), own)
    expected = (1 - weight) * own[0] + weight * model.positions[CHN]
    np.testing.assert_allclose(model.answers[RUS], expected, atol=1e-6)


@pytest.mark.parametrize(
    ("said", "chances"),
    [("against", (0, 0, 1)), ({"abstaining": 0.75, "against": 0.25}, (0, 0.75, 0.25))],
)
def test_a_fixed_vote_is_known_and_stays(
    seed_vote: Scenario, hold: Hold, said: object, chances: tuple[float, ...]
) -> None:
    """Its chances are those given, in the first position as in the vote."""
    model = hold(varied(seed_vote, CHN={"fixed": said}), 100)
    for array in (model.positions, model.answers):
        np.testing.assert_allclose(array[CHN].T, np.tile(chances, (100, 1)), atol=1e-6)
    np.testing.assert_allclose(model.trace[0].positions[CHN] / 100, chances, atol=1e-6)


def test_a_text_moves_no_fixed_vote(seed_vote: Scenario, hold: Hold) -> None:
    """The penholder counts on nothing from a member that does not answer to the text."""
    model = hold(varied(seed_vote, CHN={"fixed": "abstaining"}, RUS="sincere"), 50)
    leverages = model.leverages(model.adopted_if)
    assert not leverages[CHN].any()
    assert leverages[RUS].any()


def test_the_leader_of_a_group_does_not_follow_itself(seed_vote: Scenario) -> None:
    """A group that follows one of its own leaves that one its own mind."""
    scenario = seed_vote.with_settings({"groups.WEOG.behaviour": {"follows": "USA"}})
    chosen = dict(zip(scenario.codes, scenario.behaviours, strict=True))
    assert chosen["USA"] == chosen["RUS"] == DEFAULT
    assert {chosen[code].words for code in ("FRA", "GBR", "CHE", "MLT")} == {"follows USA"}


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("sincer", "Did you mean 'sincere'?"),
        ({"follow": "CHN"}, "unknown key 'follow'"),
        ({"follows": "BRA"}, "follows 'BRA', who has no seat"),
        ({"follows": "RUS"}, "RUS follows itself in the end"),
        ({"follows": "CHN", "fixed": "against"}, "the settings of one behaviour"),
        ({"weight": 0.5}, "the settings of one behaviour"),
        ({"follows": "CHN", "weight": 1.5}, "expected a number from 0 to 1"),
        ({"fixed": "veto"}, "expected one of in_favour, abstaining, against"),
        ({"fixed": {"against": 0.5}}, "chances that sum to 1"),
    ],
)
def test_what_is_no_behaviour_is_refused(seed_vote: Scenario, said: object, found: str) -> None:
    """A fault says at which setting, what was found and what is allowed."""
    with pytest.raises(InvalidInput) as error:
        varied(seed_vote, RUS=said)
    assert found in str(error.value)
    assert "members.RUS.behaviour" in str(error.value)


def test_members_that_follow_one_another_are_refused(seed_vote: Scenario) -> None:
    """A ring of followers would stay where it began."""
    with pytest.raises(InvalidInput, match="CHN > RUS > CHN"):
        varied(seed_vote, CHN={"follows": "RUS"}, RUS={"follows": "CHN"})


class Stubborn(Behaviour):
    """Votes against, whatever comes."""

    def answer(self, floor: Floor, seats: Seats, out: WorldArray) -> None:
        out[:] = 0
        out[:, Action.AGAINST] = 1


def test_a_behaviour_from_outside(seed_vote: Scenario) -> None:
    """A class of the user's own is handed to `convene`, and the report names it."""
    result = convene(seed_vote, 500, behaviours={"FRA": Stubborn(), "DZA": Stubborn()})
    report = result.to_dict()
    for code in ("FRA", "DZA"):
        assert report["members"][code]["against"] == 1
        assert report["members"][code]["behaviour"] == "stubborn"
        assert report["members"][code]["pivot"] is None
    assert result.outcome["vetoed"].p == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize(
    ("given", "found"),
    [({"BRA": Stubborn()}, "'BRA'"), ({"RUS": "sincere"}, "an instance of sim.behaviours")],
)
def test_from_outside_too_only_seats_and_behaviours(
    seed_vote: Scenario, given: dict[str, Behaviour], found: str
) -> None:
    """Somebody without a seat, or what is no behaviour, is refused by name."""
    with pytest.raises(UnscError, match=found):
        convene(seed_vote, 10, behaviours=given)


def test_a_report_runs_again_by_its_behaviours(seed_vote: Scenario) -> None:
    """What a report carries names every behaviour but the default, and gives the same again."""
    announced = {"fixed": {"against": 0.9, "abstaining": 0.1}}
    scenario = varied(seed_vote, CHN={"follows": "RUS", "weight": 0.5}, RUS=announced)
    again = scenario_of(dict(scenario.document))
    assert again.behaviours == scenario.behaviours
    assert again.document == scenario.document
