"""The examples in docstrings and READMEs give what they show."""

import doctest
import re
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for path in (ROOT / "sim").rglob("*.py")
    if re.search(r"^\s*>>> ", path.read_text(encoding="utf-8"), re.MULTILINE)
)
READMES = ("README.md", "sim/README.md", "scenarios/README.md", "seeds/README.md")
BLOCKS = [
    pytest.param(block, id=f"{name}-{k}")
    for name in READMES
    for k, block in enumerate(
        re.findall(r"```python\n(.*?)```", (ROOT / name).read_text(encoding="utf-8"), re.DOTALL)
    )
]


def test_the_front_door_has_an_example():
    """What `help(sim)` shows first is an example, so it is among the modules below."""
    assert "sim" in MODULES


@pytest.mark.parametrize("name", MODULES)
def test_docstrings(name):
    """Each example in a module's docstrings gives what it shows."""
    result = doctest.testmod(import_module(name))
    assert result.attempted > 0
    assert result.failed == 0


@pytest.mark.parametrize("block", BLOCKS)
def test_python_in_the_readmes(block, tmp_path, monkeypatch):
    """Each block of Python in a README runs by itself, and gives what it shows where it does."""
    monkeypatch.chdir(tmp_path)
    block = block.replace("20_000", "2_000")
    if ">>> " not in block:
        exec(compile(block, "README", "exec"), {"__name__": "README"})
        return
    example = doctest.DocTestParser().get_doctest(block, {}, "README", None, None)
    assert doctest.DocTestRunner().run(example).failed == 0
