"""Completion in real shells, as whoever presses the tab key finds it."""

from __future__ import annotations

import os
import pty
import select
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sim.cli import completion
from sim.errors import UnscError

SHELLS = ("bash", "zsh", "fish")

ASK = {
    "bash": r"""
source {script}
COMP_LINE={line}; COMP_POINT=${{#COMP_LINE}}
IFS=$' =' read -ra COMP_WORDS <<< "$COMP_LINE"; COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
_unsc_completion
printf '%s\n' "${{COMPREPLY[@]}}"
""",
    "zsh": r"""
compdef() {{ }}
_files() {{ print FILES }}
_describe() {{ print -l -- "${{(@P)2}}" }}
source {script}
words=(${{(z):-{line}}}); CURRENT=$#words
_unsc
""",
    "fish": "source {script}; complete -C {line}",
}
"""How each shell is asked: through what it calls when somebody presses the tab key."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home folder of a user that has the command, and nothing else."""
    folder = tmp_path_factory.mktemp("home")
    (folder / "bin").mkdir()
    command = folder / "bin" / "unsc"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m sim "$@"\n')
    command.chmod(0o755)
    return folder


def environment(home: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("XDG_", "ZDOTDIR"))}
    root = str(Path(__file__).parent.parent)
    path = f"{home / 'bin'}:{os.environ['PATH']}"
    return {**kept, "HOME": str(home), "PATH": path, "PYTHONPATH": root, "TERM": "dumb"}


def run(shell: str, home: Path, command: str) -> str:
    """Return what the shell prints, or skip the test where there is no such shell."""
    if shell != "bash" and shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    done = subprocess.run(
        [shell, "-c", f"{command}\ntrue"],  # the last line keeps the shell from handing over
        capture_output=True,
        text=True,
        cwd=home,
        env=environment(home),
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def completed(shell: str, home: Path, line: str) -> str:
    """Return what the shell offers to follow a line."""
    script = home / f"unsc.{shell}"
    if not script.exists():
        script.write_text(run(shell, home, "unsc --show-completion"))
    return run(shell, home, ASK[shell].format(script=script, line=f"'{line}'"))


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    ("line", "offered", "not_offered"),
    [
        ("unsc sc", ["scenarios", "schema"], ["run"]),
        ("unsc votes im", ["import"], []),
        ("unsc run syr", ["syr-aid-2023"], ["dprk"]),
        ("unsc run undo", ["undof"], []),
        ("unsc mandates unfi", ["unficyp"], ["unifil"]),
        ("unsc run undof --assume PA", ["PAK=", "PAN="], ["RUS"]),
        ("unsc run undof --assume PAK=ab", ["abstaining"], ["against"]),
        ("unsc run undof --set members.BH", ["members.BHR."], []),
        ("unsc compare syr-aid-2023 ssd", ["ssd-sanctions-2023"], ["syr-aid-2023\n"]),
        ("unsc run dprk-panel-2024 --wor", ["--worlds", "--workers"], ["--set"]),
        ("unsc run dprk-panel-2024 --set members.RUS.ties.PR", ["members.RUS.ties.PRK="], []),
        ("unsc run dprk-panel-2024 --set members.G", ["members.GBR.", "members.GUY."], ["GAB"]),
        ("unsc run syr-aid-2023 --set members.G", ["members.GBR.", "members.GAB."], ["GUY"]),
        ("unsc compare dprk-panel-2024 --set consultations.ro", ["consultations.rounds="], []),
        ("unsc run --set preferences=cal", ["calibrated"], ["assumed"]),
        ("unsc calibrate --prior ass", ["assumed"], ["calibrated"]),
    ],
)
def test_what_a_shell_offers(shell, home, line, offered, not_offered):
    """Commands, options, scenarios, mandates, and the settings of what is on the line."""
    told = completed(shell, home, line)
    for word in offered:
        assert word in told
    for word in not_offered:
        assert word not in told.replace(line, "")


