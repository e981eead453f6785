"""YAML 1.2: what each scalar means, what is refused and where, and that nothing else escapes."""

from __future__ import annotations

import json
import math
import os
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from sim.errors import Fault, InvalidInput, NotFound, Place
from sim.reading import yaml12
from sim.reading.node import MAX_DEPTH, Node
from sim.reading.source import MAX_BYTES
from sim.reading.yaml12 import MAX_NODES, parse, read

LOADERS = sorted({yaml.SafeLoader, yaml12._LOADER}, key=lambda loader: loader.__name__)


@pytest.fixture(params=LOADERS, autouse=True)
def _loader(request: pytest.FixtureRequest) -> object:
    """Run each test with and without libyaml."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(yaml12, "_LOADER", request.param)
        yield


def faults(text: str) -> tuple[Fault, ...]:
    with pytest.raises(InvalidInput) as caught:
        parse(text, "x.yaml")
    return caught.value.faults


def only(text: str) -> Fault:
    (fault,) = faults(text)
    return fault


def where(fault: Fault) -> tuple[int, int]:
    return fault.place.line, fault.place.column


def value(scalar: str) -> object:
    return parse(f"a: {scalar}", "x.yaml").plain()["a"]


SCALARS = [
    *((text, None) for text in ("null", "Null", "NULL", "~", "", "!!null ''")),
    *((text, True) for text in ("true", "True", "TRUE", "!!bool 'true'")),
    *((text, False) for text in ("false", "False", "FALSE")),
    *((text, text) for text in ("NO", "no", "yes", "on", "off", "y", "n", "tRUE", "nULL")),
    *((text, text) for text in ("2024-03-28", "12:30:45", "1_000", "0b1", "-0x1", "<<", "=")),
    *((text, text) for text in ("0o8", "1e", ".", "--", "+.nan", "٣", "1.2.3", ".infinity")),
    *(("12", 12), ("-7", -7), ("+7", 7), ("012", 12), ("0o14", 12), ("0x1f", 31)),
    *(("1e-1", 0.1), (".5", 0.5), ("-1.", -1.0), ("+1.5E3", 1500.0), ("!!float 3", 3.0)),
    *((".inf", math.inf), ("-.Inf", -math.inf), ("+.INF", math.inf), ("1e999", math.inf)),
    *(("'12'", "12"), ('"true"', "true"), ("''", ""), ("!!str 12", "12"), ("!!int '3'", 3)),
    *(("!!seq [1]", [1]), ("!!map {b: ~}", {"b": None}), ("!<tag:yaml.org,2002:str> 1", "1")),
    ("1" * 400, int("1" * 400)),
]


@pytest.mark.parametrize(("text", "expected"), SCALARS)
def test_scalars_follow_the_core_schema(text: str, expected: object) -> None:
    """Each scalar has the value and the type that the YAML 1.2 core schema gives it."""
    found = value(text)
    assert (found, type(found)) == (expected, type(expected))


@pytest.mark.parametrize("text", [".nan", ".NaN", ".NAN"])
def test_not_a_number_is_a_float(text: str) -> None:
    """`.nan` is read as a float; refusing it is not this room's business."""
    found = value(text)
    assert isinstance(found, float)
    assert math.isnan(found)


def test_every_key_and_value_knows_its_place() -> None:
    """Lines and columns count from 1, and a key stands before its value."""
    tree = parse("title: x\ndraft:\n  stages:\n    - a\n    - {b: 1}\n", "x.yaml")
    assert tree.place == Place("x.yaml", 1, 1)
    assert tree.keys["draft"] == Place("x.yaml", 2, 1)
    found = tree.at(("draft", "stages", 1, "b"))
    assert repr(found) == repr(Node(1, Place("x.yaml", 5, 11)))
    assert tree.place_of(("draft", "stages", 1, "b")) == Place("x.yaml", 5, 8)
    assert tree.place_of(("draft", "stages", 0)) == Place("x.yaml", 4, 7)


