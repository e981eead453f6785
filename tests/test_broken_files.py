"""A gallery of broken files, one fault a file: where it stands, what was found, what is allowed.

Each file of `tests/broken/` says in its first lines what must be reported, and nothing else may be:
`# expect: line:column setting: what was found; what is allowed`. The end may be left out; a fault
of another file begins with that file's name. `# advice:` says what a fault must end with. Files
named `pref-*` are preferences, `newcomer-*` what people write who have read no manual.
"""

from __future__ import annotations

import contextlib
import copy
import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.errors import Fault, InvalidInput, NotFound, UnscError
from sim.reading.faults import MOST_PASSES, check_form
from sim.reading.yaml12 import parse
from sim.scenario import load_scenario, read_preferences
from sim.scenario.form import PreferencesFile, ScenarioFile

BROKEN = Path(__file__).parent / "broken"
FILES = sorted(BROKEN.glob("*.yaml"))
NEWCOMERS = [path for path in FILES if path.stem.startswith("newcomer-")]
ALLOWED = ("expected ", "allowed", "must be", "may stand", "holds one", "YAML 1.2", "an alias")
VALID = """\
kind: scenario
title: Sound
date: 2024-03-28
preferences: assumed
draft: {instrument: panel_renewal, target: PRK, penholder: USA}
"""
# Files in which no comment can stand, or that no repository should hold.
UNWRITTEN: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "1:1 the file is empty; expected a mapping"),
    "blank": (b"\n \n\n", "1:1 the file is empty; expected a mapping"),
    "binary": (
        bytes(range(128, 256)) * 8,
        "1:1 byte 0 (0x80) is not UTF-8; the file must be UTF-8",
    ),
    "nul": (VALID.encode() + b"\0", "6:1 byte 130 begins U+0000, a control or invisible character"),
    "bad-utf-8": (
        VALID.encode().replace(b"Sound", b"Pal\xe9"),
        "2:11 byte 25 (0xe9) is not UTF-8; the file must be UTF-8 text. Save it as UTF-8.",
    ),
    "utf-16": (VALID.encode("utf-16"), "1:1 byte 0 (0xff) is not UTF-8; the file must be UTF-8"),
    "huge": (
        VALID.encode() + b"# more\n" * 400_000,
        "huge.yaml the file is too big; at most 2,000,000 bytes are allowed.",
    ),
    "many": (
        VALID.encode() + b"sources: [" + b"x," * 120_000 + b"]\n",
        "6:199973 sources.99981: the file holds too much, each alias counted as all that it stands",
    ),
}


def load(path: Path) -> None:
    if path.name.startswith("pref-"):
        read_preferences(path)
    else:
        load_scenario(path)


def faults_of(path: Path) -> tuple[Fault, ...]:
    with pytest.raises(InvalidInput) as caught:
        load(path)
    assert str(caught.value) == "\n".join(map(str, caught.value.faults))
    return caught.value.faults


def shown(fault: Fault, path: Path) -> str:
    """The fault without the file's own name, or with the bare name of another file."""
    return str(fault).removeprefix(f"{path}:").removeprefix(f"{path.parent}/")


def expected(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.removeprefix("# expect: ") for line in lines if line.startswith("# expect: ")]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_broken_file_reports_what_it_says(path: Path) -> None:
    """A broken file reports the faults that its first lines name, in that order, and no other."""
    found = [shown(fault, path) for fault in faults_of(path)]
    wanted = expected(path)
    assert len(found) == len(wanted), found
    for text, start in zip(found, wanted, strict=True):
        assert text.startswith(start)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_fault_says_where_what_and_what_is_allowed(path: Path) -> None:
    """Every fault has a line and a column, says what is allowed, and is itself one line."""
    for fault in faults_of(path):
        assert fault.place.line > 0
        assert fault.place.column > 0
        assert fault.found
        assert any(words in fault.allowed for words in ALLOWED)
        assert "\n" not in str(fault)
        assert len(str(fault)) < 700


@pytest.mark.parametrize("path", NEWCOMERS, ids=lambda path: path.stem)
def test_a_newcomer_is_told_what_to_write(path: Path) -> None:
    """Each mistake of someone who has read no manual is answered with what to write instead."""
    lines = path.read_text(encoding="utf-8").splitlines()
    advice = [line.removeprefix("# advice: ") for line in lines if line.startswith("# advice: ")]
    assert advice
    assert advice == [fault.advice for fault in faults_of(path) if fault.advice]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_faults_stand_in_the_order_of_the_lines(path: Path) -> None:
    """The faults of a file are sorted by line and column."""
    places = [(f.place.line, f.place.column) for f in faults_of(path)]
    assert places == sorted(places)