@pytest.mark.parametrize("shell", SHELLS)
def test_files_are_offered_where_no_scenario_is_meant(shell, home):
    """A path that begins no shipped name is completed as the shell does for any command."""
    (home / "our.yaml").write_text("")
    told = completed(shell, home, "unsc run ou").split()
    asked = f"source {home / 'unsc.bash'}; complete -p unsc"
    if shell == "bash":  # the shell itself goes on with files where a function finds nothing
        told += ["our.yaml"] if not told and "-o default" in run("bash", home, asked) else []
    assert told == ["FILES" if shell == "zsh" else "our.yaml"]


def test_the_tab_key_in_zsh(home):
    """Pressed behind a name that has begun, it completes the name."""
    script = home / "unsc.zsh"
    script.write_text(run("zsh", home, "unsc --show-completion"))
    ours, theirs = pty.openpty()
    start = f"autoload -Uz compinit; compinit -u -D; source {script}; print RE''ADY\r"
    streams = dict.fromkeys(("stdin", "stdout", "stderr"), theirs)
    with subprocess.Popen(["zsh", "-f", "-i"], **streams, env=environment(home), cwd=home) as zsh:
        os.close(theirs)
        os.write(ours, start.encode())
        assert "READY" in told_until(ours, "READY")
        os.write(ours, b"unsc run syr\t")
        assert "syr-aid-2023" in told_until(ours, "syr-aid-2023")
        zsh.kill()
    os.close(ours)


def told_until(stream: int, word: str) -> str:
    """Return what comes until a word does, or until nothing has come for 20 seconds."""
    told = ""
    while word not in told and select.select([stream], [], [], 20)[0]:
        told += os.read(stream, 65536).decode(errors="replace")
    return told


def test_files_stand_beside_scenarios(home):
    """A file or folder here that may be meant as well is offered with the shipped names."""
    for name in ("draft.yaml", "draft.txt"):
        (home / name).write_text("")
    (home / "drafts").mkdir(exist_ok=True)
    told = completed("bash", home, "unsc run d").split()
    assert {"draft.yaml", "drafts/", "dprk-panel-2024"} <= set(told)
    assert "draft.txt" not in told


@pytest.mark.parametrize(
    ("shell", "path", "start"),
    [
        ("bash", ".bash_completions/unsc.sh", ".bashrc"),
        ("zsh", ".zfunc/_unsc", ".zshrc"),
        ("fish", ".config/fish/completions/unsc.fish", None),
    ],
)
def test_installing_twice_is_installing_once(shell, path, start, home):
    """The script is where the shell looks, the start file names it once, and keeps the rest."""
    if start:
        (home / start).write_text("mine=1")
    for _ in range(2):
        run(shell, home, "unsc --install-completion")
    assert (home / path).read_text() == run(shell, home, "unsc --show-completion")
    if start:
        first, *others = (home / start).read_text().split()
        assert first == "mine=1"
        assert " ".join(others).count(".zfunc" if shell == "zsh" else path) == 1


def test_an_unknown_shell_is_told_which_are_known(monkeypatch):
    """In a shell without completion, the command says which shells have one."""
    monkeypatch.setattr("shellingham.detect_shell", lambda: ("tcsh", "/bin/tcsh"))
    with pytest.raises(UnscError, match=r"'tcsh'.*expected bash or zsh or fish"):
        completion.script()


def test_where_no_shell_is_found_the_login_shell_is_meant(monkeypatch):
    """Started by something that is no shell, the command takes the shell of the environment."""

    def nothing():
        raise OSError

    monkeypatch.setattr("shellingham.detect_shell", nothing)
    monkeypatch.setenv("SHELL", "/usr/bin/fish")
    assert completion.script() == ("fish", completion.SCRIPTS["fish"].read_text())


@pytest.mark.parametrize("line", ["unsc run no-such --set memb", "unsc run --set nonsense.x.", ""])
def test_completion_never_fails(line, home):
    """A line that makes no sense yet ends in fewer offers, not in words of error."""
    done = subprocess.run(
        [sys.executable, "-m", "sim"],
        capture_output=True,
        text=True,
        cwd=home,
        env={
            **environment(home),
            "_UNSC_COMPLETE": "complete_bash",
            "COMP_WORDS": line,
            "COMP_CWORD": str(len(line.split()) - 1),
        },
        check=False,
    )
    assert "Traceback" not in done.stderr
    assert done.stderr == ""