def test_unknown_steps_of_a_path_are_skipped() -> None:
    """A step that the file does not hold leaves the place with the nearest known one."""
    tree = parse("draft:\n  stages: [a]\n", "x.yaml")
    stages = Place("x.yaml", 2, 3)
    assert tree.place_of(()) == tree.place_of(("nowhere",)) == tree.place
    assert tree.place_of(("draft", "tagged-union", "stages")) == stages
    assert tree.place_of(("draft", "stages", 7)) == tree.place_of(("draft", "stages", -1)) == stages
    assert tree.place_of(("draft", 0)) == Place("x.yaml", 1, 1)
    assert tree.at(("draft", "nowhere", "stages")) is None
    assert tree.at(("draft", "stages", 0, "b")) is None
    assert tree.at(()) is tree


@pytest.mark.parametrize("prefix", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_and_byte_order_mark_change_nothing(prefix: str, end: str) -> None:
    """CRLF, CR and a byte order mark leave values and places as they are."""
    text = "a: 1\nb: |\n  x\n  y\nc: 'z'\n"
    assert repr(parse(prefix + text.replace("\n", end), "x")) == repr(parse(text, "x"))


def test_all_duplicate_keys_are_told_at_once() -> None:
    """Every repeated key is a fault of its own that names the line of the first."""
    first, second, third = faults("a: 1\nt:\n  b: 1\n  b: 2\na: 2\n'a': 3\n")
    assert (where(first), first.path) == ((4, 3), "t.b")
    assert first.found == "'b' is given twice (first in line 3)"
    assert first.allowed == "each key may stand once"
    assert (where(second), where(third), third.path) == ((5, 1), (6, 1), "a")
    assert third.found == "'a' is given twice (first in line 1)"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("b: {1: x}", "a number stands as a key"),
        ("b: {1.5: x}", "a number stands as a key"),
        ("b: {TRUE: x}", "true or false stands as a key"),
        ("b: {~: x}", "null stands as a key"),
        ("b:\n  ?\n  : x", "null stands as a key"),
        ("b: {[c]: x}", "a list stands as a key"),
        ("b:\n  ? {c: d}\n  : x", "a mapping stands as a key"),
        ("b: {<<: x}", "'<<' merges a mapping"),
    ],
)
def test_a_key_that_is_no_text_is_refused(text: str, found: str) -> None:
    """A number, true, false, null, list, mapping or merge key is one fault in its mapping."""
    fault = only(text)
    assert (fault.found, fault.path) == (found, "b")


def test_keys_that_look_odd_are_texts() -> None:
    """`NO`, a date, quoted numbers and an alias of a text are keys like any other."""
    text = "&k NO: 1\n2024-03-28: 2\n'3': 3\n\"<<\": 4\n'': 5\nb: {*k : 6}\n"
    expected = {"NO": 1, "2024-03-28": 2, "3": 3, "<<": 4, "": 5, "b": {"NO": 6}}
    assert parse(text, "x").plain() == expected


def test_a_merge_key_is_answered_with_extends() -> None:
    """Whoever writes `<<` learns what to write instead."""
    assert "`extends:`" in only("a: &a {b: 1}\nc:\n  <<: *a\n").advice


@pytest.mark.parametrize(
    "scalar",
    [
        "!!python/object/apply:os.system ['true']",
        "!!python/name:os.system x",
        "!!timestamp 2024-03-28",
        "!!set {b}",
        "!mine b",
        "! b",
        "!!int x",
        "!!bool yes",
        "!!null x",
        "!!map b",
        "!!str [b]",
        "!!seq {b: c}",
        "!<tag:example.org,2024:str> b",
        "!<str> b",
    ],
)
def test_tags_outside_the_core_schema_are_refused(scalar: str) -> None:
    """A tag that is not of the core, or not of what follows it, is a fault and never obeyed."""
    fault = only(f"a: {scalar}")
    assert (fault.path, where(fault)) == ("a", (1, 4))
    assert fault.found.startswith("the tag '!") or "'str'" in fault.found or "'tag:" in fault.found