def test_the_gallery_is_large() -> None:
    """It holds 55 files with one fault, four with several, and 40 of newcomers, at the least."""
    assert len(NEWCOMERS) >= 40
    n_faults = [len(expected(path)) for path in FILES]
    assert sum(n == 1 for n in n_faults) >= 55
    assert sum(n > 1 for n in n_faults) >= 4
    assert min(n_faults) == 1


@pytest.mark.parametrize("name", UNWRITTEN)
def test_files_without_comments(name: str, tmp_path: Path) -> None:
    """A file that is empty, binary or huge is refused in one fault."""
    content, start = UNWRITTEN[name]
    path = tmp_path / f"{name}.yaml"
    path.write_bytes(content)
    (fault,) = faults_of(path)
    assert shown(fault, path).startswith(start)


@pytest.mark.parametrize(
    "content",
    [VALID, VALID.replace("\n", "\r\n"), "\ufeff" + VALID, "%YAML 1.2\n---\n" + VALID + "...\n"],
    ids=["plain", "CRLF", "BOM", "directive"],
)
def test_sound_files_load(content: str, tmp_path: Path) -> None:
    """Windows line ends, a byte order mark and a YAML directive are no faults."""
    path = tmp_path / "sound.yaml"
    path.write_bytes(content.encode())
    assert load_scenario(path).title == "Sound"


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """A missing file is NotFound, with where names are listed and the nearest of them."""
    with pytest.raises(
        NotFound, match=r"unsc scenarios or unsc mandates lists.* Did you mean 'dprk-panel-2024'"
    ):
        load_scenario("dprk-panel-2o24")
    with pytest.raises(NotFound):
        load_scenario(tmp_path / "nowhere.yaml")
    with pytest.raises(NotFound):
        load_scenario(tmp_path / ".." / tmp_path.name)


@pytest.mark.parametrize("name", ["x" * 5000, "\0", "\ud800", "", ".", "a/b/c", "~", "con:"])
def test_names_that_no_file_can_have(name: str) -> None:
    """A name that the system refuses is NotFound like any other."""
    with pytest.raises(NotFound):
        load_scenario(name)


def test_faults_of_both_files_come_at_once(tmp_path: Path) -> None:
    """The faults of a scenario and of the preferences under it are reported together."""
    (tmp_path / "wants.yaml").write_text("kind: preferences\nmembers: {XYZ: {}}\n", "utf-8")
    path = tmp_path / "draft.yaml"
    path.write_text(VALID.replace("assumed", "wants").replace("USA", "UAS"), "utf-8")
    assert [(Path(f.place.source).name, f.path) for f in faults_of(path)] == [
        ("draft.yaml", "draft.penholder"),
        ("wants.yaml", "members.XYZ"),
    ]
    (tmp_path / "wants.yaml").write_text("kind: [preferences\n", "utf-8")
    assert [Path(f.place.source).name for f in faults_of(path)] == ["draft.yaml", "wants.yaml"]


MANY = 45_000


