"""From files to a frozen scenario: layers, dates, `extends`, settings, rules, and the way back."""

from __future__ import annotations

import json
import pickle
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.catalogue import evidence_ids, instruments, provisions
from sim.chamber import convene
from sim.charter import Action, Outcome
from sim.draft import ANY, RIVAL
from sim.errors import InvalidInput, NotFound, UnscError
from sim.paths import PREFERENCES, SCENARIOS
from sim.preferences import Estimate
from sim.reading import yaml12
from sim.reading.files import find, shipped
from sim.reading.yaml12 import read
from sim.roster import states
from sim.scenario import (
    Scenario,
    describe_file,
    load_scenario,
    read_preferences,
    scenario_of,
    schema_of,
)

SCALES = list(provisions())
DAY = date(2024, 3, 28)
Write = Callable[..., Path]


def wants(**over: Any) -> dict[str, Any]:
    """Preferences with half of everything for everybody."""
    strengths = ("precision", "shielding", "asking", "shared_shock", "own_shock")
    base = {
        "kind": "preferences",
        "coefficients": dict.fromkeys(strengths, 0.5),
        "defaults": {
            "ideal": dict.fromkeys(SCALES, 0.5),
            "salience": dict.fromkeys(SCALES, 0.5),
            **dict.fromkeys(("other_ties", "veto_cost", "opposition_cost", "voice"), 0.5),
        },
    }
    return laid(base, over)


def draft(**over: Any) -> dict[str, Any]:
    """A scenario over those preferences."""
    base = {
        "kind": "scenario",
        "title": "A renewal",
        "date": "2024-03-28",
        "preferences": "wants",
        "draft": {"instrument": "panel_renewal", "target": "PRK", "penholder": "USA"},
    }
    return laid(base, over)


