"""The rooms stand in their order, and the front door is light."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

SIM = Path(__file__).parent.parent / "sim"

LADDER = (
    {"cli"},
    {"report"},
    {"backtest"},
    {"fit"},
    {"analysis", "studies"},
    {"chamber", "comparison"},
    {"result"},
    {"frames", "notebook", "plots"},
    {"facts"},
    {"ensemble"},
    {"scenario"},
    {"record"},
    {"catalogue", "behaviours"},
    {"reading"},
    {"consultation"},
    {"draws"},
    {"choice", "preferences"},
    {"traits"},
    {"draft", "roster", "charter", "power"},
    {"chance"},
    {"paths", "arguments", "workers", "writing", "data_frame"},
    {"arrays", "errors", "version", "stopping"},
)
"""The rooms from top to bottom; those on one rung know nothing of each other."""

RUNGS = {room: height for height, rung in enumerate(reversed(LADDER)) for room in rung}


def modules() -> dict[str, Path]:
    """Return every module of `sim` by its dotted name."""
    found = {}
    for path in SIM.rglob("*.py"):
        parts = path.relative_to(SIM.parent).with_suffix("").parts
        found[".".join(parts).removesuffix(".__init__")] = path
    return found


def imports_of(path: Path) -> set[str]:
    """Return the modules of `sim` that a module imports, wherever in it stands the import."""
    known, found = modules(), set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            inside = {f"{module}.{alias.name}" for alias in node.names} & set(known)
            found |= inside or {module}
            found |= {module} if len(inside) < len(node.names) else set()
    return {name for name in found if name.split(".")[0] == "sim"}


def room_of(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


@pytest.mark.parametrize("module", modules())
def test_a_module_imports_only_what_lies_below_it(module):
    """No import runs upwards or sideways, not even inside a function or for types alone."""
    room = room_of(module)
    if room in ("", "__main__"):  # the front doors
        return
    for other in map(room_of, imports_of(modules()[module])):
        assert other in ("", room) or RUNGS[other] < RUNGS[room], f"{module} imports {other}"


def test_no_two_modules_import_each_other():
    """No circle, in the end, of modules that import one another, also of types alone."""
    graph = {name: imports_of(path) - {"sim"} for name, path in modules().items()}
    done: set[str] = set()

    def visit(name: str, above: tuple[str, ...]) -> None:
        assert name not in above, " > ".join((*above[above.index(name) :], name))
        if name not in done:
            for other in graph.get(name, ()):
                visit(other, (*above, name))
            done.add(name)

    for name in graph:
        visit(name, ())


def test_every_room_has_its_rung():
    """Whoever adds a room says where it stands."""
    rooms = {p.stem for p in SIM.iterdir() if p.suffix == ".py" or (p / "__init__.py").is_file()}
    assert rooms - {"__init__", "__main__"} == set(RUNGS)


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


def names_in(path: Path, kinds: tuple[type, ...]) -> set[str]:
    """Return the names and attributes that occur inside nodes of these kinds."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inside = (x for node in ast.walk(tree) if isinstance(node, kinds) for x in ast.walk(node))
    return {getattr(x, "attr", getattr(x, "id", "")) for x in inside}


CALCULATES = (ast.BinOp, ast.AugAssign, ast.UnaryOp)


@pytest.mark.parametrize("number", ["shielding", "asking", "salience", "pulls", "pressures"])
def test_one_gain(number):
    """What a gain is made of is reckoned with in `choice` alone, but for sums over its terms."""
    found = {m for m, path in modules().items() if number in names_in(path, CALCULATES)}
    assert found <= {"sim.choice", "sim.chamber.state"}


def test_one_loop_of_consultations():
    """Only `consultation` damps positions, and only it, behaviours and the fit turn worth to odds.

    A second engine would have to do both.
    """
    damped = {m for m, path in modules().items() if "damping" in names_in(path, CALCULATES)}
    assert damped == {"sim.consultation"}
    for name, rooms in {
        "choice.logit": {"behaviours", "consultation", "fit"},
        "hold_rounds": {"chamber", "consultation"},
    }.items():
        assert {
            room_of(m) for m, path in modules().items() if f"{name}(" in path.read_text()
        } == rooms