@pytest.mark.parametrize("text", ["%TAG ! tag:yaml.org,2002:\n---\na: 1", "#\n\n%TAG !e! x\n---\n"])
def test_tag_directives_are_refused(text: str) -> None:
    """No file may define tags of its own; text that merely begins so is no directive."""
    assert only(text).found == "'%TAG' defines tags"
    assert value("|\n  %TAG x") == "%TAG x"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", "the file is empty"),
        ("# nothing\n", "the file is empty"),
        ("---\n", "the file is empty"),
        ("~", "the file is empty"),
        ("[]", "the top level is a list"),
        ("hello", "the top level is a text"),
        ("0", "the top level is a number"),
        ("false", "the top level is true or false"),
        ("a: 1\n---\nb: 2\n", "a second document starts here"),
        ("---\n---\n", "a second document starts here"),
        ("%YAML 1.1\n---\na: NO", "the file says it is YAML 1.1"),
    ],
)
def test_a_file_is_one_mapping(text: str, found: str) -> None:
    """A file holds exactly one document, in YAML 1.2, and that is a mapping."""
    assert only(text).found == found


def test_document_marks_around_one_document_are_accepted() -> None:
    """`---` before and `...` after the only document are no second document."""
    assert parse("%YAML 1.2\n---\na: 1\n...\n", "x").plain() == {"a": 1}


@pytest.mark.parametrize("part", ["[", "{", "[\n", "{a: ", "- ", "? ", "[{", "{b: ["])
def test_hundred_thousand_levels_are_one_fault(part: str) -> None:
    """Nesting that would overflow a stack is refused at the first level too deep."""
    assert only(part * 100_000).found == "mappings and lists are nested too deeply"


def test_the_deepest_allowed_level_is_allowed() -> None:
    """MAX_DEPTH levels are read and one more is not, also when an alias adds them."""
    deep = "[" * (MAX_DEPTH - 1) + "]" * (MAX_DEPTH - 1)
    assert parse(f"a: {deep}", "x").plain()
    assert only(f"a: [{deep}]").found == "mappings and lists are nested too deeply"
    assert parse(f"a: &a {deep}\nb: *a", "x").plain()
    fault = only(f"a: &a {deep}\nb: [*a]")
    assert (fault.found, where(fault)) == ("mappings and lists are nested too deeply", (2, 5))


def test_the_last_allowed_node_is_allowed() -> None:
    """MAX_NODES keys and values are read and one more is not."""
    items = ",".join("x" * (MAX_NODES - 3))
    assert len(parse(f"a: [{items}]", "x").plain()["a"]) == MAX_NODES - 3
    assert "holds too much" in only(f"a: [{items},x]").found


@pytest.mark.parametrize("width", [2, 9])
def test_an_alias_bomb_is_refused_before_it_grows(width: int) -> None:
    """Aliases of aliases are counted, not copied: 9**40 nodes are one fault."""
    lines = ["a0: &a0 x"]
    lines += [f"a{i}: &a{i} [{','.join([f'*a{i - 1}'] * width)}]" for i in range(1, 15)]
    lines += [f"b{i}: [{','.join(['*a14'] * width)}]" for i in range(9)]
    assert "holds too much" in only("\n".join(lines)).found


def test_aliases_repeat_what_their_anchor_names() -> None:
    """An alias has the value of the nearest anchor before it, and a place of its own."""
    tree = parse("a: &a [1, &b {c: 2}]\nd: *a\ne: [*b, &a 3, *a]\n", "x")
    two = [1, {"c": 2}]
    assert tree.plain() == {"a": two, "d": two, "e": [{"c": 2}, 3, 3]}
    assert tree.place_of(("e", 0)) == Place("x", 3, 5)
    assert tree.place_of(("e", 0, "c")) == Place("x", 1, 15)
    assert parse("a: &a [&a 1, *a]\nb: *a", "x").plain() == {"a": [1, 1], "b": 1}


def test_plain_values_share_nothing() -> None:
    """Changing one plain copy of an alias changes neither the other nor the tree."""
    tree = parse("a: &a [1]\nb: *a\n", "x")
    plain = tree.plain()
    plain["a"].append(2)
    assert plain["b"] == [1] == tree.plain()["a"]


@pytest.mark.parametrize("text", ["a: &a [*a]", "a: &a {b: [*a]}", "&a b: &a {c: *a}"])
def test_an_alias_inside_of_its_anchor_is_refused(text: str) -> None:
    """No value holds itself."""
    assert only(text).found == "'*a' stands inside what it names"


def test_an_alias_without_anchor_is_refused() -> None:
    """Each alias without an earlier anchor is a fault, a later anchor does not help."""
    first, second = faults("a: *x\nb: *y\nc: &x 1\n")
    assert (first.found, second.found) == ("'*x' names nothing", "'*y' names nothing")


