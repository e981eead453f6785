"""Pages in a real browser: nothing is fetched, nothing overflows, everybody can read them."""

import io
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

import browsers
import pytest
from pages import hostile_scenario

from sim import (
    compare,
    convene,
    explain,
    explain_difference,
    frontier,
    load_scenario,
    sensitivity,
    study,
)
from sim.backtest import backtest
from sim.backtest.forecasters import AlwaysInFavour, LastVote, MemberRate
from sim.facts.gallery import gallery_of
from sim.record import read_record
from sim.report.differences import comparison_sections
from sim.report.outcome import report_sections
from sim.report.page import gallery_pages, page_of
from sim.report.page.backtest import backtest_page
from sim.report.page.explanation import explanation_page
from sim.report.page.frontier import frontier_page
from sim.report.page.sensitivity import sensitivity_page
from sim.report.page.study import study_page
from sim.report.sections import shown
from sim.report.spelling import harmless

NAMES = ("dprk-panel-2024", "dprk-panel-2024-negotiated", "mli-sanctions-2023")
TIE, TERM = "members.RUS.ties.PRK", "draft.text.term"
BOUNDS = {TIE: [-0.4, 0.9], TERM: [0, 1], "draft.text.coercion": [0, 1]}
SAMPLE = {"points": 32, "between": {**BOUNDS, "members.CHN.ties.PRK": [-0.3, 0.9]}}
STUDIES = {
    "_study": {"product": {TIE: {"from": -0.4, "to": 0.8, "steps": 13}, TERM: [0, 0.5, 1]}},
    "_study-of-many": {"sobol": SAMPLE},
}
FREE = {"review": (0.0, 1.0), "relief": (0.0, 1.0)}
WIDTHS = (360, 800, 1100, 1600)
VOTES = ("against", "in_favour")
A4_BETWEEN_MARGINS = 672
"""Pixels of 178 mm."""

pytestmark = pytest.mark.browser

if browsers.BROWSER is None:
    pytest.skip(f"no browser: none of {browsers.BROWSERS}", allow_module_level=True)
pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="no axe-core")


@pytest.fixture(scope="module")
def browser():
    with browsers.browser() as running:
        yield running


@pytest.fixture(scope="module")
def facts(tmp_path_factory):
    """Return the facts behind each page by the page's name."""
    hostile = hostile_scenario(tmp_path_factory.mktemp("hostile"))
    scenarios = [load_scenario(name) for name in (*NAMES, hostile)]
    ensembles = [convene(scenario, 2000, keep_worlds=True) for scenario in scenarios]
    reports = [ensemble.to_dict() for ensemble in ensembles]
    return {
        "seed": reports[0],
        "negotiated": reports[1],
        "hostile": reports[3],
        "compare": explain_difference(compare(*ensembles)).to_dict(),
        "explain": explain(scenarios[0], "CHN", 500).to_dict(),
        "explain-outcome": explain(scenarios[0], None, 500).to_dict(),
        "explain-hostile": explain(scenarios[3], "RUS", 100).to_dict(),
        "gallery": (reports, ensembles),
    }


@dataclass(frozen=True)
class Simulator(MemberRate):
    """A forecaster that is soon done, by the name of the one that all others are set against."""

    name: ClassVar[str] = "simulator"


def back_tested():
    """Return the facts of a back-test of one year."""
    forecasters = [Simulator(), AlwaysInFavour(), LastVote()]
    days = date(2023, 1, 1), date(2023, 12, 31)
    return backtest(read_record(), forecasters, *days, workers=1).to_dict(50)


