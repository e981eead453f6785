"""Nothing of any file, name or argument steers a terminal: forty hostile strings on a real one."""

import csv
import json
import os
import pty
import re
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from sim.reading.csv_table import as_csv, read_table
from sim.report.files import as_json
from sim.report.spelling import Guarded, harmless

SIM = Path(__file__).parent.parent / "sim"

HOSTILE = [
    *("\x1b[2J\x1b[H", "\x1b]0;pwned\x07", "\x1b[31mred", "\x1b]8;;http://x\x1b\\link", "\x1bc"),
    *("\x1b[6n", "\x1bP$q\x1b\\", "\x1b[?1049h", "\x1b[1A\x1b[2K", "\x1b]52;c;cm0=\x07", "\x1b(0"),
    *("\x07", "\x08\x08\x08", "\x0b", "\x0c", "\r over", "\x0e\x0f", "\x7f\x7f", "\x00", "\x05"),
    *("\x9b31m", "\x90q\x9c", "\x85next", "\x84", "\x8d", "\x9d0;x\x9c", "\xadsoft"),
    *("\u202egnp.exe", "\u202d", "\u2066\u2069", "\u200f", "\u061c", "\u2028", "\u2029", "\u200b"),
    *("\ufeff", "\U000e0041", "\ue000", "[bold]rich[/bold] [link=x]y[/link]", "=1+1;-2|@x"),
]

COLOURS = re.compile(rb"\x1b\[[0-9;]*m")
"""What the program itself may set: bold and colours."""


BAR = re.compile(rb"\r?\x1b\[(\?25[lh]|[12][AK])|\r(?!\n)")
"""How a bar of progress moves and hides the cursor."""


def test_there_are_forty():
    """Each is different, and most hold what no terminal should see."""
    assert len(set(HOSTILE)) == 40
    assert sum(not text.isprintable() for text in HOSTILE) == 38


DRIVER = """
import json, sys
from sim.cli import main
for command in json.load(open("commands.json")):
    sys.argv = ["unsc", *command]
    try:
        main()
    except SystemExit:
        pass
"""


def on_a_terminal(folder, *commands):
    """Return what commands write on a real terminal, as bytes."""
    (folder / "commands.json").write_text(json.dumps(commands))
    ours, theirs = pty.openpty()
    plain = {"TERM": "xterm-256color", "COLUMNS": "100", "PYTHONUTF8": "1"}
    streams = {"stdin": subprocess.DEVNULL, "stdout": theirs, "stderr": theirs}
    environment = {**os.environ, **plain}
    driver = [sys.executable, "-c", DRIVER]
    with subprocess.Popen(driver, **streams, cwd=folder, env=environment):
        os.close(theirs)
        shown = b""
        while True:
            try:
                shown += os.read(ours, 65536)
            except OSError:  # the other end is closed
                break
    os.close(ours)
    return shown


def steering(shown):
    """Return what on a terminal is neither text, nor the end of a line, nor a colour of ours."""
    text = COLOURS.sub(b"", shown).replace(b"\r\n", b"\n").decode("utf-8")
    bad = {"Cc", "Cf", "Zl", "Zp", "Cs", "Co"}
    return [c for c in text if c != "\n" and unicodedata.category(c) in bad]


def in_yaml(text):
    """Return a text as YAML in double quotes, with all that could be at fault escaped."""
    plain = (c if c.isalnum() and c.isascii() else f"\\U{ord(c):08x}" for c in text)
    return f'"{"".join(plain)}"'


def scenario_of(text):
    """Return a scenario that says something hostile in every field that takes text."""
    said = in_yaml(text)
    return f"""
kind: scenario
title: {said}
question: {said}
note: {said}
extends: dprk-panel-2024
sources: [{said}]
draft: {{symbol: {said}}}
members: {{RUS: {{note: {said}, ties: {{PRK: {{mean: 0.5, note: {said}}}}}}}}}
"""


@pytest.fixture
def hostile_files(tmp_path):
    """Return a name for each string, of a file that holds it wherever a scenario takes text."""
    names = []
    for k, text in enumerate(HOSTILE):
        name = f"{k}{text}.yaml".replace("/", "-").replace("\0", "")
        (tmp_path / name).write_text(scenario_of(text), encoding="utf-8")
        names.append(name)
    return names


@pytest.mark.slow(reason="forty scenarios are run twice, a minute")
def test_hostile_texts_of_a_scenario_and_its_report(tmp_path, hostile_files):
    """In titles, questions, notes, sources and names, of the file and of what was made of it."""
    commands = []
    for k, name in enumerate(hostile_files):
        commands.append(["run", name, "--full", "--worlds", "20", "--out", f"out{k}"])
        commands.append(["run", f"out{k}/report.json", "--json"])
    shown = on_a_terminal(tmp_path, *commands)
    assert b"Traceback" not in shown
    assert shown.count(b"Written: ") == 40
    assert shown.count(b'"headline"') == 40
    assert steering(shown) == []


