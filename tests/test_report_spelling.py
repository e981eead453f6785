"""Streams that lack characters: each gets its nearest plain spelling, and no question mark."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys

import pytest
from rich.console import Console

from sim.report.sections import Section, mean_spread, move, number
from sim.report.spelling import PLAIN, PLAINLY, plain, plain_json
from sim.report.terminal import show

NARROW = ("cp1252", "ascii", "cp437", "latin-1")


def unsc(encoding: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run the command with standard streams of an encoding."""
    return subprocess.run(
        [sys.executable, "-m", "sim", *arguments],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0", "COLUMNS": "100"},
        check=False,
    )


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_a_comparison_has_arrows_on_a_narrow_code_page(encoding: str) -> None:
    """An arrow is written as `->`, in sentences and in tables, whose columns stay straight."""
    setting = "members.RUS.ties.PRK=0.4"
    done = unsc(encoding, "compare", "dprk-panel-2024", "--set", setting, "--worlds", "300")
    out = done.stdout.decode(encoding)
    assert "vetoed -> adopted in" in out
    assert "against -> abstaining" in out
    assert "?" not in out
    lines = out.splitlines()
    head = next(k for k, line in enumerate(lines) if line.split()[:2] == ["|", "before"])
    assert len({line.index("|", 8) for line in (lines[head], lines[head + 2])}) == 1


@pytest.mark.parametrize(("encoding", "sign"), [("cp1252", "±"), ("ascii", "+-")])
def test_a_report_has_plus_minus_where_the_code_page_has_it(encoding: str, sign: str) -> None:
    """A mean and its spread are joined by the sign where there is one, and by `+-` elsewhere."""
    done = unsc(encoding, "run", "dprk-panel-2024", "--worlds", "300", "--full")
    out = done.stdout.decode(encoding)
    assert f" {sign} 1.0" in out
    assert out.count("?") == 1, "but for that of the question"


def test_an_error_is_spelt_plainly_too() -> None:
    """A name that was mistyped with an arrow is said again with a plain one."""
    done = unsc("ascii", "run", "a→b")
    assert done.returncode == 2
    assert done.stderr.startswith(b"a->b: no such scenario or mandate")


@pytest.mark.parametrize("encoding", NARROW)
def test_every_character_of_the_list_has_its_spelling(encoding: str) -> None:
    """What a code page lacks is spelt from the list, and all that it has stays."""
    for character, spelling in PLAIN.items():
        try:
            character.encode(encoding)
        except UnicodeEncodeError:
            assert plain(character, encoding) == spelling
        else:
            assert plain(character, encoding) == character
    assert plain("→ ± Türkiye, Côte d'Ivoire", "utf-8") == "→ ± Türkiye, Côte d'Ivoire"


def test_letters_lose_their_accents_and_nothing_else() -> None:
    """What has no plain spelling is a question mark, as before."""
    assert plain("Türkiye, Côte d'Ivoire", "ascii") == "Turkiye, Cote d'Ivoire"
    assert plain("هل 会", "ascii") == "?? ?"
    assert "naïve → é".encode("ascii", PLAINLY) == b"naive -> e"


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_tables_are_laid_out_in_plain_spelling(encoding: str) -> None:
    """A cell that grows by its plain spelling widens its column and is not cut."""
    rows = [(move(number(0.2), number(0.7)), mean_spread(-1, 0.5, "+.2f"), "Côte d'Ivoire")]
    section = Section("A → B", ["x ± y"], ("from → to", "gain", "name"), rows)
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors="strict")
    console = Console(file=stream, width=60, highlight=False)
    show([section], console)
    stream.seek(0)
    text = stream.read()
    assert "A -> B" in text
    assert "from -> to" in text
    assert "0.20 -> 0.70" in text
    assert "?" not in text


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "ascii"])
def test_json_loses_nothing(encoding: str) -> None:
    """On any stream JSON says what it says on every other."""
    facts = {"title": "Türkiye → 会 😀", "p": 0.1}
    text = json.dumps(facts, indent=1, ensure_ascii=False) + "\n"
    found = plain_json(text, encoding)
    assert json.loads(found.encode(encoding, "strict")) == facts
    assert (found == text) is (encoding == "utf-8")
