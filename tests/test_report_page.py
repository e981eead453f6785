"""Pages: they say what the JSON says, hold nothing from outside, and take any text as text."""

import hashlib
import json
import re
import subprocess
import sys
from base64 import b64encode
from itertools import pairwise

import pytest
from pages import Reader, hostile_scenario, numbers_in, spellings
from test_report import in_terminal

from sim import compare, convene, load_scenario
from sim.errors import InvalidInput, WillNotOverwrite, WorldsDoNotMatch
from sim.facts.gallery import are_related, gallery_of
from sim.facts.seal import SEAL, checksum
from sim.report import files
from sim.report.differences import MOST_SETTINGS, comparison_sections, listed
from sim.report.gallery import check_names, file_of, gallery_sections
from sim.report.markdown import escaped, markdown
from sim.report.outcome import report_sections
from sim.report.page import gallery_pages, page_of, saved_page
from sim.report.page.horseshoe import SPACING, seats
from sim.report.spelling import harmless

NAMES = ("dprk-panel-2024", "dprk-panel-2024-negotiated", "mli-sanctions-2023")
CONSTANTS = {"95", "5", "0.5", "0", "1", "100", "16", "0.1", "99.9"}
"""Numbers of the sentences themselves: 95 % intervals, scales from 0 to 1, under 0.1 %."""


ROUNDS = {str(number) for number in range(1, 31)}
"""Rounds are counted on a page, not in the JSON."""


def test_a_page_breaks_no_line_before_a_per_cent_sign_or_a_month(reports):
    """Within the sentences of a page the blank between a number and these is one that stays."""
    paragraphs = re.findall(r"<p [^>]*>(.*?)</p>", page_of(reports[0]), re.DOTALL)
    assert any("\N{NO-BREAK SPACE}%" in said for said in paragraphs)
    assert not [said for said in paragraphs if re.search(r"\d (%|[A-Z][a-z]+ \d{4})", said)]


@pytest.fixture(scope="module")
def ensembles():
    return [convene(load_scenario(name), 3000, keep_worlds=True) for name in NAMES]


@pytest.fixture(scope="module")
def reports(ensembles):
    return [ensemble.to_dict() for ensemble in ensembles]


@pytest.fixture(scope="module")
def comparison(ensembles):
    return compare(*ensembles).to_dict()


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    path = hostile_scenario(tmp_path_factory.mktemp("hostile"))
    return convene(load_scenario(path), 500, keep_worlds=True)


def of_the_facts(report):
    """Return a report less the preferences in full, so that few numbers can be had by chance."""
    scenario = {k: v for k, v in report["scenario"].items() if k not in ("members", "defaults")}
    rests_on = [
        report["scenario"]["members"][code]
        for code, member in report["members"].items()
        if 1 - member["in_favour"] > 0.05
    ]
    assumed = sum(report["evidence"]["assumed"].values())
    shown = report["fingerprint"][:16]
    return [{**report, "scenario": scenario}, rests_on, assumed, shown]


@pytest.mark.parametrize("number", range(len(NAMES)))
def test_every_form_shows_the_same_numbers(reports, number):
    """Terminal, Markdown and page show the cells of the same sections, and the JSON has them."""
    report = reports[number]
    sections, page = report_sections(report), Reader(page_of(report))
    shown, written, told = (
        in_terminal(sections, 600),
        markdown(sections),
        spellings(of_the_facts(report)),
    )
    for section in sections:
        rows = section.cells
        in_words = [*section.columns].index("main reason") if section.key == "members" else None
        if rows:
            pairs = zip(page.tables[section.key][1:], rows, strict=True)
            same = (
                [c for k, c in enumerate(row) if k != in_words] for pair in pairs for row in pair
            )
            assert all(one == other for one, other in zip(same, same, strict=True))
        parts = ("answer", "sureness") if section.key == "answer" else (section.key,)
        on_page = " ".join(text for part in parts for text in page.texts.get(part, ()))
        for sentence in section.sentences:
            said = sentence.replace("with its sign", "in words") if in_words else sentence
            assert harmless(said) in on_page
        for cell in filter(None, (cell for row in rows for cell in row)):
            assert escaped(cell) in written
            assert section.for_reference or cell.strip() in shown
        text = " ".join([*section.sentences, *(cell for row in rows for cell in row)])
        assert numbers_in(text) - told - CONSTANTS == set(), section.heading


@pytest.mark.parametrize("number", range(len(NAMES)))
def test_drawings_show_no_other_number(reports, number):
    """Each number in a drawing is one of the JSON, as people write it."""
    report = reports[number]
    told = spellings(of_the_facts(report)) | ROUNDS
    for section, texts in Reader(page_of(report)).drawn.items():
        assert numbers_in(" ".join(texts)) - told - CONSTANTS == set(), section