@pytest.mark.slow(reason="an explanation, a sensitivity and a frontier, half a minute")
def test_hostile_texts_of_analyses(tmp_path):
    """In titles, notes and names, of the file and of what was made of it, beside a bar."""
    (tmp_path / "h.yaml").write_text(scenario_of("".join(HOSTILE)), encoding="utf-8")
    run = ["--worlds", "1000", "--out"]
    shown = on_a_terminal(
        tmp_path,
        ["explain", "h.yaml", "RUS", *run, "explained"],
        ["sensitivity", "h.yaml", "--full", *run, "sensitivity"],
        ["frontier", "h.yaml", "--free", "review", *run, "frontier"],
        ["compare", "h.yaml", "dprk-panel-2023", "--why", *run, "compared"],
        ["run", "h.yaml", "dprk-panel-2023", *run, "gallery"],
        ["compare", "compared/compare.json"],
    )
    assert b"Traceback" not in shown
    assert shown.count(b"Written: ") == 5
    assert steering(BAR.sub(b"", shown)) == []


def test_hostile_names_arguments_and_files_at_fault(tmp_path):
    """In names of files and folders, settings, options, YAML at fault, received JSON and CSV."""
    commands = []
    for k, text in enumerate(HOSTILE):
        name = (text.replace("/", "-").replace("\0", "") or "x") + ".yaml"
        said = in_yaml(text)
        (tmp_path / name).write_text(f"kind: {said}\n{said}: {said}\ncouncil: [{said}]\n")
        received = tmp_path / f"r{k}.json"
        made_by = {"version": text, "stream_format": text}
        received.write_text(json.dumps({"schema_version": text, "software": made_by, text: 1}))
        table = tmp_path / f"t{k}.csv"
        table.write_text(f"{text},undl_id\n{text},{text}\n", encoding="utf-8")
        forecasts = tmp_path / f"f{k}.csv"
        columns = "day,mandate,p_adopted,p_vetoed,p_not_carried,version,preferences,data_until"
        forecasts.write_text(f"{columns}\n2024-03-28,{text},{text},0,0,{text},{text},{text}\n")
        commands += [
            ["validate", name],
            ["run", name, received.name],
            ["report", received.name],
            ["report", received.name, "--out", name],
            ["votes", "import", table.name],
            ["run", "dprk-panel-2024", "--set", f"{text}={text}", "--out", name],
            ["power", "--quota", text, text],
            ["explain", text],
            ["mandates", text],
            ["schema", text],
            ["calendar", "--from", text, "--to", text],
            ["score", forecasts.name],
            ["run", "undof", "--given", text, "--assume", text],
            [text],
        ]
    shown = on_a_terminal(tmp_path, *commands)
    assert b"Traceback" not in shown
    assert shown.count(b"Error:") >= 40
    assert steering(shown) == []


def test_names_that_are_no_text(tmp_path):
    """Names of files that are not UTF-8 are spelt out, and what they hold can be run."""
    name = os.fsdecode(b"caf\xe9.yaml")
    (tmp_path / name).write_text("kind: scenario\ntitle: x\nextends: dprk-panel-2024\n")
    out = os.fsdecode(b"out\xff")
    shown = on_a_terminal(tmp_path, ["run", name, "--worlds", "20", "--out", out])
    assert b"Written: out\\udcff/report.html" in shown
    assert (tmp_path / out / "report.json").exists()
    assert steering(on_a_terminal(tmp_path, ["run", f"{out}/report.json"])) == []


def test_harmless_is_one_line_in_which_everything_can_be_seen():
    """Blanks of all kinds become blanks; all else that is not printable is spelt out."""
    for text in HOSTILE:
        assert harmless(f"a{text}b").isprintable()
    assert harmless("a\x1b[1m\tb\nc") == "a\\x1b[1m b c"


def test_json_escapes_what_cannot_be_seen():
    """A report that holds any of it is printable and says the same when it is read again."""
    facts = {text: [text] for text in HOSTILE}
    written = as_json(facts)
    assert all(line.isprintable() for line in written.splitlines())
    assert json.loads(written) == facts


def test_no_cell_is_a_formula(tmp_path):
    """What a spreadsheet would compute is written behind an apostrophe, and read without it."""
    cells = ["=1+1", "+1+1", "-x", "@SUM(A1)", "'=1", "''@x", "-0.5", "+3", "1e-9", "-1e-9", "a=b"]
    path = tmp_path / "t.csv"
    path.write_text(as_csv(("cell",), ([cell] for cell in cells)), encoding="utf-8")
    assert [row.cells["cell"] for row in read_table(path, ["cell"]).rows] == cells
    with path.open(newline="", encoding="utf-8") as file:
        for (cell,) in list(csv.reader(file))[1:]:
            assert not re.match(r"[=@]|[+-](?![\d.])", cell)


def test_text_leaves_at_one_door():
    """No module but those of the door names a standard stream or a console."""
    door = {"report/spelling.py", "report/terminal.py", "cli/app.py", "stopping.py"}
    names = re.compile(r"sys\.(stdout|stderr|__std)|\bprint\(|Console\(|os\.write\(")
    found = {
        path.relative_to(SIM).as_posix()
        for path in SIM.rglob("*.py")
        if names.search(path.read_text(encoding="utf-8"))
    }
    assert found == door
    assert not hasattr(Guarded(sys.stdout), "buffer")  # by which the guard could be gone round
