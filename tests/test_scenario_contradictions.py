"""Sound scenarios whose facts contradict one another are warned of, and run."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.catalogue import mandates
from sim.cli.app import app
from sim.paths import PREFERENCES, SCENARIOS
from sim.record.shipped import shipped_record
from sim.scenario import describe_file, scenario_of
from sim.scenario.contradictions import contradictions
from sim.scenario.renewal import former, renewal

SEED_VOTE = "extends: dprk-panel-2024"


def warned(tmp_path: Path, text: str) -> list[str]:
    """Return the warnings of a file that extends the seed vote, or stands alone."""
    path = tmp_path / "variant.yaml"
    path.write_text(f"kind: scenario\n{text}\n", encoding="utf-8")
    return [str(warning) for warning in describe_file(path).warnings]


@pytest.mark.parametrize(
    "path", sorted([*SCENARIOS.glob("*.yaml"), *PREFERENCES.glob("*.yaml")]), ids=lambda p: p.stem
)
def test_shipped_files_have_none(path: Path) -> None:
    """What is shipped goes together."""
    assert describe_file(path).warnings == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "title: Renewal of 2024\ndate: 2027-03-30\ndraft: {mandate: a panel again}",
            "title: the title names 2024; expected 2027",
        ),
        ("title: t\ndraft: {symbol: S/RES/2680(2023)}", "was voted on 2023-03-23"),
        ("title: t\ndraft: {symbol: S/RES/9999(2031)}", "S/RES/9999(2031) is of 2031"),
        ("title: t\ndraft: {symbol: S/2025/1}", "S/2025/1 is of 2025"),
        (
            "title: t\ndraft: {mandate: the panel (expires on 1 March 2024)}",
            "expires on 1 March 2024, before the vote on 2024-03-28",
        ),
        ("title: t\nnegotiation: {in_blue_on: 2024-04-02}", "2024-04-02 is after the vote"),
        ("title: t\ndate: 2025-03-28", "dprk-panel ended on 2024"),
        ("title: t\ndraft: {renews: unisfa}", "unisfa is about SDN, SSD, not about PRK"),
        ("title: t\ndraft: {renews: undof, target: SYR}", "no text on undof was a panel renewal"),
        ("title: t\ndate: 2026-03-30\ndraft: {target: NZL, mandate: m}", "no vote on NZL"),
        (
            "title: t\ndraft: {symbol: S/2024/255}\nobserved: {outcome: vetoed, against: [CHN]}",
            "CHN; the record has RUS",
        ),
        ("title: t\ndraft: {symbol: S/2024/255, target: SYR}", "is on PRK by the record"),
    ],
)
def test_each_kind_is_warned_of(tmp_path: Path, text: str, said: str) -> None:
    """The warning says where it stands, what contradicts what, and what is expected."""
    found = warned(tmp_path, f"{SEED_VOTE}\n{text}")
    assert any(said in warning for warning in found), found
    assert all("; expected " in warning for warning in found)
    assert all(
        "variant.yaml:" in warning or "dprk-panel-2024.yaml:" in warning for warning in found
    )


def test_a_vote_in_january_may_be_on_a_draft_of_december(tmp_path: Path) -> None:
    """A draft's symbol is of the day on which it was circulated, a resolution's of the vote."""
    over = f"{SEED_VOTE}\ntitle: t\ndate: 2026-01-05\ndraft: {{mandate: a panel again, symbol: "
    assert not warned(tmp_path, f"{over}S/2025/900}}}}".replace("}}", "}"))
    assert warned(tmp_path, f"{over}S/RES/2900(2025)}}}}".replace("}}", "}"))


def test_it_is_no_error(tmp_path: Path) -> None:
    """The command ends with 0: what is sound is said first, the warning on standard error."""
    path = tmp_path / "variant.yaml"
    path.write_text(f"kind: scenario\n{SEED_VOTE}\ntitle: t\ndate: 2025-03-28\n", encoding="utf-8")
    done = CliRunner().invoke(app, ["validate", str(path)])
    assert done.exit_code == 0
    assert done.stdout == f"{path}: a sound scenario, 15 members on 2025-03-28\n"
    assert done.stderr.startswith("warning: ")


def test_what_is_made_of_a_mandate_has_none() -> None:
    """The renewal of each mandate on the day it expires contradicts nothing."""
    for mandate in mandates().values():
        for expiry in mandate.expiries_until(date(2027, 12, 31)):
            scenario = scenario_of(renewal(mandate.mandate, expiry.day))
            assert contradictions(scenario, scenario.origin.node) == []  # type: ignore[union-attr]


@pytest.mark.slow(reason="reads every vote of the record as a scenario")
def test_the_record_does_not_contradict_itself() -> None:
    """No former vote, written down as a scenario, is warned of."""
    for vote in shipped_record():
        scenario = scenario_of(former(vote.vote_id))
        assert contradictions(scenario, scenario.origin.node) == [], vote.vote_id  # type: ignore[union-attr]