@pytest.fixture(scope="module")
def folder(tmp_path_factory, facts):
    """Write the pages, the gallery among them, as a user has them."""
    out = tmp_path_factory.mktemp("pages")
    reports, ensembles = facts["gallery"]
    pairs = [
        compare(one, other).to_dict()
        for k, one in enumerate(ensembles)
        for other in ensembles[k + 1 :]
    ]
    pages = gallery_pages(gallery_of(reports, pairs), reports, pairs)
    for name in ("seed", "negotiated", "hostile", "compare"):
        pages[f"_{name}.html"] = page_of(facts[name])
    for name in ("explain", "explain-outcome", "explain-hostile"):
        pages[f"_{name}.html"] = explanation_page(facts[name])
    pages["_backtest.html"] = backtest_page(back_tested())
    seed = load_scenario(NAMES[0])
    pages["_sensitivity.html"] = sensitivity_page(sensitivity(seed, 1000, total=True).to_dict())
    pages["_frontier.html"] = frontier_page(frontier(seed, 1000, free=FREE).to_dict())
    for name, vary in STUDIES.items():
        plan = {"kind": "study", "base": NAMES[0], "vary": vary, "worlds": 100}
        found = study(plan, tmp_path_factory.mktemp("study"))
        pages[f"{name}.html"] = study_page(found.facts)
    for name, text in pages.items():
        (out / name).write_text(text, encoding="utf-8")
    return out


PAGES = (
    *("_seed", "_negotiated", "_hostile", "_compare", "index", "_backtest"),
    *("_explain", "_explain-outcome", "_explain-hostile", "_sensitivity", "_frontier"),
    *("_study", "_study-of-many"),
)


@pytest.fixture
def visit(browser, folder):
    """Return a function that opens a page, and fails on any error, request or dialog of it."""
    opened, wrong = [], []

    def go(name, width=1100, scheme="light", height=900):
        size = {"width": width, "height": height}
        page = browser.new_page(viewport=size, color_scheme=scheme)
        opened.append(page)
        page.on("console", lambda message: wrong.append(message.text))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("dialog", lambda dialog: (wrong.append(dialog.message), dialog.dismiss()))
        page.on("request", lambda r: None if r.is_navigation_request() else wrong.append(r.url))
        page.goto((folder / f"{name}.html").as_uri())
        return page

    yield go
    for page in opened:
        page.close()
    assert wrong == []


def unfold(page, which="details"):
    """Open all that is folded on a page, or some of it."""
    page.eval_on_selector_all(which, "every => every.forEach(e => { e.open = true })")
    return page


def screens(page):
    """Return how many screens long the page is."""
    return page.evaluate("document.documentElement.scrollHeight / innerHeight")