@pytest.mark.parametrize(
    "lines",
    [
        [f"key{k}: 9" for k in range(MANY)],
        ["members:", "  RUS:", "    ties:", *(f"      q{k}: 0.5" for k in range(MANY))],
        ["members:", "  RUS:", "    ties:", *(f"      q{k}: 9" for k in range(MANY // 2))],
        [f"sources: [{', '.join(['1'] * MANY)}]"],
        ["observed: {outcome: vetoed, against: [", *(f"q{k}," for k in range(MANY)), "]}"],
        ["draft:", "  text:", *(f"    q{k}: {{value: 0.5}}" for k in range(MANY // 2))],
    ],
    ids=lambda lines: " ".join(lines[-2:])[:40],
)
def test_many_faults_are_answered_soon(lines: list[str], tmp_path: Path) -> None:
    """Of 45,000 faults the first hundred are shown and the others counted, within seconds."""
    path = tmp_path / "many.yaml"
    path.write_text("\n".join(["kind: scenario", "title: T", "extends: dprk-panel-2024", *lines]))
    begin = time.process_time()
    with pytest.raises(InvalidInput) as error:
        load_scenario(path)
    assert time.process_time() - begin < 3
    *first, rest = str(error.value).splitlines()
    assert len(first) == 100
    assert re.fullmatch(r"\.\.\. and \d\d,\d{3} more faults\.", rest)


def test_a_broken_chain_does_not_hide_what_is_wrong_with_the_file(tmp_path: Path) -> None:
    """What a file says wrongly is reported beside a base that is missing; what it lacks is not."""
    path = tmp_path / "draft.yaml"
    path.write_text("kind: scenario\nextends: nowhere\ncharter: {quota: 0}\n", "utf-8")
    assert [f.path for f in faults_of(path)] == ["extends", "charter.quota"]


@pytest.mark.parametrize(
    ("over", "path"),
    [
        ("date: 2024-02-30\nmembers: {ALB: {}}", "date"),
        ("council: [USA, usa]\nobserved: {outcome: vetoed, against: [RUS]}", "council.1"),
        ("council: 5\nmembers: {ALB: {}}\ncharter: {quota: 20}", "council"),
        ("date: 1993-01-01\nmembers: {ALB: {}}\ncharter: {quota: 14}", "date"),
        ("observed: {outcome: vetoed, against: [rus]}", "observed.against.0"),
        ("observed: {outcome: vetoed, against: [XYZ]}", "observed.against.0"),
        ("charter: {vetoes_needed: two}\nobserved: {outcome: adopted, against: [RUS]}", None),
        ("preferences: nowhere", "preferences"),
        ("preferences: 5", "preferences"),
        ("provisions: []\nmembers: {RUS: {ideal: {arms: 0.5}}}", "provisions"),
        ("provisions: {arms: 5}\ncoefficients: {hostility: {arms: 0.5}}", "provisions.arms"),
        ("defaults: {voice: loud}\npreferences: null", "defaults.voice"),
        ("coefficients: []\npreferences: null", "coefficients"),
    ],
)
def test_no_fault_follows_from_a_fault(over: str, path: str | None, tmp_path: Path) -> None:
    """What would be wrong only because something else is at fault is not reported."""
    said = {**parse(VALID, "valid").plain(), **parse(over, "over").plain()}
    file = tmp_path / "draft.yaml"
    file.write_text(json.dumps(said), "utf-8")
    assert [f.path for f in faults_of(file)] == [path or "charter.vetoes_needed"]


def required(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every key that may not be missing, with its schema."""
    for part in [schema, *schema["$defs"].values()]:
        for key in part.get("required", ()):
            yield key, part["properties"][key]


@pytest.mark.parametrize("form", [ScenarioFile, PreferencesFile])
def test_whatever_may_not_be_missing_has_a_stand_in(form: type[Any]) -> None:
    """Each required key has an example, is a constant, or is a mapping: recovery cannot stall."""
    for key, part in required(form.model_json_schema()):
        assert {"examples", "const", "$ref"} & set(part), key


def test_recovery_ends_on_a_file_without_anything_right() -> None:
    """A form of which every key is at fault is filled after a few passes."""
    wrong = {key: [[]] for key in ScenarioFile.model_fields}
    filled = check_form(ScenarioFile, parse(json.dumps(wrong), "wrong.yaml"))
    assert {f.path.split(".")[0] for f in filled.faults} == set(ScenarioFile.model_fields)
    assert MOST_PASSES > 2 * 20


# ---- anything at all, anywhere

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(["RUS", "XYZ", "NO", "assumed", "scrutiny", "2024-03-28", "always", "vetoed"]),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.one_of(st.text(max_size=5), st.sampled_from(["mean", "value", "RUS", "since"])),
            inner,
            max_size=3,
        ),
    ),
    max_leaves=6,
)
SEVEN = ("scrutiny", "coercion", "intrusion", "term", "review", "relief", "blame")
WANTS: dict[str, Any] = {
    "kind": "preferences",
    "coefficients": dict.fromkeys(("shielding", "asking", "shared_shock", "own_shock"), 0.1),
    "defaults": {
        "ideal": dict.fromkeys(SEVEN, 0.5),
        "salience": dict.fromkeys(SEVEN, 1),
        **dict.fromkeys(("other_ties", "veto_cost", "opposition_cost", "voice"), 0.5),
    },
}
WHOLE: dict[str, Any] = {
    **parse(VALID, "valid").plain(),
    "preferences": "wants",
    "provisions": {"arms": {"unit": "a", "at_0": "b", "at_half": "c", "at_1": "d"}},
    "draft": {
        "instrument": "panel_renewal",
        "target": "PRK",
        "rival": ["CHN"],
        "penholder": ["USA", "GBR"],
        "text": {"arms": 0.5, "review": {"value": 0.1, "spread": 0.2}},
        "lapse": {"arms": 0},
        "red_lines": {"term": {"low": 0.4, "high": 0.6}},
    },
    "negotiation": {"drafts": 3, "rounds_on": ["2024-03-01"]},
    "charter": {"quota": 9, "veto": ["CHN", "RUS"], "must_abstain": ["JPN"]},
    "consultations": {"rounds": 3, "damping": 0.1},
    "tabling": {"if_adoptable": 0.5, "rollover": {"term": 0.1}},
    "observed": {"outcome": "vetoed", "against": ["RUS"], "evidence": ["E01"]},
    "coefficients": {"precision": 3, "hostility": {"arms": {"value": 1, "evidence": "assumed"}}},
    "defaults": {"ideal": {"arms": 0.5}, "salience": {"arms": {"mean": 1, "spread": 0.1}}},
    "groups": {"WEOG": {"caucuses": {"EU": 1}, "stances": {"rival": {"mean": -1, "spread": 0.1}}}},
    "members": {
        "RUS": {
            "voice": [1, {"since": "2022-02-24", "mean": 2}],
            "ties": {"PRK": 0.5},
            "restraint": {"PRK": 0.5, "panel_renewal": 1},
        }
    },
}


def paths_in(data: Any) -> Iterator[tuple[str | int, ...]]:
    """The path of every node below the top."""
    steps = data.items() if isinstance(data, dict) else enumerate(data)
    for step, value in steps:
        yield (step,)
        if isinstance(value, dict | list):
            yield from ((step, *rest) for rest in paths_in(value))


def changed(data: Any, path: tuple[str | int, ...], value: Any) -> Any:
    copied = copy.deepcopy(data)
    holder = copied
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = value
    return copied


def only_ours(action: Callable[[], object]) -> None:
    """Do it; any exception that is not the user's to put right goes through."""
    with contextlib.suppress(UnscError):
        action()


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("mutants") / "mutant.yaml"
    path.with_name("wants.yaml").write_text(json.dumps(WANTS), "utf-8")
    return path


def test_the_whole_scenario_is_sound(scratch: Path) -> None:
    """The scenario that is mutated below has no fault of its own."""
    scratch.write_text(json.dumps(WHOLE), "utf-8")
    assert load_scenario(scratch).draft.provisions[-1].name == "arms"


@pytest.mark.parametrize("path", sorted(paths_in(WHOLE), key=str), ids=str)
def test_one_wrong_value_is_one_fault(scratch: Path, path: tuple[str | int, ...]) -> None:
    """A list in a list, wherever it stands, is one fault, and nothing follows from it."""
    scratch.write_text(json.dumps(changed(WHOLE, path, [[]])), "utf-8")
    (fault,) = faults_of(scratch)
    assert fault.path.startswith(".".join(map(str, path)))


NASTY = (None, True, -1, 10**400, "", "NO", [], [[]], {}, {"": {}}, [{"since": []}, 1])


def test_nasty_values_everywhere(scratch: Path) -> None:
    """Each node replaced by each of some nasty values loads or raises an UnscError."""
    for path in paths_in(WHOLE):
        for value in NASTY:
            scratch.write_text(json.dumps(changed(WHOLE, path, value)), "utf-8")
            only_ours(lambda: load_scenario(scratch))


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.sampled_from(sorted(paths_in(WHOLE), key=str)), value=VALUES)
def test_any_value_anywhere_is_taken_or_refused(
    scratch: Path, path: tuple[str | int, ...], value: Any
) -> None:
    """A scenario with any one node replaced by any JSON value loads or raises an UnscError."""
    scratch.write_text(json.dumps(changed(WHOLE, path, value)), "utf-8")
    only_ours(lambda: load_scenario(scratch))


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.dictionaries(st.sampled_from(sorted(ScenarioFile.model_fields)), VALUES))
def test_any_file_is_taken_or_refused(scratch: Path, data: dict[str, Any]) -> None:
    """A scenario or preferences file of any JSON values loads or raises an UnscError."""
    scratch.write_text(json.dumps(data | {"kind": "scenario"}), "utf-8")
    only_ours(lambda: load_scenario(scratch))
    scratch.write_text(json.dumps(data | {"kind": "preferences"}), "utf-8")
    only_ours(lambda: read_preferences(scratch))


STEPS = st.one_of(
    st.sampled_from(sorted({str(step) for path in paths_in(WHOLE) for step in path})),
    st.text(max_size=6),
)


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.one_of(
        st.sampled_from([".".join(map(str, p)) for p in sorted(paths_in(WHOLE), key=str)]),
        st.lists(STEPS, max_size=30).map(".".join),
    ),
    value=st.one_of(SCALARS.map(str), VALUES.map(json.dumps), st.text(max_size=12)),
)
def test_any_setting_is_taken_or_refused(scratch: Path, path: str, value: str) -> None:
    """A setting of any path and any value loads or raises an UnscError."""
    scratch.write_text(json.dumps(WHOLE), "utf-8")
    only_ours(lambda: load_scenario(scratch, [f"{path}={value}"]))