def laid(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in over.items():
        below = merged.get(key)
        is_both = isinstance(below, dict) and isinstance(value, dict)
        merged[key] = laid(below, value) if is_both else value
    return merged


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return a function that writes files beside one another and returns the last one's path."""

    def written(**files: dict[str, Any]) -> Path:
        for name, content in files.items():
            path = tmp_path / f"{name}.yaml"
            path.write_text(json.dumps(content), encoding="utf-8")
        return path

    return written


@pytest.fixture
def load(write: Write) -> Callable[..., Scenario]:
    """Return a function that loads a draft over preferences."""

    def loaded(base: dict[str, Any], over: dict[str, Any], *settings: str) -> Scenario:
        return load_scenario(write(wants=base, scenario=over), settings)

    return loaded


Load = Callable[..., Scenario]


def voice(scenario: Scenario, code: str) -> Estimate:
    return scenario.preferences[scenario.codes.index(code)].voice


def faults(path: Path, *settings: str) -> list[str]:
    with pytest.raises(InvalidInput) as caught:
        load_scenario(path, settings)
    return [str(fault) for fault in caught.value.faults]


# ---- layers


def test_a_group_lies_over_the_defaults_and_a_member_over_its_group(load: Load) -> None:
    """A member's number wins over its group's, a group's over the defaults', in one file."""
    layers = {
        "defaults": {"voice": 1},
        "groups": {"WEOG": {"voice": 2}},
        "members": {"FRA": {"voice": 3}},
    }
    scenario = load(wants(**layers), draft())
    assert [voice(scenario, code).mean for code in ("DZA", "GBR", "FRA")] == [1, 2, 3]


def test_the_scenario_lies_over_the_preferences_layer_by_layer(load: Load) -> None:
    """A scenario's default wins over the file's default, not over the file's group or member."""
    base = wants(groups={"WEOG": {"voice": 2}}, members={"FRA": {"voice": 3}})
    scenario = load(base, draft(defaults={"voice": 4}))
    assert [voice(scenario, code).mean for code in ("DZA", "GBR", "FRA")] == [4, 2, 3]
    scenario = load(base, draft(groups={"WEOG": {"voice": 4}}))
    assert [voice(scenario, code).mean for code in ("DZA", "GBR", "FRA")] == [0.5, 4, 3]


def test_a_mean_without_evidence_is_assumed(load: Load) -> None:
    """A number laid over one with evidence does not take that evidence over."""
    base = wants(defaults={"voice": {"mean": 1, "evidence": "E01"}})
    scenario = load(base, draft(members={"FRA": {"voice": 2}, "GBR": {"voice": {"spread": 0.3}}}))
    assert voice(scenario, "DZA").evidence == ("E01",)
    assert voice(scenario, "FRA").evidence == ("assumed",)
    assert voice(scenario, "GBR") == Estimate(1, 0.3, ("E01",))


def test_a_spread_is_inherited(load: Load) -> None:
    """A layer that gives only a mean keeps the spread of the layer below it."""
    base = wants(defaults={"voice": {"mean": 1, "spread": 0.25}})
    scenario = load(base, draft(members={"FRA": {"voice": 2}}))
    assert voice(scenario, "FRA") == Estimate(2, 0.25)


@pytest.mark.parametrize(
    ("day", "mean"), [("2024-03-27", 1), ("2024-03-28", 2), ("2024-06-01", 2), ("2024-06-02", 3)]
)
def test_a_dated_value_holds_from_its_day_on(load: Load, day: str, mean: float) -> None:
    """A value with `since` holds on that very day, and not on the day before."""
    dated = [1, {"since": "2024-03-28", "mean": 2}, {"since": "2024-06-02", "mean": 3}]
    scenario = load(wants(members={"RUS": {"voice": dated}}), draft(date=day))
    assert voice(scenario, "RUS").mean == mean


def test_a_dated_value_before_its_day_leaves_the_layer_below(load: Load) -> None:
    """A member's only value, not yet in force, lets its group's value stand."""
    base = wants(members={"RUS": {"voice": {"since": "2025-01-01", "mean": 4}}})
    assert voice(load(base, draft()), "RUS").mean == 0.5
    assert voice(load(base, draft(date="2025-01-01")), "RUS").mean == 4


def test_stances_lie_over_one_another_name_by_name(load: Load) -> None:
    """A stance on one kind of draft leaves those on other kinds as a lower layer has them."""
    base = wants(
        defaults={"stances": {"any": {"mean": 1, "spread": 0.1}}, "restraint": {"PRK": 1}},
        members={"RUS": {"stances": {"any": 2, "rival": 3}, "restraint": {"other": 2}}},
    )
    scenario = load(base, draft(groups={"WEOG": {"stances": {"any": 4}}}))
    of = dict(zip(scenario.codes, scenario.preferences, strict=True))
    assert of["CHN"].by_trait["stances"] == {"any": Estimate(1, 0.1)}
    assert of["FRA"].by_trait["stances"] == {"any": Estimate(4, 0.1)}
    assert of["RUS"].by_trait["stances"] == {"any": Estimate(2, 0.1), "rival": Estimate(3, 0)}
    assert of["RUS"].restraint == {"PRK": Estimate(1, 0), "other": Estimate(2, 0)}


def test_coefficients_lie_over_one_another_one_by_one(load: Load) -> None:
    """A scenario that sets one coefficient leaves the others as they were."""
    over = draft(
        coefficients={"precision": {"value": 2, "evidence": "E01"}, "hostility": {"term": 3}}
    )
    numbers = load(wants(coefficients={"hostility": {"blame": 2}}), over).coefficients
    assert (numbers.precision, numbers.asking) == (2, 0.5)
    assert numbers.hostility.tolist() == [0, 0, 0, 3, 0, 0, 2]
    assert numbers.evidence["precision"] == ("E01",)
    assert numbers.evidence["hostility.term"] == ("assumed",)


# ---- extends


def test_what_a_file_says_of_itself_is_not_inherited(write: Write) -> None:
    """What names a draft stays with the file that says it: title, sources, symbol and the like."""
    base = draft(question="Why?", note="n", observed={"outcome": "vetoed", "against": ["RUS"]})
    base |= {"sources": ["S/PV.9591"], "negotiation": {"drafts": 5}}
    base["draft"] |= {"symbol": "S/2024/255", "mandate": "a panel (expires 30 April 2024)"}
    over = {"kind": "scenario", "title": "Another", "extends": "base", "charter": {"quota": 8}}
    scenario = load_scenario(write(wants=wants(), base=base, over=over))
    assert (scenario.title, scenario.question, scenario.note) == ("Another", "", "")
    assert scenario.observed is None
    form = scenario.form
    assert (form.sources, form.negotiation) == ([], None)
    assert (form.draft.symbol, form.draft.mandate) == ("", "")
    assert (scenario.rules.quota, scenario.date.isoformat()) == (8, "2024-03-28")


def test_a_chain_is_inherited_key_by_key(write: Write) -> None:
    """Of three files each adds to the mappings of the one below it, and replaces its lists."""
    first = draft(draft={"text": {"term": 0.5}}, charter={"must_abstain": ["GBR", "FRA"]})
    second = {"kind": "scenario", "title": "2", "extends": "first", "draft": {"text": {"blame": 1}}}
    third = {"kind": "scenario", "title": "3", "extends": "second.yaml"}
    third |= {"draft": {"text": {"term": 0.25}}, "charter": {"must_abstain": ["JPN"]}}
    scenario = load_scenario(write(wants=wants(), first=first, second=second, third=third))
    text = dict(zip(SCALES, scenario.draft.text.tolist(), strict=True))
    assert (text["term"], text["blame"]) == (0.25, 1)
    silent = scenario.rules.must_abstain
    assert silent is not None
    assert [c for c, s in zip(scenario.codes, silent, strict=True) if s] == ["JPN"]


def test_a_fault_of_an_inherited_setting_stands_in_its_own_file(write: Write) -> None:
    """A fault in what is inherited names the file that holds it."""
    over = {"kind": "scenario", "title": "Another", "extends": "base"}
    path = write(wants=wants(), base=draft(charter={"quota": 0}), over=over)
    (fault,) = faults(path)
    assert fault.startswith(f"{path.with_name('base.yaml')}:1:")


def test_preferences_are_looked_for_beside_the_file_that_names_them(
    write: Write, tmp_path: Path
) -> None:
    """A scenario in another folder inherits the preferences that lie beside its base."""
    base = write(wants=wants(), base=draft())
    (tmp_path / "below").mkdir()
    over = {"kind": "scenario", "title": "Another", "extends": f"../{base.name}"}
    path = tmp_path / "below" / "over.yaml"
    path.write_text(json.dumps(over), encoding="utf-8")
    assert load_scenario(path).preferences[0].voice.mean == 0.5


def test_preferences_may_extend_preferences(write: Write) -> None:
    """A preferences file takes over what the one below it says."""
    over = {"kind": "preferences", "extends": "wants", "members": {"RUS": {"voice": 3}}}
    path = write(wants=wants(), over=over, scenario=draft(preferences="over"))
    assert voice(load_scenario(path), "RUS").mean == 3
    assert voice(load_scenario(path), "CHN").mean == 0.5
    read_preferences(path.with_name("over.yaml"))


# ---- settings


def test_a_setting_lies_over_the_file(load: Load) -> None:
    """A setting changes what its path names and nothing beside it; the last one wins."""
    over = draft(members={"RUS": {"voice": {"mean": 1, "spread": 0.1}, "veto_cost": 2}})
    settings = ("members.RUS.voice.mean=2", "members.RUS.voice.mean = 3", "date=2024-06-01")
    scenario = load(wants(), over, *settings)
    assert voice(scenario, "RUS") == Estimate(3, 0.1)
    assert scenario.preferences[scenario.codes.index("RUS")].veto_cost.mean == 2
    assert scenario.date.isoformat() == "2024-06-01"


def test_a_setting_reads_its_value_as_a_file_would(load: Load) -> None:
    """A setting's value may be a number, a text, a list, a mapping, true, or null."""
    settings = (
        "title='5'",
        "charter.must_abstain=[GBR, JPN]",
        "groups.Eastern European={voice: 2}",
        "consultations.amendments=false",
        "draft.target=null",
        "tabling=always",
    )
    scenario = load(wants(), draft(), *settings)
    assert scenario.title == "5"
    assert scenario.rules.is_silent.sum() == 2
    assert voice(scenario, "SVN").mean == 2
    assert not scenario.consultations.amendments
    assert scenario.draft.target is None


@pytest.mark.parametrize(
    ("setting", "start"),
    [
        ("charter.quota=0", "charter.quota: found 0; expected a whole number from 1 to 100."),
        ("draft.penholder=UAS", "draft.penholder: 'UAS' is not a member on 2024-03-28; expected"),
        ("charter.qouta=8", "charter.qouta: unknown key 'qouta'; expected one of matter, quota"),
        ("quota", "this is no setting; expected path=value"),
        ("charter..quota=8", "this is no setting; expected path=value"),
        ("title=[1", "title: not YAML"),
        ("title=a\nnote: b", "title: more than one value; expected one value."),
        ("extends=other", "extends: what a file extends is read before any setting"),
    ],
)
def test_a_fault_of_a_setting_names_the_setting(write: Write, setting: str, start: str) -> None:
    """What is wrong with a setting is said of the setting, not of the file."""
    path = write(wants=wants(), scenario=draft())
    shown = repr(setting)[1:-1]
    (fault,) = faults(path, setting)
    assert fault.startswith(f"--set {shown} {start}")


def test_a_setting_does_not_hide_where_a_file_lacks_something(write: Write) -> None:
    """What the file leaves out is said of the file, whatever settings are laid over it."""
    said = draft()
    del said["title"]
    path = write(wants=wants(), scenario=said)
    (fault,) = faults(path, "charter.quota=8")
    assert fault.startswith(f"{path}:1:1 title: 'title' is missing")


def test_faults_of_all_settings_come_at_once(write: Write) -> None:
    """Two settings that are none are two faults."""
    assert len(faults(write(wants=wants(), scenario=draft()), "one", "two")) == 2


def test_a_real_vote_is_left_out_where_a_setting_changes_its_rules(load: Load) -> None:
    """Under a setting's other rules no real vote is known, unless a setting gives one."""
    over = draft(observed={"outcome": "vetoed", "against": ["RUS"]})
    assert load(wants(), over, "members.RUS.voice=1").observed is not None
    assert load(wants(), over, "charter.vetoes_needed=2").observed is None
    assert load(wants(), over, "date=2023-03-23").observed is None
    both = ("charter.vetoes_needed=2", "observed={outcome: adopted, against: [RUS]}")
    assert load(wants(), over, *both).observed is not None


# ---- variants

VARIANTS: list[tuple[dict[str, object], list[str]]] = [
    ({"members.RUS.ties.PRK": 0.4}, ["members.RUS.ties.PRK=0.4"]),
    ({"members.RUS.voice": np.float64(1e-7)}, ["members.RUS.voice=1e-07"]),
    ({"charter.quota": np.int64(8)}, ["charter.quota=8"]),
    ({"consultations.amendments": False}, ["consultations.amendments=false"]),
    ({"draft.target": None}, ["draft.target=null"]),
    ({"date": date(2023, 3, 23)}, ["date=2023-03-23"]),
    ({"title": "It's: a, #title"}, ['title="It\'s: a, #title"']),
    ({"title": "5"}, ['title="5"']),
    ({"question": "é\n"}, ['question="é\\n"']),
    ({"charter.must_abstain": ["GBR", "JPN"]}, ["charter.must_abstain=[GBR, JPN]"]),
    (
        {"groups.Eastern European": {"voice": {"mean": 2, "since": date(2020, 1, 1)}}},
        ["groups.Eastern European={voice: {mean: 2, since: 2020-01-01}}"],
    ),
    (
        {"charter.vetoes_needed": 2, "observed": {"outcome": "adopted", "against": ("RUS",)}},
        ["charter.vetoes_needed=2", "observed={outcome: adopted, against: [RUS]}"],
    ),
    ({"preferences": PREFERENCES / "assumed.yaml"}, [f"preferences={PREFERENCES}/assumed.yaml"]),
]


@pytest.mark.parametrize(("settings", "texts"), VARIANTS, ids=lambda x: str(x)[:40])
def test_a_variant_is_what_loading_with_its_settings_gives(
    seed_vote: Scenario, settings: dict[str, object], texts: list[str]
) -> None:
    """with_settings and load_scenario give the same name, settings, document and report."""
    variant, loaded = seed_vote.with_settings(settings), load_scenario("dprk-panel-2024", texts)
    assert variant.settings == loaded.settings == tuple(texts)
    assert variant.name == loaded.name
    assert json.dumps(variant.document) == json.dumps(loaded.document)
    assert convene(variant, 200).to_dict() == convene(loaded, 200).to_dict()


def test_a_variant_of_a_variant_has_both_settings(seed_vote: Scenario) -> None:
    """A second variant lies over the first as a second setting does over one, in every respect."""
    first = seed_vote.with_settings({"observed": {"outcome": "vetoed", "against": ["RUS"]}})
    second = first.with_settings("charter.quota=8").with_settings(["members.RUS.voice=0.5"])
    loaded = load_scenario("dprk-panel-2024", list(second.settings))
    assert second.settings == (
        "observed={outcome: vetoed, against: [RUS]}",
        "charter.quota=8",
        "members.RUS.voice=0.5",
    )
    assert second.observed is not None
    assert second.document == loaded.document
    assert first.document == load_scenario("dprk-panel-2024", list(first.settings)).document


@pytest.mark.parametrize(
    "settings", [{"members.RUS.ties.PRK": 4, "charter.qouta": 9}, {"": 1}, {"extends": "x"}]
)
def test_a_variant_has_the_faults_of_its_settings(
    seed_vote: Scenario, settings: dict[str, object]
) -> None:
    """What is wrong with a variant's settings is said as of the same settings of a file."""
    with pytest.raises(InvalidInput) as caught:
        seed_vote.with_settings(settings)
    texts = [f"{path}={value}" for path, value in settings.items()]
    with pytest.raises(InvalidInput, match=re.escape(str(caught.value))):
        load_scenario("dprk-panel-2024", texts)


def test_a_value_that_no_file_holds_is_refused_by_name(seed_vote: Scenario) -> None:
    """A setting whose value is an object of another kind is a fault of that setting."""
    with pytest.raises(InvalidInput, match=r"members.RUS.voice: found object; expected a number"):
        seed_vote.with_settings({"members.RUS.voice": object()})


def test_one_text_is_one_setting() -> None:
    """A lone text where a list of settings belongs is a setting, not a list of letters."""
    assert load_scenario("dprk-panel-2024", "charter.quota=8").settings == ("charter.quota=8",)


def test_a_variant_reads_no_file(seed_vote: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    """A variant reads nothing, also where a setting had named the preferences."""
    hand_set = load_scenario("dprk-panel-2024", ["preferences=assumed"])

    def no_reading(path: Path) -> str:
        raise AssertionError(path)

    monkeypatch.setattr(yaml12, "text_of", no_reading)
    for scenario in (seed_vote, hand_set):
        assert scenario.with_settings({"members.RUS.voice": 0.5}).by_group is not None
    with pytest.raises(AssertionError):
        seed_vote.with_settings({"preferences": "prior"})


def test_a_variant_of_a_saved_report_is_one_of_what_it_carries(tmp_path: Path) -> None:
    """A report's scenario keeps its settings and who sat by its group, less who is spoken of."""
    path = tmp_path / "report.json"
    scenario = load_scenario("dprk-panel-2026")
    path.write_text(json.dumps(convene(scenario, 50).to_dict()), encoding="utf-8")
    saved = load_scenario(path)
    spoken_of = saved.by_group[0]
    variant = saved.with_settings({f"members.{spoken_of}.voice": 0.5})
    assert saved.by_group == scenario.by_group
    assert variant.by_group == saved.by_group[1:]
    assert variant.name == f"dprk-panel-2026 (members.{spoken_of}.voice=0.5)"


def test_a_scenario_can_be_sent_to_another_process(load: Load) -> None:
    """A scenario that was pickled is the same, and so are its variants."""
    dated = [0.5, {"since": "2024-01-01", "mean": 0.1}]
    scenario = load(wants(), draft(members={"RUS": {"ties": {"PRK": dated}, "voice": 1}}))
    sent = pickle.loads(pickle.dumps(scenario))
    assert sent.document == scenario.document
    over = {"members.RUS.ideal.term": 0.25}
    assert sent.with_settings(over).document == scenario.with_settings(over).document


def test_a_scenario_made_by_hand_has_no_variants(seed_vote: Scenario) -> None:
    """Without what it was read from, a scenario says that it cannot be varied."""
    with pytest.raises(UnscError, match="made by hand"):
        replace(seed_vote, origin=None).with_settings({"charter.quota": 8})


def test_a_scenario_is_shown_in_a_line(seed_vote: Scenario) -> None:
    """The repr names the scenario, its day, its members and the start of its fingerprint."""
    start = seed_vote.fingerprint[:12]
    assert repr(seed_vote) == (
        f"<Scenario 'dprk-panel-2024', 2024-03-28, 15 members, fingerprint {start}>"
    )


def test_a_notebook_shows_what_a_scenario_is_about() -> None:
    """Its HTML names title, draft, target and members, and holds no markup of the file's own."""
    scenario = load_scenario("dprk-panel-2024", ["title=<b>Panel</b>"])
    page = scenario._repr_html_()
    assert "&lt;b&gt;Panel" in page
    assert "<b>" not in page
    assert "<td>S/2024/255 (panel renewal)</td>" in page
    assert "<td>PRK</td>" in page
    assert all(code in page for code in scenario.codes)


# ---- without files


def test_preferences_may_be_a_document(write: Write) -> None:
    """Preferences in memory give what a file of them gives, extended files and faults included."""
    said = {"kind": "preferences", "extends": "prior", "members": {"RUS": {"voice": 0.3}}}
    path = write(said=said)
    in_memory = load_scenario("dprk-panel-2024", preferences=said)
    from_file = load_scenario("dprk-panel-2024", [f"preferences={path}"])
    assert in_memory.document == from_file.document
    assert in_memory.preferences_from is None
    assert read_preferences(said) == read_preferences(path)
    varied = in_memory.with_settings({"members.RUS.ties.PRK": 0.1})
    assert voice(varied, "RUS").mean == 0.3
    with pytest.raises(InvalidInput, match=r"^preferences members.RUS.voice: found 9; expected"):
        load_scenario("dprk-panel-2024", preferences=laid(said, {"members": {"RUS": {"voice": 9}}}))


def test_a_scenario_may_be_a_document(load: Load) -> None:
    """A scenario and its preferences in memory give what files of them give."""
    document = laid(draft(council=["CHN", "RUS", "USA"], charter={"quota": 2}), {"date": DAY})
    in_memory = scenario_of(document, preferences=wants(), name="imagined")
    from_files = load(wants(), laid(document, {"date": str(DAY)}))
    assert in_memory.name == "imagined"
    assert in_memory.document == from_files.document
    assert in_memory.codes == ("CHN", "RUS", "USA")
    with pytest.raises(InvalidInput, match=r"^imagined charter.quota: found 0"):
        scenario_of(laid(document, {"charter": {"quota": 0}}), preferences=wants(), name="imagined")


# ---- the document


@pytest.mark.parametrize("name", shipped())
def test_the_document_is_the_same_scenario(name: str, tmp_path: Path) -> None:
    """A shipped scenario's document, read again, has the same document and fingerprint."""
    scenario = load_scenario(name)
    path = tmp_path / "again.yaml"
    path.write_text(json.dumps(scenario.document), encoding="utf-8")
    again = load_scenario(path)
    assert json.dumps(again.document) == json.dumps(scenario.document)
    assert again.fingerprint == scenario.fingerprint
    assert again.preferences == scenario.preferences


def test_the_document_of_a_scenario_with_its_own_provision_is_the_same(
    load: Load, tmp_path: Path
) -> None:
    """A document carries a scenario's own provisions, council, rules, observed vote and tabling."""
    scenario = load(wants(), imagined())
    path = tmp_path / "report.json"
    path.write_text(json.dumps({"scenario": scenario.document, "other": 1}), encoding="utf-8")
    assert load_scenario(path).document == scenario.document
    assert load_scenario(path).fingerprint == scenario.fingerprint


def test_the_document_carries_stances_and_the_rival(load: Load, tmp_path: Path) -> None:
    """A rival draft, stances and restraint are read again from the document as they were."""
    base = wants(defaults={"stances": {"any": {"mean": 1, "spread": 0.1, "evidence": "E01"}}})
    over = draft(draft={"rival": "USA"}, members={"RUS": {"restraint": {"PRK": 1, "other": -2}}})
    scenario = load(base, over)
    path = tmp_path / "again.yaml"
    path.write_text(json.dumps(scenario.document), encoding="utf-8")
    again = load_scenario(path)
    assert scenario.draft.rival == ("USA",)
    assert again.draft.kinds == scenario.draft.kinds == ("any", "panel_renewal", "rival")
    assert again.preferences == scenario.preferences
    assert json.dumps(again.document) == json.dumps(scenario.document)
    assert again.fingerprint == scenario.fingerprint


def test_a_draft_stands_alone_unless_it_says_otherwise(load: Load) -> None:
    """That a draft has no rival goes without saying; one that has is another document."""
    alone = load(wants(), draft())
    assert load(wants(), draft(draft={"rival": "RUS"})).document != alone.document
    assert load(wants(), draft(draft={"rival": "RUS"})).fingerprint != alone.fingerprint
    assert alone.draft.kinds == ("any", "panel_renewal")
    assert alone.draft.opposed == ("panel_renewal", "PRK", "P3")
    assert load(wants(), draft(), "draft.target=null").draft.opposed == ("panel_renewal", "P3")


def test_kinds_of_draft_have_names_of_their_own() -> None:
    """No instrument is called as a State or as the other kinds of draft: a name means one thing."""
    assert not set(instruments()) & {ANY, RIVAL, *states()}


def test_the_fingerprint_ignores_words_and_nothing_else(load: Load) -> None:
    """Another title leaves the fingerprint as it is; another number, vote or date does not."""
    first = load(wants(), draft()).fingerprint
    assert load(wants(), draft(title="Other", question="Why?", note="n")).fingerprint == first
    for setting in ("members.RUS.voice=0.6", "date=2024-03-29", "charter.quota=8"):
        assert load(wants(), draft(), setting).fingerprint != first
    observed = {"outcome": "vetoed", "against": ["RUS"]}
    assert load(wants(), draft(observed=observed)).fingerprint != first


# ---- the schema


def fits(value: Any, part: dict[str, Any], root: dict[str, Any]) -> bool:
    """Whether a value fits a JSON Schema, as far as our schemas go."""
    if not obeys(value, part, root):
        return False
    if "$ref" in part:
        return fits(value, root["$defs"][part["$ref"].rsplit("/", 1)[1]], root)
    if "anyOf" in part:
        return any(fits(value, option, root) for option in part["anyOf"])
    if "const" in part or "enum" in part:
        return value in part.get("enum", [part.get("const")])
    kind = part.get("type", "object" if isinstance(value, dict) else None)
    if kind is None:  # a rule that asks something of mappings alone
        return True
    if kind == "object":
        return isinstance(value, dict) and fits_mapping(value, part, root)
    if kind == "array":
        n_most = part.get("maxItems", 10**6)
        return (
            isinstance(value, list)
            and part.get("minItems", 0) <= len(value) <= n_most
            and all(fits(item, part["items"], root) for item in value)
        )
    return fits_scalar(value, part)


def obeys(value: Any, part: dict[str, Any], root: dict[str, Any]) -> bool:
    """Whether a value obeys the rules that a schema makes of other schemas."""
    all_hold = all(fits(value, rule, root) for rule in part.get("allOf", ()))
    is_another = "not" not in part or not fits(value, part["not"], root)
    is_asked = "if" in part and not fits(value, part["if"], root)
    return all_hold and is_another and (not is_asked or fits(value, part["else"], root))


def fits_mapping(value: dict[str, Any], part: dict[str, Any], root: dict[str, Any]) -> bool:
    named = next(iter(part.get("patternProperties", {}).values()), None)
    others = part.get("additionalProperties", named)
    if set(part.get("required", ())) - set(value):
        return False
    for key, item in value.items():
        if not fits(key, part.get("propertyNames", {}), root):
            return False
        below = part.get("properties", {}).get(key, others)
        if below is False or (isinstance(below, dict) and not fits(item, below, root)):
            return False
    return True


def fits_scalar(value: Any, part: dict[str, Any]) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if part.get("type") in ("number", "integer"):
        low, high = part.get("minimum", -1e99), part.get("maximum", 1e99)
        return is_number and low <= value <= high
    types: dict[str, type] = {"string": str, "boolean": bool, "null": type(None)}
    is_typed = isinstance(value, types[part["type"]])
    return is_typed and ("pattern" not in part or bool(re.search(part["pattern"], value)))


SHIPPED = [("scenario", path) for path in sorted(SCENARIOS.glob("*.yaml"))]
SHIPPED += [("preferences", path) for path in sorted(PREFERENCES.glob("*.yaml"))]


@pytest.mark.parametrize(("kind", "path"), SHIPPED, ids=lambda value: Path(value).stem)
def test_the_schema_takes_the_shipped_files(kind: str, path: Path) -> None:
    """Each shipped file fits the JSON Schema of its kind, whatever it leaves to others."""
    schema = dict(schema_of(kind))
    plain = read(path).plain()
    assert fits(plain, schema, schema)
    assert not fits({**plain, "titel": "x"}, schema, schema)


@pytest.mark.parametrize(
    ("kind", "over"),
    [
        ("scenario", {"charter": {"quota": 0}}),
        ("scenario", {"draft": {"penholder": "usa"}}),
        ("scenario", {"members": {"RUS": {"ties": {"PRK": 2}}}}),
        ("scenario", {"date": 20240328}),
        ("preferences", {"members": {"RUS": {"ideal": {"term": 2}}}}),
        ("preferences", {"coefficients": {"precision": -1}}),
        ("preferences", {"defaults": {"stances": {"any": 10.5}}}),
        ("scenario", {"members": {"RUS": {"restraint": {"PRK": {"mean": -11}}}}}),
        ("scenario", {"draft": {"rival": "yes"}}),
        ("scenario", {"draft": {"text": {"scrutinny": 0.5}}}),
        ("scenario", {"draft": {"instrument": "panel_renewals"}}),
        ("scenario", {"draft": {"penholder": "XYZ"}}),
        ("scenario", {"members": {"RUS": {"voice": {"mean": 1, "evidence": "E999"}}}}),
        ("scenario", {"provisions": {"publicity": {"unit": "lacks the others"}}}),
        ("preferences", {"defaults": {"ideal": {"scrutinny": 0.5}}}),
        ("preferences", {"groups": {"Africa": {}}}),
    ],
)
def test_the_schema_refuses_what_the_form_refuses(kind: str, over: dict[str, Any]) -> None:
    """A value out of bounds or of the wrong type does not fit the schema, and a sound one does."""
    schema = dict(schema_of(kind))
    sound = draft() if kind == "scenario" else wants()
    assert fits(sound, schema, schema)
    assert not fits(laid(sound, over), schema, schema)


def test_a_file_that_extends_another_may_lack_what_that_one_has() -> None:
    """What a whole file must have is asked of no other."""
    schema = dict(schema_of("scenario"))
    assert fits({"kind": "scenario", "extends": "dprk-panel-2024"}, schema, schema)
    for key in ("title", "date", "draft"):
        assert not fits({k: v for k, v in draft().items() if k != key}, schema, schema)


def test_every_key_of_the_schemas_is_described() -> None:
    """No property of either kind of file is without a description."""

    def undescribed(node: Any) -> Iterator[str]:
        if isinstance(node, dict):
            keys = node.get("properties", {})
            yield from (key for key, part in keys.items() if not part.get("description"))
            node = [below for key, below in node.items() if key != "allOf"]
        for below in node if isinstance(node, list) else []:
            yield from undescribed(below)

    for kind in ("scenario", "preferences"):
        assert [*undescribed(schema_of(kind))] == []


def test_the_schema_belongs_to_whoever_asks() -> None:
    """A schema that is changed does not change the next one."""
    schema_of("scenario")["properties"].clear()
    assert schema_of("scenario")["properties"]
    with pytest.raises(NotFound, match="Did you mean 'scenario'"):
        schema_of("scenarios")


def test_shipped_files_are_described() -> None:
    """A sound file of either kind is described in a few words; a faulty one raises."""
    assert "scenario, 15 members" in describe_file(SCENARIOS / "dprk-panel-2024.yaml").words
    assert "preferences" in describe_file(PREFERENCES / "assumed.yaml").words
    with pytest.raises(NotFound):
        describe_file(Path("nowhere.yaml"))


def test_a_saved_analysis_is_not_taken_for_a_scenario(tmp_path: Path) -> None:
    """What a program wrote without a scenario in it is refused in one fault."""
    (path := tmp_path / "explain.json").write_text('{"schema_version": 2, "report": {}}')
    with pytest.raises(InvalidInput, match=r"this carries no scenario; .* unsc report .*\.$"):
        load_scenario(path)


def test_a_file_of_an_unknown_kind_is_told_which_kinds_there_are(tmp_path: Path) -> None:
    """A misspelt kind is the one fault, not all that the file lacks as a scenario."""
    (path := tmp_path / "mine.yaml").write_text("kind: preference\ndefaults: {voice: 1}\n")
    with pytest.raises(InvalidInput, match=r"codings, study\. Did you mean 'preferences'\?$"):
        describe_file(path)


# ---- provisions, imagined councils


def imagined() -> dict[str, Any]:
    """Twenty-five members and twelve provisions, five of them the scenario's own."""
    own = [f"own_{i}" for i in range(5)]
    codes = list(states())[:25]
    return draft(
        council=codes,
        provisions={n: dict.fromkeys(("unit", "at_0", "at_half", "at_1"), "x") for n in own},
        draft={
            "penholder": codes[:2],
            "target": None,
            "text": dict.fromkeys(own, 0.75),
            "lapse": dict.fromkeys(own, 0.25),
            "red_lines": {own[0]: {"low": 0.5, "high": 1}},
        },
        charter={"quota": 15, "veto": codes[:10], "vetoes_needed": 3},
        tabling={"if_adoptable": 0.2, "rollover_below": 0.1, "rollover": {own[1]: 0.5}},
        observed={"outcome": "not_carried", "against": codes[10:], "evidence": "E01"},
        coefficients={"hostility": {own[2]: -1}},
        defaults={"ideal": dict.fromkeys(own, 0.1), "salience": dict.fromkeys(own, 2)},
    )


def test_an_imagined_council_with_its_own_provisions(load: Load) -> None:
    """Twenty-five members vote on twelve provisions, the scenario's own after the shipped ones."""
    scenario = load(wants(), imagined())
    assert len(scenario.council) == 25
    assert [p.name for p in scenario.draft.provisions] == [*SCALES, *(f"own_{i}" for i in range(5))]
    assert scenario.draft.text[7:].tolist() == [0.75] * 5
    assert scenario.draft.lapse[7:].tolist() == [0.25] * 5
    assert scenario.draft.low[7:].tolist() == [0.5] + [0.75] * 4
    assert scenario.draft.rollover[7:].tolist() == [0.75, 0.5, 0.75, 0.75, 0.75]
    assert scenario.coefficients.hostility[7:].tolist() == [0, 0, -1, 0, 0]
    assert scenario.preferences[24].by_trait["ideal"]["own_4"].mean == 0.1
    assert (scenario.rules.quota, scenario.rules.holds_veto.sum()) == (15, 10)


def test_a_provision_that_only_the_scenario_knows_may_stand_in_its_preferences(load: Load) -> None:
    """The preferences under a scenario may speak of the scenario's own provisions."""
    base = wants(defaults={"ideal": {"own_0": 0.9}})
    assert (
        load(base, imagined(), "defaults.ideal.own_0={}")
        .preferences[0]
        .by_trait["ideal"]["own_0"]
        .mean
        == 0.9
    )


def test_a_text_takes_what_it_leaves_open_from_its_instrument(load: Load) -> None:
    """Provisions that a scenario does not place lie where the instrument has them."""
    usual = instruments()["panel_renewal"]
    tabled = load(wants(), draft(draft={"text": {"term": {"value": 0.4, "spread": 0.3}}})).draft
    text = dict(zip(SCALES, tabled.text.tolist(), strict=True))
    assert text == usual.text | {"term": 0.4}
    assert tabled.reading_spread.tolist() == [0.3 if n == "term" else 0.04 for n in SCALES]
    assert tabled.lapse.tolist() == [usual.lapse[n] for n in SCALES]
    assert not tabled.is_negotiable


@pytest.mark.parametrize("name", instruments())
def test_each_instrument_places_every_shipped_provision(name: str) -> None:
    """An instrument leaves no shipped provision open, in its text or in its lapse."""
    assert set(instruments()[name].text) == set(instruments()[name].lapse) == set(SCALES)


# ---- rules and the real vote


def test_the_charter_gives_the_permanent_members_a_veto(load: Load) -> None:
    """Without rules of its own a scenario has nine votes, and a veto for each permanent member."""
    rules = load(wants(), draft()).rules
    assert (rules.quota, rules.vetoes_needed, rules.holds_veto.sum()) == (9, 1, 5)
    assert not rules.is_silent.any()


def test_nobody_has_a_veto_on_a_procedural_matter(load: Load) -> None:
    """A procedural matter has no veto, whoever else is named, and nine votes carry it."""
    over = draft(charter={"matter": "procedural", "veto": ["RUS"]})
    over["observed"] = {"outcome": "adopted", "against": ["RUS", "CHN"]}
    scenario = load(wants(), over)
    assert not scenario.rules.holds_veto.any()
    assert scenario.document["charter"]["veto"] == []


def test_two_vetoes_are_needed_where_the_rules_say_so(load: Load) -> None:
    """Where two vetoes are needed, one member against adopts and two block."""
    over = draft(charter={"vetoes_needed": 2})
    assert load(wants(), laid(over, {"observed": {"outcome": "adopted", "against": ["RUS"]}}))
    blocked = {"observed": {"outcome": "vetoed", "against": ["RUS", "CHN"]}}
    assert load(wants(), laid(over, blocked)).rules.vetoes_needed == 2


def test_who_must_abstain_and_who_takes_no_part_is_silent(load: Load) -> None:
    """Both are silent; only who takes no part is called not participating."""
    charter = {"must_abstain": ["GBR"], "not_participating": ["JPN"]}
    scenario = load(wants(), draft(charter=charter))
    silent = [c for c, s in zip(scenario.codes, scenario.rules.is_silent, strict=True) if s]
    words = {c: scenario.words_for(scenario.codes.index(c), Action.ABSTAINING) for c in silent}
    assert words == {"GBR": "abstaining", "JPN": "not_participating"}


def test_the_real_vote_is_a_roll_call(load: Load) -> None:
    """Members that are not named were in favour; those who took no part count as abstaining."""
    observed = {
        "outcome": "vetoed",
        "against": ["RUS"],
        "abstaining": ["CHN"],
        "not_participating": ["GUY"],
        "evidence": ["E22", "S-2024-255"],
    }
    scenario = load(wants(), draft(observed=observed))
    seen, calls = scenario.observed, scenario.observed_roll_call
    assert seen is not None
    assert calls is not None
    by_code = dict(zip(scenario.codes, calls.tolist(), strict=True))
    assert by_code.pop("RUS") == Action.AGAINST
    assert by_code.pop("CHN") == by_code.pop("GUY") == Action.ABSTAINING
    assert set(by_code.values()) == {Action.IN_FAVOUR}
    assert seen.outcome is Outcome.VETOED
    assert seen.not_participating == ("GUY",)


@pytest.mark.parametrize(
    ("against", "outcome"),
    [
        (["RUS"], "vetoed"),
        (["CHE"], "adopted"),
        (["RUS", "CHE", "DZA", "ECU", "GUY", "JPN", "KOR"], "not_carried"),
    ],
)
def test_an_outcome_must_follow_from_the_roll_call(
    write: Write, against: list[str], outcome: str
) -> None:
    """Of the outcomes of a vote, only the one that the rules give is taken."""
    for said in ("adopted", "vetoed", "not_carried", "withdrawn", "rolled_over"):
        path = write(wants=wants(), s=draft(observed={"outcome": said, "against": against}))
        if said in (outcome, "withdrawn", "rolled_over"):
            assert load_scenario(path).observed is not None
        else:
            (fault,) = faults(path)
            assert f"expected '{outcome}' by these rules" in fault


# ---- the library


def test_names_are_found_with_and_without_their_ending() -> None:
    """A shipped scenario is found by its name, with or without `.yaml`, and by its path."""
    path = SCENARIOS / "dprk-panel-2024.yaml"
    assert find("dprk-panel-2024") == find("dprk-panel-2024.yaml") == find(str(path)) == path


def test_whatever_evidence_the_shipped_files_name_is_known() -> None:
    """Statements, votes and `assumed` are the evidence there is."""
    assert {"assumed", "E01", "R2680", "S-2024-255"} <= evidence_ids()


def test_a_number_over_a_lone_spread_keeps_it() -> None:
    """A number laid over a mapping that gave a spread alone is its mean, with that spread."""
    settings = ["members.RUS.voice={spread: 0.3}", "members.RUS.voice=0.7"]
    voice = load_scenario("dprk-panel-2024", settings).preferences[3].voice
    assert (voice.mean, voice.spread) == (0.7, 0.3)


@pytest.mark.parametrize(
    ("value", "advice"),
    [
        ("\u22120.4", "Write -0.4 with a hyphen."),
        ("\u20130,25", "Write -0.25 with a hyphen."),
        ("\u22121e-3", "Write -0.001 with a hyphen."),
        ("0,6", "Write 0.6 with a point."),
        ("12.5%", "Write 0.125."),
        ("\uff10.\uff14", "Write 0.4 in plain digits."),
        ("0.4\u00a0", "Write 0.4 without the blank."),
        ("'0.4'", "Write 0.4 without quotes."),
        ("1 000", ""),
        ("\u2212", ""),
        ("\u22124", ""),
    ],
)
def test_a_number_copied_from_print_is_refused_with_what_to_write(value: str, advice: str) -> None:
    """A setting is told how to write the number that it means, if that number is allowed there."""
    with pytest.raises(InvalidInput) as caught:
        load_scenario("dprk-panel-2024", [f"members.RUS.ties.PRK={value}"])
    (fault,) = caught.value.faults
    assert fault.found.startswith("found '")
    assert fault.allowed.startswith("expected a number from -1 to 1")
    assert fault.advice == advice
