"""What States are called: any of their names says which code to write."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from sim import load_scenario
from sim.errors import InvalidInput
from sim.paths import SEEDS
from sim.reading.numerals import months_meant
from sim.reading.state_names import letters, near_state
from sim.roster import states

CASES = Path(__file__).parent / "broken"
with (SEEDS / "state_names.csv").open(encoding="utf-8", newline="") as file:
    OTHERS = [*csv.DictReader(file)]


def test_every_name_says_its_code():
    """The short name, and each French, former or everyday one, is met with the State's code."""
    for code, state in states().items():
        assert f"'{code}'" in near_state(state.name)
        assert near_state(code.lower()) == f"Did you mean '{code}'?"
    for row in OTHERS:
        assert row["iso3"] in states()
        assert row["kind"] in ("everyday", "former", "french", "official")
        assert f"'{row['iso3']}'" in near_state(row["name"]), row


@pytest.mark.parametrize(
    ("word", "codes"),
    [
        ("Turkey", "'TUR'"),
        ("cote d'ivoire", "'CIV'"),
        ("NORTH KOREA", "'PRK'"),
        ("Corée", "'PRK' or 'KOR'"),
        ("Czechoslovakia", "'CZE' or 'SVK'"),
        ("Norwya", "'NOR'"),
        ("Syrian", "'SYR'"),
        ("KRP", "'PRK'"),
        ("GER", "'DEU'"),
        ("DEN", "'DNK'"),
        ("CHI", "'CHL' or 'CHN'"),
        ("GDR", "'DEU'"),
        ("DDR", "'DEU'"),
        ("YUG", "'SRB'"),
        ("CSK", "'CZE' or 'SVK'"),
    ],
)
def test_a_word_may_mean_one_or_several(word, codes):
    """Accents, signs and case do not matter; how a name begins is looked at before odd letters."""
    meant = set(codes.replace("'", "").split(" or "))
    assert (
        set(
            near_state(word).removeprefix("Did you mean ").strip("?").replace("'", "").split(" or ")
        )
        == meant
    )


@pytest.mark.parametrize(
    "word", ["Kosovo", "Taiwan", "Abkhazia", "Holy See", "Scotland", "United", "P4"]
)
def test_no_other_state_is_named(word):
    """Where no State is meant, or too many may be, none is suggested."""
    assert near_state(word) == ""


def test_no_name_means_two_states_unless_both_are_listed():
    """Names of one kind are given once for each State."""
    pairs = [(row["iso3"], letters(row["name"])) for row in OTHERS]
    assert len(pairs) == len(set(pairs))


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("draft.target=Burma", "Did you mean 'MMR'?"),
        ("draft.penholder=Royaume-Uni", "Did you mean 'GBR'?"),
        ("council=[Turkey, USA]", "Did you mean 'TUR'?"),
        ("members.Russie.voice=0", "Did you mean 'RUS'?"),
        ("members.RUS.ties.North Korea=1", "Did you mean 'PRK'?"),
        ("memory.Russie={}", "Did you mean 'RUS'?"),
        ("assume.Chine=abstaining", "Did you mean 'CHN'?"),
        ("charter.must_abstain=[Russia]", "Did you mean 'RUS'?"),
        ("observed.against=[Russia]", "Did you mean 'RUS'?"),
        ("draft.text.term=12 months", "Write 0.5 for 12 months"),
        ("draft.text.term=9m", "Write 0.375 for 9 months"),
        ("draft.text.term.value=18", "Write 0.75 for 18 months"),
        ("draft.lapse.term=2 years", "Write 1 for 24 months"),
        ("draft.text.term=36", "Write 1, which stands for 24 months and more"),
        ("draft.text.review=60", "Write 0.6 for 60 %"),
        ("draft.text.review=60 %", "Write 0.6."),
        ("consultations.rounds=12 rounds", "Write 12 without a unit"),
    ],
)
def test_wherever_a_code_or_a_number_is_expected(setting, said):
    """The fault says what to write."""
    with pytest.raises(InvalidInput) as error:
        load_scenario("dprk-panel-2024", [setting])
    assert said in str(error.value)


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("9m", 9),
        ("12 months", 12),
        ("1 year", 12),
        ("7,5 mo.", 7.5),
        ("9", 9),
        ("0.5", 0),
        ("x", 0),
    ],
)
def test_months_are_read(text, months):
    """A number up to 1 is on the scale already; words for months and years are understood."""
    assert months_meant(text) == months