def test_the_comparison_shows_the_same_numbers_in_every_form(comparison):
    """A comparison's page has the cells of its sections, and the JSON has their numbers."""
    sections, page = comparison_sections(comparison), Reader(page_of(comparison))
    written, told = markdown(sections), spellings(comparison) | ROUNDS
    told |= {str(len(other["remembered_otherwise"])) for other in comparison["others"]}
    told |= {str(n - MOST_SETTINGS) for n in map(len, map(listed, comparison["others"]))}
    assert in_terminal(sections)
    for section in sections:
        if section.rows:
            assert page.tables[section.key][1:] == section.cells
        text = " ".join([*section.sentences, *(cell for row in section.cells for cell in row)])
        assert all(escaped(cell) in written for row in section.cells for cell in row)
        assert numbers_in(text) - told - CONSTANTS == set(), section.heading
    for section, texts in page.drawn.items():
        assert numbers_in(" ".join(texts)) - told - CONSTANTS == set(), section


def test_bars_are_as_long_as_what_they_show(reports):
    """Outcomes have bars as long as they are likely, coloured as the votes that bring them."""
    report = reports[0]
    html = page_of(report)
    outcome = html[html.index('id="outcome"') : html.index('id="conditions"')]
    bars = re.findall(r'width="([\d.]+)" height="10" class="(?!rail)([a-z_]+)"', outcome)
    chance = {name: v["p"] for name, v in report["outcome"].items() if v["high"] > 0}
    vetoes = [p for p in report["vetoed_by"].values() if p >= 0.0005]
    expected = {
        "in_favour": [chance.pop("adopted")],
        "against": [chance.pop("vetoed"), *vetoes],
        "share": [*chance.values()],
    }
    for colour, likely in expected.items():
        widths = sorted(float(width) for width, class_ in bars if class_ == colour)
        assert widths == pytest.approx(sorted(400 * p for p in likely), abs=0.06)


def test_seats_stand_apart_and_open_below():
    """From 5 to 40 members the horseshoe is symmetrical, and no two seats touch."""
    for n in (1, 5, 15, 25, 40):
        places = seats(n)
        assert len(places) == n
        for left, right in zip(places, reversed(places), strict=True):
            assert left.x + right.x == pytest.approx(400)
            assert left.y == pytest.approx(right.y)
        for one, other in pairwise(places):
            assert (one.x - other.x) ** 2 + (one.y - other.y) ** 2 > (0.9 * SPACING) ** 2


def test_the_same_facts_give_the_same_page(reports, comparison):
    """A page has the same bytes each time, also in a process with another hash seed."""
    code = (
        "import json, sys; from sim.report.page import page_of; "
        "sys.stdout.buffer.write(page_of(json.load(sys.stdin)).encode())"
    )
    for facts in (reports[0], comparison):
        again = subprocess.run(
            [sys.executable, "-c", code],
            input=json.dumps(facts).encode(),
            capture_output=True,
            check=True,
            env={"PYTHONHASHSEED": "7", "PYTHONPATH": "."},
        )
        assert again.stdout.decode() == page_of(facts)


def pages_of(ensemble):
    """Return the page of a run and that of its comparison with itself."""
    return [page_of(ensemble.to_dict()), page_of(compare(ensemble, ensemble).to_dict())]


def test_nothing_in_a_text_becomes_markup(hostile):
    """Of a scenario that means harm every element, attribute and link is one of ours."""
    ours = {"a", "body", "circle", "defs", "desc", "div", "figcaption", "figure", "g", "h1", "h2"}
    ours |= {"head", "header", "html", "li", "line", "main", "meta", "nav", "p", "pattern", "wbr"}
    ours |= {"polygon", "rect", "section", "span", "style", "svg", "table", "tbody", "td", "text"}
    ours |= {"th", "thead", "title", "tr", "ul", "details", "summary"}
    for html in pages_of(hostile):
        page = Reader(html)
        assert {tag for tag, _ in page.tags} <= ours
        for _, attributes in page.tags:
            assert not [name for name in attributes if name.startswith("on") or name == "style"]
            href = attributes.get("href")
            assert href is None or href.startswith(("#", "http://", "https://"))
        assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08\x0b-\x1f]", html)
        assert html.count("{{ 7*7 }}") == html.count("7*7") > 0


def test_a_hostile_scenario_is_shown_whole(hostile):
    """Its title, question, sources and all members and provisions stand on the page."""
    report = hostile.to_dict()
    html = page_of(report)
    page = Reader(html)
    assert "x" * 100 in html
    assert len(page.tables["members"]) == 1 + 25
    assert len(page.tables["text"]) == 1 + 12
    shown = " ".join(cell for row in page.tables["negotiation"] for cell in row)
    assert harmless(report["scenario"]["sources"][0]) in shown
    links = [a.get("href") for tag, a in page.tags if tag == "a"]
    assert "http://example.org/a?b=1&c=" in links


