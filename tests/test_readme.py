"""The READMEs are true: their commands run, their output is what is shown."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
SHOWN = re.findall(r"<!-- output of: (.*?) -->\n```text\n(.*?)```", README, re.DOTALL)
PROSE = [README, (ROOT / "scenarios" / "README.md").read_text(encoding="utf-8")]
PAGES = ("README.md", "CONTRIBUTING.md", *(f"{d}/README.md" for d in ("scenarios", "seeds", "sim")))
PRINTING = [
    block
    for page in (README, (ROOT / "sim" / "README.md").read_text(encoding="utf-8"))
    for block in re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    if re.search(r"^print\(", block, re.MULTILINE)
]


def output_of(command: str, cwd: Path | None = None) -> str:
    """Return what a command prints in a terminal of 88 columns; it must succeed."""
    words = shlex.split(command, comments=True)
    assert words[0] == "unsc"
    result = subprocess.run(
        [sys.executable, "-m", "sim", *words[1:]],
        capture_output=True,
        text=True,
        cwd=cwd,
        env={**os.environ, "COLUMNS": "88"},
        check=False,
    )
    assert result.returncode == 0, f"{command}: {result.stderr}"
    return result.stdout


@pytest.mark.parametrize(("command", "shown"), SHOWN)
def test_shown_output_is_real(command, shown):
    """Every line that the README shows stands in what the command prints, in that order."""
    printed = iter([line.rstrip() for line in output_of(command).splitlines()])
    assert shown.strip()
    for line in shown.splitlines():
        assert line == "..." or line.rstrip() in printed, line


def test_the_examples_in_python_are_three():
    """They compare two scenarios, step through a world, and add a behaviour."""
    assert len(PRINTING) == 3


@pytest.mark.parametrize("block", PRINTING)
def test_python_prints_what_its_comments_say(block, capsys):
    """Each `print` at the margin of an example ends with a comment: what it prints."""
    said = re.findall(r"^print\(.*\)  # (.*)$", block, re.MULTILINE)
    exec(compile(block, "README", "exec"), {"__name__": "README"})
    assert capsys.readouterr().out.splitlines() == said


@pytest.mark.slow(reason="calibrates and back-tests")
def test_every_command_runs(tmp_path):
    """Whoever types the commands of the READMEs in their order, with their files, gets results."""
    variant = re.search(r"```yaml\n# my-variant.yaml\n(.*?)```", PROSE[1], re.DOTALL)
    (tmp_path / "my-variant.yaml").write_text(variant.group(1), encoding="utf-8")
    blocks = [b for text in PROSE for b in re.findall(r"```sh\n(.*?)```", text, re.DOTALL)]
    blocks += re.findall(r"((?:^    unsc .*\n)+)", PROSE[1], re.MULTILINE)
    commands = [line.strip() for block in blocks for line in block.splitlines()]
    ours = [c for c in commands if c.startswith("unsc ")]
    assert len(ours) >= 9
    for command in ours:
        output_of(command, cwd=tmp_path)


def test_make_targets_of_the_readme_exist():
    """Every `make` command that the READMEs and CONTRIBUTING name is a target."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    texts = [(ROOT / page).read_text(encoding="utf-8") for page in PAGES]
    named = {t for text in texts for t in re.findall(r"(?:^|`)make ([a-z-]+)", text, re.MULTILINE)}
    assert {"run", "test", "backtest", "schema"} <= named
    for target in named:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_links_lead_somewhere():
    """Every relative link leads to a file, and to a heading where it names one."""
    for page in PAGES:
        folder, text = (ROOT / page).parent, (ROOT / page).read_text(encoding="utf-8")
        for link in re.findall(r"\]\(([^)#:]*)(?:#([^)]*))?\)", text):
            target = folder / link[0] if link[0] else ROOT / page
            target = target / "README.md" if target.is_dir() else target
            assert target.exists(), link
            if link[1]:
                headings = re.findall(r"^#+ (.*)$", target.read_text("utf-8"), re.MULTILINE)
                slugs = {re.sub(r"[^\w\- ]", "", h).lower().replace(" ", "-") for h in headings}
                assert link[1] in slugs, link


def test_files_that_are_named_exist():
    """Every file and folder of the repository that CONTRIBUTING names is there."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:sim|seeds|scenarios|tests)/[\w./-]*)`", text))
    assert len(named) > 20
    imagined = {path for path in named if "my_" in path}
    assert len(imagined) == 2
    for path in named - imagined:
        assert (ROOT / path).exists(), path


@pytest.mark.skipif(shutil.which("make") is None, reason="no make on this machine")
def test_makefile_is_sound():
    """The two commands of the README name targets that make can plan."""
    for target in ("run", "test"):
        subprocess.run(["make", "--dry-run", target], cwd=ROOT, check=True, capture_output=True)