@pytest.mark.parametrize(
    "number", ["1" * 401, "-" + "1" * 9999, "0x" + "f" * 9999, "." + "1" * 9999]
)
def test_absurd_numbers_are_refused(number: str) -> None:
    """A number beyond MAX_DIGITS is a fault where it stands, not a crash; as a text it may be."""
    fault = only(f"a:\n  b: {number}")
    assert (fault.path, where(fault)) == ("a.b", (2, 6))
    assert value(f"'{number}'") == number


@pytest.mark.parametrize(
    ("text", "place"),
    [("a:\n\tb: 1\n", (2, 1)), ("a: b: c\n", (1, 5)), ("a: @x\n", (1, 4))],
)
def test_syntax_errors_have_line_and_column(text: str, place: tuple[int, int]) -> None:
    """PyYAML's complaint becomes one fault that says where, in one line."""
    fault = only(text)
    assert fault.found.startswith("not YAML: ")
    assert "\n" not in str(fault)
    assert where(fault) == place
    assert ("tabs" in fault.advice) == ("\t" in text)


def test_an_unclosed_bracket_is_told_with_its_line() -> None:
    """A bracket missed only at the end of the file is told with the line that opened it."""
    assert "from line 2)" in only("a: 1\nb: [\n  c\n\n").found


def test_faults_before_a_syntax_error_are_told_with_it() -> None:
    """All faults of a file come at once, sorted by line, the path in front."""
    found = [str(fault) for fault in faults("a: {1: 2}\na: 3\nb: !x\nc: d: e\n")]
    assert [line.split()[0] for line in found] == [
        "x.yaml:1:5",
        "x.yaml:2:1",
        "x.yaml:3:4",
        "x.yaml:4:5",
    ]
    assert found[1] == (
        "x.yaml:2:1 a: 'a' is given twice (first in line 1); each key may stand once."
    )


@pytest.mark.parametrize("character", ["\0", "\x1b", "\x7f", "\x85", "\u2028", "\ufeff", "\ud83d"])
def test_control_and_invisible_characters_are_refused(character: str) -> None:
    """A raw control or invisible character is named with its byte, line and column."""
    fault = only(f"é: 1\nb: '{character}'\n")
    assert where(fault) == (2, 5)
    assert fault.found.startswith(f"byte 10 begins U+{ord(character):04X}")


def test_escaped_control_characters_are_values() -> None:
    """What is written as an escape in double quotes is meant, but half a character is refused."""
    assert value(r'"\u2028\0\x85\/"') == "\u2028\0\x85/"
    assert len(faults(r'a: "\ud83d"')) == 1


def test_fault_texts_are_short_and_printable() -> None:
    """Hostile keys and tags reach the terminal escaped and cut."""
    key = r"\e[31m" + "x" * 900
    message = str(only(f'"{key}": {{b: !{"y" * 900} c}}'))
    assert message.isprintable()
    assert len(message) < 300


def test_a_file_is_read(tmp_path: Path) -> None:
    """A file's tree names the file in each place."""
    path = tmp_path / "x.yaml"
    path.write_bytes("\ufeffa: é\r\n".encode())
    assert repr(read(path)) == repr(parse("a: é", str(path)))


@pytest.mark.parametrize(
    ("data", "line", "column", "byte"),
    [(b"\xff\xfea\0", 1, 1, 0), (b"a: 1\r\n\xc3\xa9: \xe9\n", 2, 4, 10), (b"a: \xc3", 1, 4, 3)],
)
def test_a_file_that_is_not_utf8_is_refused(
    tmp_path: Path, data: bytes, line: int, column: int, byte: int
) -> None:
    """The first byte that is not UTF-8 is named with its offset, line and column."""
    path = tmp_path / "x.yaml"
    path.write_bytes(data)
    with pytest.raises(InvalidInput) as caught:
        read(path)
    (fault,) = caught.value.faults
    assert where(fault) == (line, column)
    assert fault.found.startswith(f"byte {byte} ")


