"""Pictures of the pages, taken in a real browser; run by `make pictures`.

Writes the seed report, a comparison and the gallery into `build/pictures`, whole, by day, and the
tops of the seed report and of its analyses, which the READMEs show, also beside this file.
"""

from __future__ import annotations

import shutil
import sys
from itertools import combinations
from pathlib import Path

from browsers import BROWSER, BROWSERS, browser

from sim import compare, convene, explain, frontier, load_scenario, sensitivity, study
from sim.facts.gallery import gallery_of
from sim.report.page import gallery_pages, page_of
from sim.report.page.explanation import explanation_page
from sim.report.page.frontier import frontier_page
from sim.report.page.sensitivity import sensitivity_page
from sim.report.page.study import study_page

ROOT = Path(__file__).parent.parent
BUILD = ROOT / "build" / "pictures"
SHOWN = Path(__file__).parent / "pictures"
"""Where the pictures are that the READMEs show: the tops of these pages."""
TOPS = ("report", "explain", "sensitivity", "frontier", "study")
FREE = {"review": (0.0, 1.0), "relief": (0.0, 1.0), "scrutiny": (0.6, 1.0)}
TOP = {"x": 0, "y": 0, "width": 1100, "height": 1020}
STUDY = ROOT / "scenarios" / "studies" / "ties-and-terms.yaml"
SEED_VOTE = "dprk-panel-2024"
COMPARED = ("dprk-panel-2024", "dprk-panel-2023", "dprk-panel-2024-review")


def pages() -> dict[str, str]:
    """Return the pages that are pictured, by the names of their files."""
    names = sorted(path.stem for path in (ROOT / "scenarios").glob("*.yaml"))
    of = {name: convene(load_scenario(name), keep_worlds=True) for name in names}
    reports = [ensemble.to_dict() for ensemble in of.values()]
    every = list(of.values())
    pairs = [
        compare(a, b).to_dict()
        for a, b in combinations(every, 2)
        if a.scenario.draft.mandate == b.scenario.draft.mandate
    ]
    return {
        **gallery_pages(gallery_of(reports, pairs), reports, pairs),
        "report.html": page_of(of["dprk-panel-2024"].to_dict()),
        "explain.html": explanation_page(
            explain(load_scenario("dprk-panel-2024"), "RUS").to_dict()
        ),
        "sensitivity.html": sensitivity_page(sensitivity(load_scenario(SEED_VOTE)).to_dict()),
        "frontier.html": frontier_page(frontier(load_scenario(SEED_VOTE), free=FREE).to_dict()),
        "study.html": study_page(study(STUDY, BUILD / "study").facts),
        "compare.html": page_of(compare(*(of[name] for name in COMPARED)).to_dict()),
    }


def main() -> None:
    """Write the pages, and take their pictures."""
    if BROWSER is None:
        sys.exit(f"No browser: install one of {', '.join(BROWSERS)}.")
    shutil.rmtree(BUILD, ignore_errors=True)
    BUILD.mkdir(parents=True)
    for name, text in pages().items():
        (BUILD / name).write_text(text, encoding="utf-8")
    with browser() as running:
        page = running.new_page(viewport={"width": 1100, "height": 900})
        for name in (*TOPS, "compare", "index"):
            page.goto((BUILD / f"{name}.html").as_uri())
            page.screenshot(path=BUILD / f"{name}.png", full_page=True)
            if name in TOPS:
                SHOWN.mkdir(exist_ok=True)
                page.screenshot(path=SHOWN / f"{name}.png", full_page=True, clip=TOP)
    print(*sorted(BUILD.glob("*.png")), *sorted(SHOWN.glob("*.png")), sep="\n")  # noqa: T201


if __name__ == "__main__":
    main()