def test_a_page_may_load_and_run_nothing(reports, comparison):
    """Its policy allows its own stylesheet, by its digest, and nothing else."""
    for facts in (reports[0], comparison):
        html = page_of(facts)
        policy = re.search(r'Content-Security-Policy" content="([^"]+)"', html)[1]
        style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)[1]
        digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
        rules = dict(rule.strip().split(" ", 1) for rule in policy.replace("&#39;", "'").split(";"))
        assert rules == {
            "default-src": "'none'",
            "style-src": f"'sha256-{digest}'",
            "base-uri": "'none'",
            "form-action": "'none'",
        }
        assert not re.search(r"<script|<link|<img|<iframe|@import|url\((?!#)", html)


def test_each_drawing_has_title_description_and_table(reports, comparison):
    """A drawing says in words what it shows, and its section has a table, or leads to it."""
    for facts in (*reports, comparison):
        page = Reader(page_of(facts))
        ids = {a["id"] for _, a in page.tags if "id" in a}
        charts = [a for tag, a in page.tags if tag == "svg" and a.get("role") == "img"]
        assert charts
        for chart in charts:
            assert set(chart["aria-labelledby"].split()) <= ids
        sections = {s for s in page.drawn if s not in ("head", "side-by-side")}
        assert sections <= set(page.tables)
        every = [a["id"] for _, a in page.tags if "id" in a]
        assert len(every) == len(set(every))


def test_pages_are_small(ensembles, reports, comparison):
    """A report, and a comparison of eight, stay under 300 kB."""
    eight = compare(*(ensembles * 3)[:8]).to_dict()
    for facts in (*reports, comparison, eight):
        assert len(page_of(facts).encode()) < 300_000


def test_a_comparison_has_two_to_eight_sides(ensembles):
    """One alone, or nine, are refused with the number that is allowed."""
    for sides in (ensembles[:1], ensembles * 3):
        with pytest.raises(WorldsDoNotMatch, match="expected 2 to 8"):
            compare(*sides)


def gallery(ensembles, reports):
    pairs = [
        compare(one, other).to_dict()
        for k, one in enumerate(ensembles)
        for other in ensembles[k + 1 :]
    ]
    facts = gallery_of(reports, pairs)
    return facts, gallery_pages(facts, reports, pairs)


def test_a_gallery_leads_to_every_page_and_back(ensembles, reports):
    """The index leads to each scenario and to each pair, and all of them lead back."""
    facts, pages = gallery(ensembles, reports)
    index = Reader(pages["index.html"])
    links = {a["href"] for tag, a in index.tags if tag == "a" and not a["href"].startswith("#")}
    htmls = {name for name in pages if name.endswith(".html")} - {"index.html"}
    assert links == htmls
    assert len(htmls) == 3 + 3
    for name in htmls:
        assert 'href="index.html"' in pages[name]
    assert {f"{name}.{form}" for name in NAMES for form in ("json", "md")} < set(pages)
    (outcomes, _) = gallery_sections(facts)
    assert [row[0] for row in outcomes.rows] == list(NAMES)
    for report, row in zip(reports, index.tables["scenarios"][1:], strict=True):
        assert row[:2] == [report["title"], report["scenario"]["date"]]
        likely = [c for c, m in report["members"].items() if m["in_favour"] <= 0.8]
        assert all(code in row[-2] for code in likely)


def test_only_related_scenarios_are_compared(ensembles, tmp_path):
    """Two scenarios are of one mandate, or one extends the other, or they are no pair."""
    seed, negotiated, mali = (ensemble.scenario for ensemble in ensembles)
    assert are_related(seed, negotiated)
    assert not are_related(seed, mali)
    path = tmp_path / "mine.yaml"
    path.write_text(
        "kind: scenario\ntitle: t\nextends: mli-sanctions-2023\ndraft: {renews: null}\n"
    )
    mine = load_scenario(path)
    assert are_related(mine, mali)
    assert are_related(mali, mine)
    assert not are_related(mine, seed)


def test_scenarios_of_a_gallery_have_files_of_their_own():
    """Names that would be written over one another are refused before anything is computed."""
    check_names(["a", "b"])
    clashes = [["a", "A"], ["index", "b"], ["run", "b"], ["a/b", "a:b"]]
    clashes += [["a", "b", "a--b"], ["a", "b--c", "a--b", "c"]]
    for names in clashes:
        with pytest.raises(WillNotOverwrite, match="file name of its own"):
            check_names(names)
    assert file_of('a/b\\c:"d"') == "a_b_c__d_"


