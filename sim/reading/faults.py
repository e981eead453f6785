"""From the form's complaints to faults that say where, what was found and what is allowed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar, get_args

from pydantic import ValidationError

from sim.errors import MOST_PRINTED, Fault, InvalidInput, Place, listed
from sim.reading.form import Form
from sim.reading.meant import ON_THE_LINE, name_meant
from sim.reading.messages import (
    ANY_STATE,
    TERM,
    Schema,
    Steps,
    advice_on,
    allowed_at,
    part_at,
    quoted,
    shown,
    takes_codes,
)
from sim.reading.node import Node
from sim.reading.state_names import near_state
from sim.roster import REGIONAL_GROUPS

FormType = TypeVar("FormType", bound=Form)
KINDS = ("scenario", "preferences", "study")
MOST_PASSES = 50
"""More than a form is deep, so that filling it in again ends whatever the file holds."""


@dataclass(frozen=True)
class Filled(Generic[FormType]):
    """A form filled from a file, its faults, and the paths where the form does not say the file.

    What stands at those paths was left out, or an example stands in for it.
    """

    form: FormType
    faults: list[Fault]
    left_out: list[Steps]


def check_form(form: type[FormType], node: Node, is_whole: bool = True) -> Filled[FormType]:
    """Return the filled form and every fault of it.

    What is at fault is left out and the rest filled in again, so that what can be said of the
    meaning of a half-wrong file is said in the same breath. Only complaints about the file itself
    become faults, never one about what was left out.

    Args:
        form: what the file should hold.
        node: what it holds.
        is_whole: whether keys that are missing are faults.

    Raises:
        InvalidInput: the file is of another kind, or too little of it is left.
    """
    (kind,), given = get_args(form.model_fields["kind"].annotation), node.at(["kind"])
    if given is not None and given.value in [k for k in KINDS if k != kind]:
        # In one fault: its keys are right, but for another command.
        found = f"this is a file of kind '{given.value}'"
        advice = "A scenario names its preferences under 'preferences'."
        if "study" in (given.value, kind):
            advice = "Studies are run by unsc study."
        raise InvalidInput([Fault(given.place, "kind", found, f"expected '{kind}'", advice)])
    data = node.plain()
    faults: list[Fault] = []
    left_out: list[Steps] = []
    for n_passes in range(MOST_PASSES):
        try:
            return Filled(form.model_validate(data), faults, left_out)
        except ValidationError as error:
            complaints = error.errors(include_url=False)
        schema = _schema(form)  # only where something is wrong: it takes long to make
        if n_passes == 0:
            counted = [c for c in complaints if is_whole or c["type"] != "missing"]
            faults = list(_faults(node, schema, counted))
        left_out += [complaint["loc"] for complaint in complaints]
        # The last first, so that no item of a list moves before its turn.
        changed = [_left_out(data, schema, complaint) for complaint in reversed(complaints)]
        if not any(changed):
            break
    raise InvalidInput(faults)


@cache
def _schema(form: type[Form]) -> Schema:
    return form.json_schema()


def _faults(node: Node, schema: Schema, complaints: list[Any]) -> Iterator[Fault]:
    """Yield complaints of the form as faults; those that nobody will see are not put into words."""
    in_order = sorted(complaints, key=lambda complaint: node.place_of(complaint["loc"]))
    for complaint in in_order[: 2 * MOST_PRINTED]:
        yield _fault(node, schema, complaint)
    for complaint in in_order[2 * MOST_PRINTED :]:
        path = complaint["loc"]
        yield Fault(node.place_of(path), setting_at(node, path), complaint["msg"], "")


def setting_at(node: Node, path: Steps) -> str:
    """Return a path as the file and `--set` write it: `members.RUS.voice`.

    Steps that no file holds are skipped: the item of a list written without its brackets, or the
    key of a mapping for which one number stands.
    """
    here: Node | None = node
    kept: list[str] = []
    for step in path:
        if here is None or _holds(here.value, step):
            kept.append(quoted(str(step))[1:-1])
            here = here and here.at([step])
    return ".".join(kept)


def place_at(node: Node, path: Steps) -> Place:
    """Return where the value at the path stands; where there is none, the last key above it."""
    here = node
    for step in path:
        if _holds(here.value, step):
            child = here.at([step])
            if child is None:
                return node.place_of(path)
            here = child
    return here.place


def _holds(value: Any, step: str | int) -> bool:
    """Return whether a step of this kind can lead into the value."""
    return step != "[key]" and isinstance(value, dict if isinstance(step, str) else list)


def _fault(node: Node, schema: Schema, complaint: Any) -> Fault:
    """Return one complaint of the form as a fault."""
    path, kind, value = complaint["loc"], complaint["type"], complaint["input"]
    place, setting = node.place_of(path), setting_at(node, path)  # of the key
    if kind == "extra_forbidden":
        known = [k for option in part_at(schema, path[:-1]) for k in option.get("properties", {})]
        allowed = f"expected one of {listed(known, 30)}"
        near = _without_dots(str(path[-1]), known) or _elsewhere(schema, path)
        near = near or name_meant(str(path[-1]), known)
        return Fault(place, setting, f"unknown key {shown(path[-1])}", allowed, near)
    if path[-1] == "[key]" and takes_codes(schema, path[:-2]):
        near = near_state(str(value))
        return Fault(place, setting, f"found {shown(value)}", f"expected {ANY_STATE}", near)
    if path[-1] == "[key]":
        allowed = "expected a short name of small letters, digits and _, as arms_ban"
        return Fault(place, setting, f"found {shown(value)} as a name", allowed)
    own_words = complaint.get("ctx", {}).get("error")
    allowed = f"expected {own_words or allowed_at(schema, path)}"
    if kind == "missing":
        return Fault(place, setting, f"{shown(path[-1])} is missing", allowed)
    found, advice = f"found {shown(value)}", advice_on(schema, path, value)
    return Fault(place_at(node, path), setting, found, allowed, advice)


def _without_dots(key: str, known: Iterable[str]) -> str:
    """Return how a file has a key that is written as `--set` has it, or nothing."""
    head, *steps = key.split(".")
    if not steps or head not in known:
        return ""
    nested = ": {".join(steps) + ": ..." + "}" * len(steps)
    return f"Dots are for --set; in a file: {head}: {{{quoted(nested)[1:-1]}."


def _elsewhere(schema: Schema, path: Steps) -> str:
    """Return where a term belongs, or any key that stands at the top of a file, or nothing."""
    key = str(path[-1])
    if key == TERM and "draft" in schema["properties"]:
        return f"Did you mean 'draft.text.{TERM}'?"
    if len(path) > 1:
        return ""
    if key in ON_THE_LINE:
        return "A command is told that, as --worlds 20000, and no file."
    if key in REGIONAL_GROUPS:
        return f"Did you mean 'groups.{key}'?"
    if near := near_state(key) if key[:1].isupper() else "":
        return near.replace("'", "'members.", 1)
    for name in schema["properties"]:
        if any(key in option.get("properties", {}) for option in part_at(schema, (name,))):
            return f"Did you mean '{name}.{key}'?"
    return ""


def _left_out(data: Any, schema: Schema, complaint: Any) -> bool:
    """Take what a complaint is about out of the data; return whether that changed anything.

    An example stands in for what may not be missing, an empty mapping for an item of a list, so
    that the items after it keep their numbers.
    """
    path = complaint["loc"]
    steps: list[str | int] = []
    holder, here = None, data
    for step in path:
        if _holds(here, step):
            if isinstance(here, dict) and step not in here:
                return complaint["type"] == "missing" and _stands_in(here, step, schema, path)
            steps, holder, here = [*steps, step], here, here[step]
    if holder is None:
        return False
    if isinstance(holder, list) and _stands_in(holder, steps[-1], schema, path):
        return True
    del holder[steps[-1]]
    return True


def _stands_in(holder: Any, step: str | int, schema: Schema, path: Steps) -> bool:
    """Put an example, or an empty mapping, where the path ends; return whether there is one."""
    options = part_at(schema, path)
    examples = [example for option in options for example in option.get("examples", [])]
    examples += [option["const"] for option in options if "const" in option]
    examples += [{} for option in options if option.get("type") == "object"]
    if not examples or (isinstance(holder, list) and examples[0] != {}):
        return False
    holder[step] = examples[0]
    return True