@pytest.mark.parametrize("is_unfolded", [False, True])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_nothing_overflows_and_nothing_is_fetched(visit, name, width, is_unfolded):
    """On a telephone, a tablet and a wide screen all stands within the page, folded or not."""
    page = visit(name, width)
    if is_unfolded:
        unfold(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    beyond = page.evaluate(
        """() => [...document.querySelectorAll('body *')].filter(e => {
            const b = e.getBoundingClientRect();
            return b.width > 1 && !e.closest('.skip, .unseen, thead')
                && (b.right > innerWidth + 1 || b.left < -1);
        }).map(e => e.outerHTML.slice(0, 120))"""
    )
    assert beyond == []
    cut = page.evaluate(
        """() => [...document.querySelectorAll('main *')].filter(e =>
            !e.closest('svg, thead, .unseen') && e.clientWidth > 0
            && e.scrollWidth > e.clientWidth + 1
            && getComputedStyle(e).display !== 'inline').map(e => e.outerHTML.slice(0, 120))"""
    )
    assert cut == []


@pytest.mark.parametrize("name", PAGES[:2] + PAGES[3:4] + PAGES[5:])
def test_no_label_of_a_drawing_leaves_it(visit, name):
    """Every text of a drawing lies within the drawing."""
    outside = unfold(visit(name, 360)).evaluate(
        """() => [...document.querySelectorAll('svg.chart text')].filter(t => {
            const a = t.getBoundingClientRect(), b = t.ownerSVGElement.getBoundingClientRect();
            return a.left < b.left - 1 || a.right > b.right + 1
                || a.top < b.top - 2 || a.bottom > b.bottom + 2;
        }).map(t => t.outerHTML)"""
    )
    assert outside == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_no_serious_violation(visit, name, scheme):
    """Contrast, names, order, keyboard: axe-core has nothing serious to say, folded or not."""
    page = visit(name, 360 if scheme == "dark" else 1100, scheme)
    for _ in range(2):
        found = axe.Axe().run(page).response["violations"]
        serious = [v for v in found if v["impact"] in ("serious", "critical")]
        assert [(v["id"], v["nodes"][0]["html"][:200]) for v in serious] == []
        unfold(page)


def shares(value):
    """Return a probability as it stands in a table, reckoned here anew."""
    if 0 < value < 0.0005 or 0.9995 < value < 1:
        return "<0.1" if value < 0.5 else ">99.9"
    return f"{100 * value:.1f}"


@pytest.fixture
def read(visit, facts):
    """Return a function that reads a page's tables by section, beside the JSON behind them."""

    def of(name):
        tables = unfold(visit(name)).evaluate(
            """() => Object.fromEntries(
                [...document.querySelectorAll('section:has(table)')].map(section => [section.id,
                    [...section.querySelectorAll('tr')].map(row =>
                        [...row.cells].map(cell => cell.innerText.trim()))]))"""
        )
        return tables, facts[name[1:]]

    return of


REPORTS = pytest.mark.parametrize("name", ["_seed", "_negotiated", "_hostile"])


@REPORTS
def test_the_outcomes_read_are_those_of_the_json(read, name):
    """Each outcome that can be has its probability, each roll call its own."""
    tables, report = read(name)
    outcome = {row[0].replace(" ", "_"): row[1:] for row in tables["outcome"]}
    for key, value in report["outcome"].items():
        if value["high"] > 0:
            assert outcome[key][0] == shares(value["p"])
    calls = [call for call in report["roll_call"]["likeliest"] if call["p"] >= 0.0005]
    assert len(tables.get("roll-calls", [[]])) == 1 + len(calls)
    for row, call in zip(tables.get("roll-calls", [[]])[1:], calls, strict=True):
        assert row[:2] == [shares(call["p"]), str(len(call["in_favour"]))]


@REPORTS
def test_the_members_read_are_those_of_the_json(read, name):
    """Chances, gain and its terms of every member, in both tables of members."""
    tables, report = read(name)
    council, members, gains = (
        {row[0]: row[1:] for row in tables[key]} for key in ("council", "members", "gains")
    )
    names = tables["gains"][0][1:]
    for code, member in report["members"].items():
        chances = [shares(member[a]) for a in ("in_favour", "abstaining", "against")]
        assert council[code] == chances == members[code][1:4]
        gain = member["gain"]
        assert members[code][4] == f"{gain['mean']:+.2f} ± {gain['sd']:.2f}"
        terms = {n.replace("_", " "): f"{x:+.2f}" for n, x in member["terms"].items()}
        terms["gain"] = f"{gain['mean']:+.2f}"
        assert gains[code] == [terms[n] for n in names]


@REPORTS
def test_what_would_change_it_is_that_of_the_json(read, name):
    """Each member of whom another action would move the outcome, and no other, is there."""
    tables, report = read(name)
    rows = {row[0]: row[1:] for row in tables.get("pivots", [[""]])[1:]}
    pivots = {code: m["pivot"] for code, m in report["members"].items() if m["pivot"]}
    assert set(rows) == set(pivots)
    for code, its in pivots.items():
        assert rows[code][1] == f"{100 * its['moves']:+.1f}"
        assert rows[code][3:] == [f"{its['at_gain']:+.2f}", f"{its['distance']:+.2f}"]


@REPORTS
def test_text_and_rounds_read_are_those_of_the_json(read, name):
    """Every provision and every round is there with its numbers."""
    tables, report = read(name)
    assert len(tables["text"]) == 1 + len(report["text"])
    for row, provision in zip(tables["text"][1:], report["text"].values(), strict=True):
        assert row[1:3] == [f"{provision['lapse']:.2f}", f"{provision['tabled']:.2f}"]
    for row, held in zip(tables["rounds"][1:], report["rounds"], strict=True):
        shown = [str(held["round"]), f"{held['precision']:.1f}", shares(held["p_adopted"])]
        assert row[:3] == shown


def test_the_horseshoe_has_a_seat_for_each_member(visit, facts):
    """Each sits once, in the shape of its likeliest vote: permanent ringed, dissenters filled."""
    page = visit("_seed")
    seats = page.evaluate(
        """() => [...document.querySelectorAll('#council svg.chart > g')].map(g => ({
            code: g.querySelector('text.code').textContent,
            chances: g.querySelector('text.chances')?.textContent ?? '',
            told: g.querySelector('title').textContent,
            ringed: g.querySelector('.permanent') !== null,
            shape: [...g.children[1].classList]}))"""
    )
    members = facts["seed"]["members"]
    assert sorted(seat["code"] for seat in seats) == sorted(members)
    for seat in seats:
        member = members[seat["code"]]
        chances = [f"{100 * member[a]:.0f}" for a in ("in_favour", "abstaining", "against")]
        stands_out = member["in_favour"] < 0.95
        assert seat["shape"] == [member["most_likely"], *["faint"] * (not stands_out)]
        assert seat["chances"] == ("/".join(chances) if stands_out else "")
        assert seat["ringed"] == member["permanent"]
        assert member["name"] in seat["told"]


@pytest.mark.parametrize("name", PAGES)
def test_nothing_leaves_the_paper(visit, name):
    """Between the margins of A4 nothing is wider than the page, in daylight colours."""
    page = visit(name, A4_BETWEEN_MARGINS, "dark")
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollWidth") <= A4_BETWEEN_MARGINS
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


WORDS_ABOVE_THE_FOLD = """() => {
    const texts = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
    const above = [], range = document.createRange();
    while (texts.nextNode()) {
        const text = texts.currentNode;
        if (!text.parentElement.checkVisibility()) continue;
        for (const word of text.data.matchAll(/\\S+/g)) {
            range.setStart(text, word.index);
            range.setEnd(text, word.index + word[0].length);
            if (range.getBoundingClientRect().bottom <= innerHeight) above.push(word[0]);
        }
    }
    return above.join(' ');
}"""


def test_the_first_screen_of_a_telephone_is_the_brief(visit, facts):
    """At 390 x 844 answer, Council, who and why, what it hangs on and until when data go."""
    page = visit("_seed", 390, height=844)
    above = page.evaluate(WORDS_ABOVE_THE_FOLD)
    horseshoe = page.locator(".brief svg.chart").bounding_box()
    assert horseshoe["y"] + horseshoe["height"] <= 844
    report = facts["seed"]
    sections = {section.key: section for section in report_sections(report)}
    until = report["evidence"]["record"]["until"]
    told = [*sections["hinges"].sentences, *(row[2] for row in sections["dissent"].rows)]
    for text in [report["headline"], until, *told]:
        assert text in above


def test_a_report_is_not_long_on_a_telephone(visit):
    """Under three screens as it opens, under ten with every section open and its lists folded."""
    page = visit("_seed", 390, height=844)
    assert screens(page) < 3
    assert screens(unfold(page, "details.part")) < 10


@pytest.mark.parametrize("name", ["_seed", "_negotiated", "_hostile", "_compare"])
def test_no_drawing_has_its_table_open_beside_it(visit, name):
    """What a drawing shows is below it in numbers once a reader unfolds it, and not before."""
    page = unfold(visit(name), "details.part")
    figures = page.locator("section:has(svg.chart):has(table)")
    assert figures.count() >= 2
    assert not any(table.is_visible() for table in figures.locator("table").all())
    unfold(page)
    assert all(table.is_visible() for table in figures.locator("table").all())


def colour(page, selector):
    """Return the colour of text or of a drawing's mark that a selector finds first."""
    return page.locator(selector).first.evaluate("e => getComputedStyle(e).fill")


def test_an_outcome_has_the_colour_of_its_votes(visit):
    """Vetoed is painted as against, adopted as in favour, and P(adopted) as neither."""
    page = unfold(visit("_seed"))
    against, for_it = (colour(page, f"#council .{vote}:not(.faint)") for vote in VOTES)
    assert colour(page, "#council .is-vetoed") == against != for_it
    assert colour(page, "#outcome rect.in_favour") == for_it
    assert colour(page, "#rounds rect.share") not in (against, for_it)
    drawn = visit("_negotiated").locator("#council .is-adopted").first
    assert drawn.evaluate("e => getComputedStyle(e).fill") == for_it


def test_printed_the_brief_has_two_pages_and_the_rest_is_an_appendix(visit):
    """The appendix, all of it unfolded, begins on a page of its own, the third at the latest."""
    pypdf = pytest.importorskip("pypdf", reason="pypdf is not installed")
    printed = pypdf.PdfReader(io.BytesIO(visit("_seed").pdf(format="A4")))
    texts = [page.extract_text().strip() for page in printed.pages]
    begins = next(k for k, text in enumerate(texts) if text.startswith("Appendix"))
    assert begins in (1, 2)
    brief = unspaced("".join(texts[:begins]))
    for heading in ("Who may dissent", "What it hangs on", "What it knows", "How to read this"):
        assert unspaced(heading) in brief


def unspaced(text):
    """Return text without its blanks, and with letters in place of ligatures."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


@pytest.mark.parametrize(
    ("name", "sections_of"), [("_seed", report_sections), ("_compare", comparison_sections)]
)
def test_print_gives_whole_pages(visit, facts, name, sections_of):
    """On paper every section and every row is there, and no page is empty."""
    pypdf = pytest.importorskip("pypdf", reason="pypdf is not installed")
    printed = pypdf.PdfReader(io.BytesIO(visit(name).pdf(format="A4")))
    texts = [page.extract_text() for page in printed.pages]
    assert len(texts) > 1
    assert all(text.strip() for text in texts)
    whole = unspaced("".join(texts))
    for section in sections_of(facts[name[1:]]):
        if section.heading:
            assert unspaced(harmless(section.heading))[:40] in whole
        for row in section.rows:
            assert unspaced(shown(row[0])) in whole


def test_the_index_leads_to_every_page_and_back(visit, folder):
    """By clicking: from the index to each scenario and each pair, and from there to the index."""
    page = visit("index")
    hrefs = page.evaluate(
        "[...new Set([...document.querySelectorAll('main a')].map(a => a.href))]"
        ".filter(h => !h.includes('#'))"
    )
    names = {p.name for p in folder.glob("*.html")} - {"index.html"}
    assert len(hrefs) == len([n for n in names if not n.startswith("_")]) == 4 + 6
    with page.expect_navigation():
        page.click("main a:has-text('DPRK Panel of Experts') >> nth=0")
    assert page.locator("h1").inner_text().startswith("DPRK Panel of Experts")
    with page.expect_navigation():
        page.click("text=All scenarios")
    assert page.locator("h1").inner_text() == "4 scenarios"


def test_a_keyboard_reaches_everything(visit):
    """The first stop is a way past the navigation, and each link can be seen to have the focus."""
    page = visit("_seed")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    page.focus("#members summary")
    page.keyboard.press("Enter")
    assert page.locator("#members table").is_visible()


def test_a_page_reads_without_its_script(browser, folder):
    """With scripts switched off the page is the same: it has none."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((folder / "_seed.html").as_uri())
    assert page.locator("section").count() >= 12
    context.close()


def test_no_member_is_hidden_at_any_width(visit, facts):
    """On a telephone too each member has its row in the table of members."""
    for width in WIDTHS:
        rows = unfold(visit("_seed", width)).locator("#members tbody tr")
        assert rows.count() == len(facts["seed"]["members"])
        assert all(row.is_visible() for row in rows.all())