def test_a_gallerys_folder_is_replaced_as_a_reports_is(tmp_path):
    """What its account lists is ours to replace; a file beside that is somebody's."""
    folder = tmp_path / "g"
    files.write(folder, {"index.html": "1", "my.html": "1"}, force=False)
    account = json.loads((folder / "run.json").read_text())
    for foreign in ({"command": ["another"]}, {"files": ["index.html"]}):
        (folder / "run.json").write_text(json.dumps({**account, **foreign}))
        with pytest.raises(WillNotOverwrite):
            files.write(folder, {"index.html": "2"}, force=True)
    (folder / "run.json").write_text(json.dumps(account))
    files.write(folder, {"index.html": "2"}, force=True)
    assert {p.name for p in folder.iterdir()} == {"index.html", "run.json"}
    (folder / "notes.html").write_text("mine")
    with pytest.raises(WillNotOverwrite, match=re.escape("notes.html")):
        files.write(folder, {"index.html": "3"}, force=True)
    assert (folder / "index.html").read_text() == "2"


def sealed(facts):
    """Return facts with the checksum that somebody who edits them with care would give them."""
    return {**facts, SEAL: checksum(facts)}


@pytest.mark.parametrize("change", [{"title": "Another"}, {"checksum": "0"}, {"settings": ["x=1"]}])
def test_no_page_of_an_edited_report(tmp_path, reports, change):
    """What was changed since it was written gets no page, though nothing is simulated again."""
    path = tmp_path / "report.json"
    path.write_text(files.as_json({**reports[0], **change}), encoding="utf-8")
    with pytest.raises(WorldsDoNotMatch, match="was edited after it was made"):
        saved_page(path)


def test_the_page_of_a_saved_report_is_that_of_the_run(tmp_path, reports, comparison):
    """`unsc report` writes the bytes that `unsc run --out` wrote."""
    for name, facts in (("report.json", reports[0]), ("compare.json", comparison)):
        path = tmp_path / name
        path.write_text(files.as_json(facts), encoding="utf-8")
        assert saved_page(path) == page_of(facts)


@pytest.mark.parametrize(
    "change",
    [
        {"members": {}},
        {"members": {"RUS": 3}},
        {"outcome": {"adopted": "much"}},
        {"rounds": None},
        {"text": {"scrutiny": {}}},
        {"roll_call": []},
        {"outcome": {"adopted": {"p": 10**399, "low": 0, "high": 1}}},
        {"text": {"scrutiny": {"unit": {"a": 1}}}},
    ],
)
def test_what_is_no_report_is_said_to_be_none(tmp_path, reports, change):
    """A report that lacks what a page shows ends in a sentence that names the file."""
    path = tmp_path / "report.json"
    path.write_text(json.dumps(sealed({**reports[0], **change})), encoding="utf-8")
    with pytest.raises(InvalidInput, match="expected a report"):
        saved_page(path)


def test_what_is_no_text_is_said_to_be_none(tmp_path, reports, comparison):
    """Where a mapping or a number stands for a text, the file is named, and no traceback shown."""
    path = tmp_path / "edited.json"
    texts = {name: {**p, "unit": {"a": 1}} for name, p in reports[0]["text"].items()}
    base = {**comparison["base"], "name": 5}
    for edited in ({**reports[0], "text": texts}, {**comparison, "base": base}):
        path.write_text(json.dumps(sealed(edited)), encoding="utf-8")
        with pytest.raises(InvalidInput, match="expected a report"):
            saved_page(path)


def test_an_edited_report_with_hostile_keys_stays_text(tmp_path, reports):
    """Codes, names and votes of a JSON that somebody wrote become no markup either."""
    edited = json.loads(files.as_json(reports[0]).replace('"RUS"', '"R<b onx=1>"'))
    edited["members"]["R<b onx=1>"]["name"] = "R\u202e\"'><script>x</script>"
    edited["text"] = {f"s'\"><i>{name}": p for name, p in edited["text"].items()}
    edited["outcome"]["vetoed"]["<i>"] = 1
    edited["vetoed_by"] = {"<i>+<i>": 0.5}
    path = tmp_path / "report.json"
    path.write_text(files.as_json(sealed(edited)), encoding="utf-8")
    html = saved_page(path)
    assert "R&lt;b onx=1&gt;" in html
    assert not re.search("<script|<b |<i>|\u202e", html)
    Reader(html)


def test_a_report_is_not_written_over_itself(tmp_path, reports):
    """Even with --force the page does not take the place of the numbers behind it."""
    path = tmp_path / "same.json"
    path.write_text(files.as_json(reports[0]), encoding="utf-8")
    command = [sys.executable, "-m", "sim", "report", str(path), "--out", str(path), "--force"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, "the report itself" in done.stderr) == (2, True)
    assert json.loads(path.read_text(encoding="utf-8")) == reports[0]
