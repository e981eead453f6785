"""What a report says and in which order; each form (terminal, Markdown) only dresses it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sim.ensemble.facts import per_cent, percent

Facts = Mapping[str, Any]

MOST_FOLLOWED = 3
"""Members followed round by round at most; the JSON has all."""

DISSENT = 0.05
"""A member whose chance of not being in favour is above this is followed round by round."""

RESTS_ON_EVIDENCE = (
    "What rests on evidence, of members that may dissent; the source of each id stands under "
    "Evidence in the report's files (--out):"
)


@dataclass(frozen=True)
class Section:
    """A heading, sentences, and a table: its columns, then its rows as they are shown.

    What is `for_reference` is too long for a terminal and stands in the files only.
    """

    heading: str
    sentences: Sequence[str] = ()
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = field(default_factory=tuple)
    for_reference: bool = False


def report_sections(report: Facts) -> list[Section]:
    """Return the sections of a report in the order an analyst reads."""
    sections = [
        _answer(report),
        _outcomes(report),
        _conditions(report),
        _members(report),
        _roll_calls(report),
        _text(report),
        _rounds(report),
        _assumptions(report),
        _sources(report),
        _provenance(report),
    ]
    return [s for s in sections if s.sentences or s.rows]


def harmless(text: str) -> str:
    """Return the text without characters that steer a terminal; line breaks and tabs as blanks."""
    return "".join(c if c.isprintable() else " " for c in text)


def words(name: str) -> str:
    """Return a key of the report as people write it: `not_carried` is `not carried`."""
    return name.replace("_", " ").replace(" > ", " → ")


def may_dissent(report: Facts) -> list[str]:
    """Return the members likely enough not to be in favour (`DISSENT`), the likeliest first."""
    doubtful = [(m["in_favour"], code) for code, m in report["members"].items()]
    return [code for in_favour, code in sorted(doubtful) if 1 - in_favour > DISSENT]


def _answer(report: Facts) -> Section:
    question = [report["question"]] if report["question"] else []
    if report["settings"]:
        question.append(f"With the settings {', '.join(report['settings'])}.")
    warnings = [f"Warning: {warning}" for warning in report["warnings"]]
    seen = report["roll_call"]["observed_outcome"]
    observed = []
    if seen is not None:
        p = report["roll_call"]["p_observed"]
        sides = _sides_in_words(_by_side(report["roll_call"]["observed"]))
        observed = [
            f"What happened: {words(seen)} ({sides}). The estimate gives this outcome "
            f"{percent(report['outcome'][seen]['p'])} and this very roll call {percent(p)}."
        ]
    return Section(report["title"], [*question, report["headline"], *observed, *warnings])


def _by_side(votes: Mapping[str, str]) -> dict[str, list[str]]:
    sides: dict[str, list[str]] = {}
    for code, vote in votes.items():
        sides.setdefault(vote, []).append(code)
    return sides


def _sides_in_words(sides: Mapping[str, Sequence[str]]) -> str:
    named = ("against", "abstaining", "not_participating")
    parts = [f"{', '.join(sides[side])} {words(side)}" for side in named if sides.get(side)]
    return "; ".join([f"{len(sides.get('in_favour', ()))} in favour", *parts])


def _outcomes(report: Facts) -> Section:
    rows = []
    for name, value in report["outcome"].items():
        if value["high"] > 0:
            rows.append((words(name), per_cent(value["p"]), _range(value)))
        if name == "vetoed":
            rows += [
                (f"vetoed by {who.replace('+', ' and ')}", per_cent(p), "")
                for who, p in report["vetoed_by"].items()
                if p >= 0.0005
            ]
    return Section("Outcome", (), ("outcome", "%", "95 % interval"), rows)


def _range(value: Mapping[str, float]) -> str:
    return f"{per_cent(value['low'])} to {per_cent(value['high'])}"


def _conditions(report: Facts) -> Section:
    votes, veto = report["conditions"]["votes_in_favour"], report["conditions"]["no_veto"]
    first = (
        f"{votes['needed']} or more in favour: met with probability {percent(votes['met']['p'])} "
        f"({votes['expected']:.1f} expected, {votes['margin']:+.1f} from what is needed)."
    )
    deadline = _deadline(report["deadline"])
    if not veto["applies"]:
        no_veto = "No negative vote blocks: nobody holds a veto here."
        return Section("Conditions", [*deadline, first, no_veto])
    against = {c: p for c, p in veto["against"].items() if p >= 0.0005}
    named = ", ".join(f"{c} {percent(p)}" for c, p in sorted(against.items(), key=lambda x: -x[1]))
    needed = veto["vetoes_needed"]
    what = "No veto holder against" if needed == 1 else f"Fewer than {needed} veto holders against"
    second = f"{what}: met with probability {percent(veto['met']['p'])}"
    return Section("Conditions", [*deadline, first, f"{second} (against: {named or 'nobody'})."])


def _deadline(deadline: Mapping[str, float]) -> list[str]:
    """Return what the penholder did, where it did not always table its text."""
    if deadline["tabled"] == 1:
        return []
    return [
        f"At the deadline the penholder tabled its text in {percent(deadline['tabled'])} of the "
        f"worlds, withdrew it in {percent(deadline['withdrawn'])}, and fell back on a technical "
        f"rollover in {percent(deadline['fell_back'])}, where votes are on the rollover. What "
        "follows is how members would vote in all worlds, whether a vote is taken or not."
    ]


def _members(report: Facts) -> Section:
    observed = report["roll_call"]["observed"]
    rows = [
        (
            code,
            m["name"],
            *(per_cent(m[action]) for action in ("in_favour", "abstaining", "against")),
            f"{m['gain']['mean']:+.2f} ± {m['gain']['sd']:.2f}",
            _weighs_most(m),
            *([words(observed[code])] if observed else []),
        )
        for code, m in sorted(report["members"].items(), key=lambda x: x[1]["in_favour"])
    ]
    columns = ["", "member", "% for", "abst.", "agst.", "gain", "weighs most"]
    return Section(
        "Members, the likeliest to dissent first",
        [
            "Gain: what adoption is worth to the member over the lapse, mean ± spread of worlds. "
            "What weighs most in it stands beside it, with its sign."
        ],
        [*columns, *(["real vote"] if observed else [])],
        rows,
    )


def _weighs_most(member: Mapping[str, Any]) -> str:
    if member["not_participating"]:
        return "takes no part"
    weight = member["terms"][member["weighs_most"]]
    return f"{'+' if weight >= 0 else '-'} {words(member['weighs_most'])}"


def _roll_calls(report: Facts) -> Section:
    rows = [
        (
            per_cent(call["p"]),
            str(len(call["in_favour"])),
            ", ".join(call["against"]),
            ", ".join(call["abstaining"]),
        )
        for call in report["roll_call"]["likeliest"]
        if call["p"] >= 0.0005
    ]
    return Section(
        "Most likely roll calls",
        columns=("%", "in favour", "against", "abstaining"),
        rows=rows,
    )


def _text(report: Facts) -> Section:
    provisions = report["text"]
    is_fixed = all(p["red_lines"][0] == p["red_lines"][1] for p in provisions.values())
    stays = is_fixed and not report["outcome"]["rolled_over"]["high"]
    rows = [
        (
            words(name),
            f"{p['lapse']:.2f}",
            f"{p['tabled']:.2f}",
            *([] if stays else [_red_lines(p["red_lines"]), _at_the_deadline(p)]),
            p["unit"],
        )
        for name, p in provisions.items()
    ]
    moving = () if stays else ("red lines", "at the deadline")
    columns = ("provision", "lapse", "tabled", *moving, "scale from 0 to 1")
    sentence = "Put to the vote as it was tabled." if stays else "Mean ± spread of worlds."
    return Section("Text, and what stands if it is not adopted", [sentence], columns, rows)


def _at_the_deadline(provision: Mapping[str, Any]) -> str:
    text = provision["at_the_deadline"]
    return f"{text['mean']:.2f} ± {text['sd']:.2f}"


def _red_lines(lines: Sequence[float]) -> str:
    return f"{lines[0]:.2f} to {lines[1]:.2f}" if lines[0] < lines[1] else "fixed"


def _rounds(report: Facts) -> Section:
    followed = may_dissent(report)[:MOST_FOLLOWED]
    moves = any(r["moved"] for r in report["rounds"])
    rows = [
        (
            str(r["round"]),
            f"{r['precision']:.1f}",
            per_cent(r["p_adopted"]),
            *(shares(r["positions"][code]) for code in followed),
            *([_moves(r["moved"])] if moves else []),
        )
        for r in report["rounds"]
    ]
    sentence = "Stated positions of members that may dissent: in favour / abstaining / against, %."
    if len(may_dissent(report)) > MOST_FOLLOWED:
        sentence += f" The {MOST_FOLLOWED} likeliest of them; the JSON has all."
    columns = ("round", "precision", "adopted %", *followed, *(["moved, % of worlds"] * moves))
    return Section("Consultations", [sentence] if followed else (), columns, rows)


def _moves(moved: Mapping[str, float]) -> str:
    return ", ".join(f"{words(name)} {per_cent(p)}" for name, p in moved.items())


def shares(position: Mapping[str, float]) -> str:
    """Return in favour / abstaining / against in whole per cent: `28/72/0`."""
    actions = ("in_favour", "abstaining", "against")
    return "/".join(f"{100 * position[action]:.0f}" for action in actions)


def _assumptions(report: Facts) -> Section:
    evidence, members = report["evidence"], report["scenario"]["members"]
    n_assumed = sum(evidence["assumed"].values())
    numbers = ", ".join(words(name) for name in evidence["assumed_coefficients"])
    rows = []
    for code in may_dissent(report):
        for setting, ids in evidence["cited"].items():
            _, owner, kind, *name = setting.split(".")
            if owner == code:
                value = members[code][kind][name[0]] if name else members[code][kind]
                shown = f"{value['mean']:.3f} ± {value['spread']:.3f}"
                rows.append((code, ".".join([kind, *name]), shown, ", ".join(ids)))
    sentences = [
        f"{n_assumed} of the {evidence['preferences']} preferences that count here are assumed: "
        "set before any vote, and informed by no vote or statement. The others rest on "
        f"{len(evidence['sources'])} statements and votes.",
        *([f"Coefficients that are assumed in the same way: {numbers}."] if numbers else []),
        *_by_group(evidence["by_group"]),
        *([RESTS_ON_EVIDENCE] if rows else []),
    ]
    columns = ("", "preference", "value", "evidence")
    return Section("What it rests on", sentences, columns, rows)


def _by_group(codes: Sequence[str]) -> list[str]:
    """Return who sits with its group's numbers, where anybody does."""
    if not codes:
        return []
    one = len(codes) == 1
    has, their, sit = ("has", "its", "sits") if one else ("have", "their", "sit")
    return [
        f"{', '.join(codes)} {has} no number of {their} own and {sit} with {their} regional "
        "group's, as uncertain as a member never seen."
    ]


def _sources(report: Facts) -> Section:
    sources = report["evidence"]["sources"].items()
    rows = [(k, s["on"], s["who"], s["says"], ", ".join(s["source"])) for k, s in sources]
    columns = ("id", "on", "who", "what", "source")
    return Section("Evidence", (), columns, rows, for_reference=True)


def _provenance(report: Facts) -> Section:
    residual = report["residual"]
    unsettled = percent(residual["unsettled"])
    return Section(
        "How it was computed",
        [
            f"{report['worlds']:,} worlds, random seed {report['random_seed']}, unsc-sim "
            f"{report['software']['version']} (stream format "
            f"{report['software']['stream_format']}).",
            f"Scenario {report['name']}, fingerprint {report['fingerprint'][:16]}.",
            f"Positions at the deadline differ from the choices they lead to by "
            f"{residual['mean']:.4f} on average; not settled in {unsettled} of the worlds.",
            "The intervals cover the error of simulation, not errors of the model or its numbers.",
        ],
    )