def test_the_biggest_allowed_file_is_allowed(tmp_path: Path) -> None:
    """MAX_BYTES bytes are read, one more is not, wherever it cuts a character."""
    path = tmp_path / "x.yaml"
    path.write_bytes(b"a: 1\n#".ljust(MAX_BYTES, b"x"))
    assert read(path).plain() == {"a": 1}
    for data in (b"a: 1\n#".ljust(MAX_BYTES + 1, b"x"), "é".encode() * MAX_BYTES):
        path.write_bytes(data)
        with pytest.raises(InvalidInput, match="the file is too big"):
            read(path)
    with pytest.raises(InvalidInput, match="the file is too big"):
        parse("é" * (MAX_BYTES // 2 + 1), "x")


def test_what_is_not_there_is_not_found(tmp_path: Path) -> None:
    """A missing file, a missing folder, a file used as folder and a folder are not found."""
    (tmp_path / "x.yaml").touch()
    for name in ("y.yaml", "nowhere/x.yaml", "x.yaml/y.yaml", "."):
        with pytest.raises(NotFound, match="expected a YAML file"):
            read(tmp_path / name)


def test_what_cannot_be_read_is_invalid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pipe, a device, an impossible name, a loop of links and a locked file end in a sentence."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    names = ("pipe", "loop", "x" * 999, "\0", "\ud800", "/dev/zero")
    for name in names:
        with pytest.raises(InvalidInput, match="the file cannot be read"):
            read(tmp_path / name)

    def locked(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", locked)
    with pytest.raises(InvalidInput, match="Permission denied"):
        read(tmp_path / "x.yaml")


FRAGMENTS = st.lists(
    st.sampled_from([*"abc01.:-?[]{},#&*!|>'\"%@`~\\ \n\t", ": ", "\n  ", "\n- ", "&a ", "*a", "<<",
                     "---\n", "...\n", "!!str ", "!!map ", "%YAML 1.2\n", '"\\u', "d83d", "|\n  "])
).map("".join)  # fmt: skip


def answers(text: str) -> object:
    try:
        return parse(text, "x")
    except InvalidInput as error:
        found = error.faults
    assert found
    assert all(fault.found and fault.allowed for fault in found)
    return None


@given(st.text() | FRAGMENTS)
@example('a: "\\UFFFFFFFF"')
@example("%YAML 1." + "9" * 5000 + "\n---\na: 1")
@example("a: !%ff b")
def test_any_text_is_a_tree_or_invalid(text: str) -> None:
    """No text raises anything but InvalidInput, and every InvalidInput has faults."""
    answers(text)


@given(FRAGMENTS)
def test_both_scanners_build_the_same_values(text: str) -> None:
    """Where PyYAML with and without libyaml both accept a text, they agree on its values."""
    trees = []
    for loader in LOADERS:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(yaml12, "_LOADER", loader)
            trees.append(answers(text))
    plain = [tree.plain() for tree in trees if isinstance(tree, Node)]
    assert all(repr(values) == repr(plain[0]) for values in plain)


@given(st.binary() | st.text().map(str.encode))
def test_any_file_is_a_tree_or_invalid(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    """No file content raises anything but InvalidInput."""
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_bytes(data)
    found: object
    try:
        found = read(path).plain()
    except InvalidInput as error:
        found = error.faults
    assert isinstance(found, dict) or found


CHARACTERS = st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"])
TEXTS = st.text(CHARACTERS, max_size=20)
DATA = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


def depth(data: object) -> int:
    inner = data.values() if isinstance(data, dict) else data if isinstance(data, list) else None
    return 0 if inner is None else 1 + max(map(depth, inner), default=0)


@given(st.dictionaries(TEXTS, DATA).filter(lambda data: depth(data) <= MAX_DEPTH), st.booleans())
def test_json_comes_back_as_it_was(data: dict[str, object], is_indented: bool) -> None:
    """JSON is YAML: plain data written by `json` is read back equal, types included."""
    text = json.dumps(data, indent=2 if is_indented else None)
    assert repr(parse(text, "x").plain()) == repr(data)


@given(st.text(st.characters(min_codepoint=0x10000, exclude_categories=["Cs"]), min_size=1))
def test_characters_beyond_the_first_plane_are_read(text: str) -> None:
    """An emoji is read as it stands and counts as one column."""
    tree = parse(f"{{'{text}': [{json.dumps(text, ensure_ascii=False)}, 1]}}", "x")
    assert tree.plain() == {text: [text, 1]}
    assert tree.place_of((text, 1)) == Place("x", 1, 2 * len(text) + 11)
