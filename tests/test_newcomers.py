"""Mistakes on the command line of someone who has read no manual: each is told what to type."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

MISTAKES = {
    "rnu undof": "Did you mean 'run'?",
    "run unodf": "Did you mean the mandate 'undof'?",
    "run dprk-panel-2o24": "Did you mean 'dprk-panel-2024' or the mandate 'dprk-panel'?",
    "run 'South Sudan sanctions'": "the mandate 'south-sudan-sanctions'",
    "run south_sudan_sanctions": "the mandate 'south-sudan-sanctions'",
    "run Al-Shabaab": "the mandate 'somalia-sanctions'",
    "run al-shabab": "the mandate 'somalia-sanctions'",
    "run 'North Korea'": "the mandate 'dprk-panel' or 'dprk-sanctions'",
    "run 'UNMISS in 2027'": "Did you mean the mandate 'unmiss'?",
    "run ''": "unsc run '': expected a word, found none.",
    "mandates ''": "expected a word, found none.",
    "run undof --out ' '": "expected a word, found none.",
    "validate ''": "expected a word, found none.",
    "run undof 2026-12-18": "--on 2026-12-18",
    "run undof --on 18.12.2026": "Write 2026-12-18.",
    "run undof --on '18 December 2026'": "Write 2026-12-18.",
    "run undof --on 'Dec 18, 2026'": "Write 2026-12-18.",
    "run undof --on 2026-7-1": "Write 2026-07-01.",
    "run undof --on 5/6/2026": "Write 2026-06-05 for 5 June, 2026-05-06 for 6 May.",
    "run undof --on tomorrow": "expected a day as 2024-03-28",
    "run undof --on 2030-01-01": "expected a date from 1994-01-01 to",
    "run undof@18.12.2026": "Write 2026-12-18.",
    "run undof@2026-12-18 --on 2026-12-20": "expected the day once",
    "run undof --date 2026-12-18": "Did you mean --on?",
    "run undof -on 2026-12-18": "Did you mean --on?",
    "run undof --seed 3": "Did you mean --random-seed?",
    "run undof --worlds many": "write 20000, 20_000, 20,000 or 2e4",
    "run undof --worlds 0": "expected a whole number from 1 to",
    "run undof -n 500": "Did you mean --worlds?",
    "run undof --output x": "Did you mean --out?",
    "run dprk-panel-2024 --on 2024-03-20": "--set date=2024-03-20",
    "run undof --assume PAK": "as CHN=against",
    "run undof --assume PAK:abstaining": "as CHN=against",
    "run undof --assume PAK=yes": "Did you mean 'in_favour'?",
    "run undof --assume Pakistan=abstaining": "Did you mean 'PAK'?",
    "run undof --assume BRA=abstaining": "expected one of CHN, FRA",
    "run undof --given RUS=veto": "Did you mean 'against'?",
    "run undof --given Russia=against": "Did you mean 'RUS'?",
    "run undof --given RUS": "as CHN=against",
    "run undof --set RUS.ties.SYR=0.4": "Did you mean 'members.RUS'?",
    "run undof --set Russia.ties.SYR=0.4": "Did you mean 'members.RUS'?",
    "run undof --set members.RUS.tie.SYR=0.4": "Did you mean 'ties'?",
    "run undof --set members.RUS.ties.SYR=40%": "Write 0.4.",
    "run undof --set members.RUS.ties.SYR": "expected path=value",
    "run undof --set quota=8": "Did you mean 'charter.quota'?",
    "run undof --set penholder=FRA": "Did you mean 'draft.penholder'?",
    "run undof --set term=9": "Did you mean 'draft.text.term'?",
    "run undof --set draft.text.term=9m": "Write 0.375 for 9 months",
    "run undof --set 'draft.text.term=12 months'": "Write 0.5 for 12 months",
    "run undof --set charter.veto=none": "Write [] for nobody.",
    "run undof --set draft.target=Burma": "Did you mean 'MMR'?",
    "run undof --set date=31/12/2026": "Write 2026-12-31.",
    "compare undof": "name another scenario, or use --set",
    "mandates syria": "Did you mean 'syria-aid' or 'syria-chemical'?",
    "mandates --expiring-before 1.1.2027": "Write 2027-01-01.",
    "members --on 28/03/2024": "Write 2024-03-28.",
    "calendar --from 2027-01-01 --to 2026-01-01": "is after --to",
    "calendar --start 2026-12-01 --end 2026-12-31": "Did you mean --from?",
    "new x.yaml --mandate undoff": "Did you mean 'undof'?",
    "new x.yaml --mandate undof --term '12 months'": "Write 12.",
    "new x.yaml --mandate undof --penholder Russia": "Did you mean 'RUS'?",
    "new x.yaml --like 'resolution 2683'": "Did you mean 'R2683'?",
    "new x.yaml --like S/RES/2683": "Did you mean 'R2683'?",
    "validate nothing.yaml": "no such file; expected a path",
    "score nothing.csv": "there is no such file; expected a CSV file",
}


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[int, str]]:
    """Return exit code and standard error of each command, all of them run in one process."""
    program = (
        "import contextlib, io, json, shlex, sys\n"
        "from sim.cli import main\n"
        "found = {}\n"
        "for line in json.load(sys.stdin):\n"
        "    sys.argv, error = ['unsc', *shlex.split(line)], io.StringIO()\n"
        "    with contextlib.redirect_stderr(error), contextlib.suppress(SystemExit):\n"
        "        code = None\n"
        "        try:\n"
        "            main()\n"
        "        except SystemExit as end:\n"
        "            code = end.code\n"
        "    found[line] = code, error.getvalue()\n"
        "json.dump(found, sys.stdout)\n"
    )
    root = str(Path(__file__).parent.parent)
    environment = {**os.environ, "PYTHONPATH": root, "COLUMNS": "200"}
    folder = tmp_path_factory.mktemp("newcomer")
    done = subprocess.run(
        [sys.executable, "-c", program],
        input=json.dumps([*MISTAKES]),
        capture_output=True,
        text=True,
        cwd=folder,
        env=environment,
        check=True,
    )
    return {line: (code, said) for line, (code, said) in json.loads(done.stdout).items()}


@pytest.mark.parametrize("line", MISTAKES)
def test_each_is_told_what_to_type(line: str, answers: dict[str, tuple[int, str]]) -> None:
    """It ends with exit code 2 and a sentence, without a traceback, that says what to type."""
    code, said = answers[line]
    assert code == 2, said
    assert MISTAKES[line] in said
    assert "Traceback" not in said
