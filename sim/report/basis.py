"""What a report says of what it rests on: assumptions, evidence, how it was computed."""

from __future__ import annotations

from collections.abc import Sequence

from sim.facts.run import percent
from sim.report.consultations import may_dissent
from sim.report.sections import Facts, Section, words

RESTS_ON_EVIDENCE = (
    "What rests on evidence, of members that may dissent; the source of each id stands under "
    "Evidence in the report's files (--out):"
)


def assumptions(report: Facts) -> Section:
    """Return how much is assumed, and what the others rest on."""
    rests_on, members = report["evidence"], report["scenario"]["members"]
    n_assumed = sum(rests_on["assumed"].values())
    numbers = ", ".join(words(name) for name in rests_on["assumed_coefficients"])
    rows = []
    for code in may_dissent(report):
        for setting, ids in rests_on["cited"].items():
            _, owner, kind, *name = setting.split(".")
            if owner == code:
                value = members[code][kind][name[0]] if name else members[code][kind]
                shown = f"{value['mean']:.3f} ± {value['spread']:.3f}"
                rows.append((code, ".".join([kind, *name]), shown, ", ".join(ids)))
    sentences = [
        f"{n_assumed} of the {rests_on['preferences']} preferences that count here are assumed: "
        "set before any vote, and informed by no vote or statement. The others rest on "
        f"{len(rests_on['sources'])} statements and votes.",
        *([f"Coefficients that are assumed in the same way: {numbers}."] if numbers else []),
        *_by_group(rests_on["by_group"]),
        *([RESTS_ON_EVIDENCE] if rows else []),
    ]
    columns = ("", "preference", "value", "evidence")
    return Section("What it rests on", sentences, columns, rows, key="basis")


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


def evidence(report: Facts) -> Section:
    """Return the source of each piece of evidence."""
    sources = report["evidence"]["sources"].items()
    rows = [(k, s["on"], s["who"], s["says"], "; ".join(s["published"])) for k, s in sources]
    columns = ("id", "on", "who", "what", "source")
    return Section("Evidence", (), columns, rows, for_reference=True, key="evidence")


def provenance(report: Facts) -> Section:
    """Return what it takes to compute the same again, and what the intervals cover."""
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
        key="provenance",
    )
