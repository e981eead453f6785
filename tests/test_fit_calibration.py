"""Learning from the record and then from the seed vote: what is learnt, written and refused."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import HAND_SET

from sim import convene, load_scenario
from sim.catalogue import evidence_ids
from sim.charter import Action
from sim.draws import Parameter
from sim.errors import UnscError
from sim.fit import (
    Calibration,
    SeedFit,
    calibrate_to_record,
    calibrate_to_vote,
    calibrated_text,
    preferences_text,
    read_prior,
)
from sim.fit.layers import as_document
from sim.fit.prior import levels
from sim.paths import PREFERENCES, SEEDS
from sim.record import RecordedVote, read_record
from sim.roster import states
from sim.scenario import read_preferences

SEED_VOTE, SEED_ID = "dprk-panel-2024", "S-2024-255"
RECORD = SEEDS / "votes.csv"
UNTIL = "1996-12-31"
WORLDS, COUNT = 4000, 2
LAYERS = ("defaults", "groups", "members")
NEVER_SEEN = "LVA"
"""A member of 2026 that has no seat anywhere in the record."""


def unsc(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own, and return it when it has ended."""
    return subprocess.run(
        [sys.executable, "-m", "sim", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def early() -> tuple[RecordedVote, ...]:
    """The record until 1996."""
    return tuple(v for v in read_record() if v.date <= date.fromisoformat(UNTIL))


@pytest.fixture(scope="module")
def short(early: tuple[RecordedVote, ...]) -> Calibration:
    """What the record until 1996 says, and then the seed vote in few worlds."""
    return calibrate_to_record(early, SEED_VOTE, worlds=WORLDS, count=COUNT, workers=1)


@pytest.fixture(scope="module")
def before(early: tuple[RecordedVote, ...]) -> Calibration:
    """What the record until 1996 says without the seed vote, which lies after it."""
    return calibrate_to_record(read_record(), SEED_VOTE, early[-1].date)


@pytest.fixture(scope="module")
def full() -> Calibration:
    """The whole record and the seed vote, as the shipped file was computed."""
    return calibrate_to_record(read_record(), SEED_VOTE)


def written(calibration: Calibration, folder: Path) -> Path:
    path = folder / "calibrated.yaml"
    path.write_text(calibrated_text(calibration, RECORD), encoding="utf-8")
    return path


def numbers_in(value: Any, path: str = "") -> Iterator[tuple[str, float]]:
    """Yield each mean and spread of a document with its dotted setting."""
    if isinstance(value, list):
        value = {str(i): item for i, item in enumerate(value)}
    for key, inner in value.items():
        if key in ("mean", "spread"):
            yield f"{path}.{key}", inner
        elif isinstance(inner, Mapping | list) and key != "evidence":
            yield from numbers_in(inner, f"{path}.{key}".lstrip("."))


def layers_of(text: str) -> dict[str, Any]:
    document = yaml.safe_load(text)
    return {layer: document[layer] for layer in LAYERS}


def evidence_in(text: str) -> set[str]:
    """Return all ids that a file of preferences names."""

    def named(value: Any) -> Iterator[str]:
        if isinstance(value, list):
            value = dict(enumerate(value))
        for key, inner in value.items():
            if key == "evidence":
                yield from inner
            elif isinstance(inner, Mapping | list):
                yield from named(inner)

    return set(named(layers_of(text)))


def test_the_shipped_file_is_what_the_record_gives(full: Calibration) -> None:
    """The shipped preferences have the keys and, within 0.02, the numbers of a new calibration."""
    shipped = (PREFERENCES / "calibrated.yaml").read_text(encoding="utf-8")
    theirs = dict(numbers_in(layers_of(shipped)))
    ours = dict(numbers_in(layers_of(calibrated_text(full, RECORD))))
    assert set(ours) == set(theirs), "run `unsc calibrate`"
    assert ours == pytest.approx(theirs, abs=0.02)


def test_the_shipped_file_names_what_it_was_computed_from() -> None:
    """The shipped file's digests are those of the record and of the prior that lie beside it."""
    text = (PREFERENCES / "calibrated.yaml").read_text(encoding="utf-8")
    said = yaml.safe_load(text)["provenance"]
    prior = PREFERENCES / "prior.yaml"
    assert said["record"]["sha256"] == hashlib.sha256(RECORD.read_bytes()).hexdigest()
    assert said["prior_sha256"] == hashlib.sha256(prior.read_bytes()).hexdigest()


def test_the_seed_vote_is_met(full: Calibration) -> None:
    """After the fit the real roll call has one half or more, and each member does what it did."""
    fit = full.seed
    assert fit is not None
    assert fit.p_after >= 0.5
    after = dict(zip(fit.scenario.codes, fit.actions_after, strict=True))
    assert after.pop("RUS")[Action.AGAINST] >= 0.85
    assert after.pop("CHN")[Action.ABSTAINING] >= 0.5
    assert min(p[Action.IN_FAVOUR] for p in after.values()) >= 0.95


def test_the_seed_vote_comes_out_of_the_file(full: Calibration, tmp_path: Path) -> None:
    """With the file the real roll call is the modal one, and the renewal of 2023 is adopted."""
    over = [f"preferences={written(full, tmp_path)}"]
    found = convene(load_scenario(SEED_VOTE, over), 20_000).to_dict()
    assert found["roll_call"]["modal"] == found["roll_call"]["observed"]
    assert found["roll_call"]["p_observed"] >= 0.5
    earlier = convene(load_scenario("dprk-panel-2023", over), 20_000).to_dict()
    assert earlier["outcome"]["adopted"]["p"] >= 0.8


def test_the_seed_vote_counts_once_but_for_its_target(full: Calibration) -> None:
    """It is one vote of the record; what is learnt from it beyond that names its target."""
    assert [vote.vote_id for vote in full.votes].count(SEED_ID) == 1
    assert full.seed is not None
    assert {x.setting.split(".")[-1] for x in full.seed.learnt} == {"PRK"}


@pytest.mark.parametrize("workers", [1, 2])
def test_the_same_bytes_each_time(
    early: tuple[RecordedVote, ...], short: Calibration, workers: int
) -> None:
    """File and facts are the same each time, by one worker or two."""
    again = calibrate_to_record(early, SEED_VOTE, worlds=WORLDS, count=COUNT, workers=workers)
    assert calibrated_text(again, RECORD) == calibrated_text(short, RECORD)
    assert json.dumps(again.to_dict()) == json.dumps(short.to_dict())


def test_what_is_written_runs(short: Calibration, tmp_path: Path) -> None:
    """The file is sound, and the seed vote runs on it with other numbers than before any vote."""
    path = written(short, tmp_path)
    assert read_preferences(path).extends == "prior"
    after, unlearnt = (
        convene(load_scenario(SEED_VOTE, [f"preferences={name}"]), 1000).to_dict()
        for name in (path, "prior")
    )
    assert sum(v["p"] for v in after["outcome"].values()) == pytest.approx(1, abs=1e-5)
    assert after["roll_call"]["p_observed"] > unlearnt["roll_call"]["p_observed"]


def test_dated_ties_keep_day_evidence_and_note(short: Calibration, tmp_path: Path) -> None:
    """Each dated tie of the prior stands in the file with its day, and names what it named."""
    members = read_preferences(written(short, tmp_path)).members
    for (code, state), ties in read_prior().dated.items():
        kept = {form.since: form for form in members[code].ties[state]}
        assert [day for day in kept if day] == [tie.since for tie in ties]
        for tie in ties:
            form = kept[tie.since]
            assert form.note is not None
            assert form.note.startswith(tie.note)
            assert form.evidence is not None
            assert form.evidence[: len(tie.evidence)] == [*tie.evidence]


def test_evidence_is_known(full: Calibration, short: Calibration) -> None:
    """Every id that a file names is a statement's or a vote's."""
    for calibration in (full, short):
        named = evidence_in(calibrated_text(calibration, RECORD))
        assert SEED_ID in named
        assert named <= evidence_ids()


def test_a_last_day_before_the_seed_vote_leaves_it_out(
    early: tuple[RecordedVote, ...], before: Calibration, tmp_path: Path
) -> None:
    """Nothing after the last day counts, the seed vote neither, and nothing names it."""
    assert [v.vote_id for v in before.votes] == [v.vote_id for v in early]
    assert before.seed is None
    assert before.to_dict()["seed_vote"] is None
    text = written(before, tmp_path).read_text(encoding="utf-8")
    assert SEED_ID not in text
    assert "seed_vote" not in yaml.safe_load(text)["provenance"]
    assert {**layers_of(text), "coefficients": yaml.safe_load(text)["coefficients"]} == as_document(
        before.fitted
    )


def test_a_member_never_seen_sits_with_its_group(full: Calibration, tmp_path: Path) -> None:
    """It has no entry, and each of its numbers is its group's or else everybody's."""
    assert not any(m.code == NEVER_SEEN for vote in full.votes for m in vote.council)
    path = written(full, tmp_path)
    form = read_preferences(path)
    scenario = load_scenario("dprk-panel-2026", [f"preferences={path}"])
    assert NEVER_SEEN not in form.members
    assert NEVER_SEEN in scenario.by_group
    wants = scenario.preferences[scenario.codes.index(NEVER_SEEN)].estimates()
    below = [form.groups[states()[NEVER_SEEN].regional_group], form.defaults]
    for setting, estimate in wants.items():
        (said, *_), *_ = [s for s in (x.said(setting) for x in below) if s]
        assert (estimate.mean, estimate.spread) == (said.mean, said.spread or 0)


def test_a_group_is_as_wide_as_a_member_never_seen(full: Calibration) -> None:
    """A group's spread holds that of a member's own part before any vote, beside the group's."""
    fit = full.fit
    assert any(x.layer == "groups" for x in full.fitted)
    for x in full.fitted:
        if x.layer == "groups":
            spread = levels(x.kind, x.name)
            own = [Parameter(x.kind, x.name, level, "") for level in spread if level == "default"]
            if "group" in spread:
                own.append(Parameter(x.kind, x.name, "group", x.who))
            _, common = fit.total(own)
            least = (common**2 + spread.get("member", 0) ** 2) ** 0.5
            assert x.posterior.spread >= least - 1e-9


def some_votes(path: Path, rename: str = "") -> Path:
    """Write the record's rows until 1996, ids that begin with R beginning as told."""
    rows = RECORD.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [row for row in rows[1:] if row.split(",")[1] <= UNTIL]
    renamed = [rename + row[1:] if rename and row[0] == "R" else row for row in kept]
    path.write_text("".join([rows[0], *renamed]), encoding="utf-8")
    return path


def test_votes_that_no_seed_knows_stand_in_notes(tmp_path: Path) -> None:
    """A record with ids of its own gives a sound file, with its votes in notes."""
    votes, out = some_votes(tmp_path / "votes.csv", "MINE-"), tmp_path / "mine.yaml"
    result = unsc(
        "calibrate", "--votes", votes, "--worlds", WORLDS, "--seed-count", COUNT, "--out", out
    )
    assert result.returncode == 0, result.stderr
    assert "28 votes" in result.stdout
    text = out.read_text(encoding="utf-8")
    assert not any(name.startswith("MINE-") for name in evidence_in(text))
    assert "votes: MINE-" in text
    assert unsc("validate", out).returncode == 0


def test_what_was_not_known_by_then_is_left_out(tmp_path: Path) -> None:
    """A file until 1996 holds no tie that begins later, and runs from where one stands."""
    result = unsc("calibrate", "--until", UNTIL, "--out", tmp_path / "then.yaml")
    assert result.returncode == 0, result.stderr
    assert "since" not in (tmp_path / "then.yaml").read_text(encoding="utf-8")
    then = f"preferences={tmp_path / 'then.yaml'}"
    tie = load_scenario("dprk-panel-2024", [then]).preferences
    assert all(p.tie_to("PRK").mean < 0.5 for p in tie)


def test_a_setting_names_a_file_from_where_the_command_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`--set preferences=mine.yaml` finds the file in the folder where one stands."""
    (tmp_path / "mine.yaml").write_text("kind: preferences\nextends: assumed\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    mine = load_scenario("dprk-panel-2024", ["preferences=mine.yaml"])
    assert mine.preferences == load_scenario("dprk-panel-2024", ["preferences=assumed"]).preferences


def test_json_holds_every_part(short: Calibration, tmp_path: Path) -> None:
    """The command prints the facts and nothing else, and writes the two files they lead to."""
    votes, out = some_votes(tmp_path / "votes.csv"), tmp_path / "mine.yaml"
    arguments = ("--votes", votes, "--worlds", WORLDS, "--seed-count", COUNT, "--workers", 2)
    arguments += ("--out", out)
    result = unsc("calibrate", *arguments, "--json")
    assert result.returncode == 0, result.stderr
    found = json.loads(result.stdout)
    assert list(found) == ["record", "preferences", "seed_vote", "seed_count"]
    assert found == short.to_dict()
    assert out.read_text(encoding="utf-8") == calibrated_text(short, votes, "mine.draws")
    assert out.with_suffix(".draws").read_bytes() == short.draws.content


def test_the_command_tells_what_moved() -> None:
    """Without the seed vote the report says so, and shows the numbers that moved most."""
    result = unsc("calibrate", "--until", UNTIL)
    assert result.returncode == 0, result.stderr
    told = " ".join(result.stdout.split())
    assert "28 votes (420 member votes), 1994-06-22 to 1996-11-27" in told
    assert "was not used" in told
    assert "defaults.stances.any" in told


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("--only-seed-vote", "--votes", RECORD), "without --votes"),
        (("--only-seed-vote", "--until", UNTIL), "without --until"),
        (("--only-seed-vote", "--half-life", 5), "without --half-life"),
        (("--prior", "assumed"), "--prior goes with --only-seed-vote"),
        (("--seed-count", 0), "--seed-count: 0; expected a whole number from 1 to 1,000"),
        (("--seed-count", 1001), "expected a whole number from 1 to 1,000"),
        (("--half-life", -1), "a number of years"),
        (("--half-life", "nan"), "a number of years"),
        (("--half-life", "inf"), "a number of years"),
        (("--worlds", 0), "--worlds: 0; expected a whole number from 1"),
        (("--workers", 0), "--workers: 0; expected a whole number from 1"),
        (("--random-seed", -1), "--random-seed: -1; expected a whole number from 0"),
        (("--set", "preferences=assumed"), "--only-seed-vote --prior NAME"),
        (("--until", "yesterday"), "--until 'yesterday': no such day"),
        (("--until", "2023-02-29"), "--until '2023-02-29': no such day"),
        (("--until", "1990-01-01"), "no vote until 1990-01-01"),
        (("--votes", "no-such-file.csv"), "no-such-file.csv"),
        (("dprk-panel-2026",), "no observed vote"),
        (("--until", UNTIL, "--set", "nonsense"), "this is no setting"),
    ],
)
def test_what_cannot_be_is_refused(
    arguments: tuple[object, ...], reason: str, tmp_path: Path
) -> None:
    """Options that do not go together end with exit code 2, a sentence, and no file."""
    result = unsc("calibrate", *arguments, "--out", tmp_path / "out.yaml")
    assert result.returncode == 2, result.stdout
    assert "Traceback" not in result.stderr
    assert reason in " ".join(result.stderr.split())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("alone", [(), ("--only-seed-vote",)])
def test_a_file_that_is_there_is_kept(alone: tuple[str, ...], tmp_path: Path) -> None:
    """Without --force a file is refused before anything is computed, and stays as it was."""
    out = tmp_path / "out.yaml"
    out.write_text("mine\n", encoding="utf-8")
    begun = time.monotonic()
    result = unsc("calibrate", *alone, "--worlds", 10_000_000, "--out", out)
    assert time.monotonic() - begun < 10
    assert result.returncode == 2
    assert "--force" in result.stderr
    assert out.read_text(encoding="utf-8") == "mine\n"


def test_no_vote_is_refused() -> None:
    """An empty record teaches nothing."""
    with pytest.raises(UnscError, match="no vote"):
        calibrate_to_record([], SEED_VOTE)


def learnt(fit: SeedFit) -> dict[str, tuple[float, float]]:
    return {x.setting: (x.mean, x.spread) for x in fit.learnt}


def test_a_vote_that_counts_twice_is_met_twice() -> None:
    """Counted twice, a vote teaches what it does if it meets what it taught, in other worlds.

    It leaves the roll call likelier and the tie that it turns on surer than counted once.
    """
    scenario = load_scenario(SEED_VOTE, [HAND_SET])
    once, twice = (calibrate_to_vote(scenario, WORLDS, 3, count=n) for n in (1, 2))
    by_hand = calibrate_to_vote(once.learnt_by(), WORLDS, 4)
    after = learnt(twice)
    assert set(after) == set(learnt(once))
    for setting, (mean, spread) in learnt(by_hand).items():
        assert after[setting] == pytest.approx((mean, spread), abs=1e-6)
    assert twice.p_before == once.p_before
    assert twice.p_after == pytest.approx(by_hand.p_after)
    assert twice.p_after > once.p_after
    tie = "members.CHN.ties.PRK"
    assert after[tie][1] < learnt(once)[tie][1]


def test_a_dated_tie_that_stands_alone_keeps_its_day(tmp_path: Path) -> None:
    """What a vote says of a value that begins on a day does not hold before that day."""
    scenario = load_scenario(SEED_VOTE, ["preferences=prior"])
    path = tmp_path / "learnt.yaml"
    path.write_text(preferences_text(calibrate_to_vote(scenario, 20_000)), encoding="utf-8")
    (tie,) = read_preferences(path).members["RUS"].ties["PRK"]
    assert str(tie.since) == "2023-09-13"
    assert SEED_ID in (tie.evidence or [])
