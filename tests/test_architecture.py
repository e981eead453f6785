"""The rooms stand in their order, and the front door is light."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

SIM = Path(__file__).parent.parent / "sim"

ABOVE = {
    "cli": {
        "report",
        "chamber",
        "calibrate",
        "comparison",
        "ensemble",
        "scenario",
        "charter",
        "roster",
    },
    "report": {"ensemble", "comparison", "scenario", "charter", "chance"},
    "calibrate": {
        "chamber",
        "comparison",
        "ensemble",
        "scenario",
        "choice",
        "preferences",
        "draft",
        "roster",
        "charter",
        "chance",
    },
    "chamber": {"ensemble", "scenario", "choice", "preferences", "draft", "charter", "chance"},
    "comparison": {"ensemble", "charter", "chance"},
    "ensemble": {"scenario", "choice", "preferences", "charter", "chance"},
    "scenario": {"preferences", "draft", "roster", "charter"},
    "choice": {"charter"},
    "preferences": {"chance"},
    "draft": set(),
    "roster": set(),
    "charter": set(),
    "chance": set(),
}
EVERYONES = {"errors", "places"}


def imports_of(path: Path) -> set[str]:
    """Return the rooms of `sim` that a module imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.ImportFrom):
            names = [node.module or ""] + [f"{node.module}.{a.name}" for a in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        found |= {n.split(".")[1] for n in names if n.startswith("sim.") and "__version__" not in n}
    return {room for room in found if (SIM / room).is_dir() or (SIM / f"{room}.py").is_file()}


@pytest.mark.parametrize("room", ABOVE)
def test_a_room_imports_only_what_lies_below_it(room):
    """No import runs upwards, not even inside a function."""
    files = (SIM / room).rglob("*.py") if (SIM / room).is_dir() else [SIM / f"{room}.py"]
    for path in files:
        assert imports_of(path) <= ABOVE[room] | EVERYONES | {room}, path


def test_every_room_is_known():
    """Whoever adds a room says where it stands."""
    rooms = {p.stem for p in SIM.iterdir() if p.suffix == ".py" or (p / "__init__.py").is_file()}
    assert rooms - {"__init__", "__main__"} == set(ABOVE) | EVERYONES


def test_order_has_no_cycle():
    """The picture of the rooms can be drawn from top to bottom."""
    order = list(ABOVE)
    for room, below in ABOVE.items():
        assert all(order.index(other) > order.index(room) for other in below), room


@pytest.mark.parametrize("statement", ["import sim", "import sim.cli"])
def test_the_front_door_is_light(statement):
    """`import sim` and the command line's module load neither mesa, nor scipy, nor numpy."""
    heavy = "{'mesa', 'scipy', 'numpy', 'pydantic', 'networkx'}"
    code = f"{statement}, sys; print(sorted({heavy} & set(sys.modules)))"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"


def test_only_the_chamber_imports_mesa():
    """Mesa can be replaced in one room."""
    for path in SIM.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if "import mesa" in text or "from mesa" in text:
            assert path.parent.name == "chamber", path


def compared_constants(node: ast.Compare) -> set[str]:
    """Return the texts that a comparison compares with, also inside a list of them."""
    sides = [node.left, *node.comparators]
    items = [item for side in sides for item in getattr(side, "elts", [side])]
    return {i.value for i in items if isinstance(i, ast.Constant) and isinstance(i.value, str)}


def test_no_member_is_named_in_a_condition():
    """What sets a member apart is a number in YAML, never an `if` in the code."""
    for path in SIM.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Compare):
                named = compared_constants(node)
                assert not any(len(n) == 3 and n.isupper() for n in named), path


def test_modules_open_with_their_caption():
    """The first line of every module says in a sentence what it knows."""
    for path in SIM.rglob("*.py"):
        caption = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        assert caption.splitlines()[0].endswith("."), path
