"""Mutated files and settings: whatever comes in is read, or refused in the program's own words.

`FUZZ` inputs in all, 2,000 unless the environment says more; `FUZZ_SEED` draws others.
"""

import copy
import json
import os
import random
import resource
import time
from pathlib import Path

import pytest
import yaml

from sim import convene, load_scenario
from sim.backtest.written_down import read_forecasts
from sim.errors import UnscError
from sim.record import read_record, read_undl
from sim.report.files import as_json
from sim.report.page import saved_page
from sim.report.saved import saved_in, scenarios_in

ROOT = Path(__file__).parent.parent
N_INPUTS = int(os.environ.get("FUZZ", "2000"))
SEED = int(os.environ.get("FUZZ_SEED", "0"))
MOST_SECONDS = 20
"""For one input, on a machine that does other things beside."""
MOST_GROWTH = 500_000
"""KiB by which the process may grow over all inputs of one kind."""
MOST_PLACES, MOST_DEPTH = 100_000, 200
"""Parts of a document, and steps down to one, from which on it is mutated no further: what is
nested and multiplied twice would fill the memory, or Python's stack, before anything is read."""

ODD = [
    *(None, True, False, 0, 1, -1, 0.5, -0.0, 1e308, -1e308, 2**63, 10**300, float("nan")),
    *(float("inf"), "", " ", "x", "USA", "XXX", "usa", "2024-02-30", "2024-03-28", "1e5", "0x10"),
    *("yes", "null", "~", "*a", "&a", "!!python/object:os.system", "=1+1", "-0.4", "\u22120.4"),
    *("\x00", "\x1b[2J", "\u202e", "\ud800", "\U0001f600", "a" * 30_000, "../../etc/passwd"),
    *("dprk-panel-2024", "assumed", [], {}, [[]], {"": ""}, ["USA"] * 50, {"mean": 9}, {"x": None}),
    *({"mean": 0.1, "spread": -1}, {"follows": "CHN"}, {"follows": "RUS"}, [None], {"since": {}}),
]


PUT = [
    *(b"", b"\x00", b"\xff", b"\xef\xbb\xbf", b'"', b"\r", b"\n\n", b"\t", b": ", b"- ", b"["),
    *(b"{", b"&a ", b"*a", b"'", b",", b"=", b"\xe2\x80\xae", b"9" * 500),
]


def places(value, path=()):
    """Yield the path to every part of a document."""
    yield path
    parts = value if isinstance(value, dict | list) else ()
    for key, item in parts.items() if isinstance(parts, dict) else enumerate(parts):
        yield from places(item, (*path, key))


def mutable(document):
    """Return the paths to all parts of a document; none where there are too many or too deep."""
    every = []
    for path in places(document):
        if len(path) > MOST_DEPTH or len(every) > MOST_PLACES:
            return []
        every.append(path)
    return every[1:]  # the first is that to the document itself


def at(value, path):
    for step in path:
        value = value[step]
    return value


def nested(rnd):
    value = rnd.choice(ODD)
    for _ in range(rnd.choice((1, 5, 19, 25, 400))):
        value = [value] if rnd.random() < 0.5 else {"x": value}
    return value


def mutated(rnd, document):
    """Return a document with some of its parts replaced, removed, moved, renamed or multiplied."""
    document = copy.deepcopy(document)
    for _ in range(rnd.choice((1, 1, 1, 2, 5))):
        every = mutable(document)
        if not every:
            break
        *above, key = rnd.choice(every)
        holder = at(document, above)
        how = rnd.randrange(6)
        if how == 0:
            del holder[key]
        elif how == 1:
            holder[key] = copy.deepcopy(at(document, rnd.choice(every)))
        elif how == 2 and isinstance(holder, dict):
            holder[rnd.choice(("x", "", "0", "ties", "members", "\x1b", "extends"))] = holder[key]
        elif how == 3 and isinstance(holder, list):
            holder.extend(holder[key : key + 1] * rnd.choice((1, 3, 60)))
        elif how == 4:
            holder[key] = nested(rnd)
        else:
            holder[key] = copy.deepcopy(rnd.choice(ODD))
    return document


def scarred(rnd, data):
    """Return bytes with some of them changed, left out, doubled or put in, or cut short."""
    for _ in range(rnd.choice((1, 1, 3, 20))):
        begin = rnd.randrange(len(data) + 1)
        end = min(len(data), begin + rnd.choice((0, 1, 1, 5, 200)))
        put = rnd.choice([*PUT, data[begin:end] * 3])
        data = data[:begin] + put + data[end:]
    return data if rnd.random() < 0.9 else data[: rnd.randrange(len(data) + 1)]


def in_bytes(rnd, document):
    """Return a document as YAML or JSON, at times scarred."""
    try:
        text = yaml.safe_dump(document, allow_unicode=True) if rnd.random() < 0.5 else ""
    except (yaml.YAMLError, RecursionError, UnicodeError):
        text = ""
    data = (text or json.dumps(document, default=str)).encode("utf-8", "surrogatepass")
    return scarred(rnd, data) if rnd.random() < 0.3 else data


def refuses_or_reads(read, what):
    """Read an input within bounds; nothing but the program's own errors may come of it."""
    begin = time.monotonic()
    try:
        read()
    except UnscError as error:
        n_lines = len(str(error).splitlines())
    except Exception as error:
        error.add_note(f"FUZZ_SEED={SEED}: {what}")
        raise
    else:
        n_lines = 1
    assert 1 <= n_lines <= 101, what
    assert time.monotonic() - begin < MOST_SECONDS, what


@pytest.fixture
def rnd(request):
    """A stream of chance for each test, and a bound on what it may add to the memory."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    yield random.Random(f"{SEED} {request.node.name}")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MOST_GROWTH


def share(part):
    return max(1, int(N_INPUTS * part))


SCENARIOS = sorted((ROOT / "scenarios").glob("*.yaml"))
WRITTEN = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in SCENARIOS]


def test_scenarios(rnd, tmp_path):
    """Files of people: shipped ones, with parts of them replaced, moved, multiplied or scarred."""
    whole = load_scenario("dprk-panel-2024", ["preferences=assumed"]).document
    for k in range(share(0.35)):
        document = dict(whole) if k % 10 == 0 else rnd.choice(WRITTEN)
        path = tmp_path / f"{k % 7}.yaml"
        path.write_bytes(in_bytes(rnd, mutated(rnd, document)))
        refuses_or_reads(lambda path=path: load_scenario(path), path.read_bytes()[:2000])


def test_settings(rnd):
    """Texts laid over a scenario: paths that exist and not, with values of all kinds."""
    base = load_scenario("dprk-panel-2024", ["preferences=assumed"])
    every = [".".join(map(str, p)) for p in places(base.document) if p]
    for _ in range(share(0.35)):
        value = rnd.choice(ODD)
        said = json.dumps(value) if rnd.random() < 0.5 else str(value)
        setting = f"{rnd.choice(every)}={said}"
        if rnd.random() < 0.3:
            setting = scarred(rnd, setting.encode("utf-8", "replace")).decode("utf-8", "replace")
        refuses_or_reads(lambda setting=setting: base.with_settings([setting]), setting[:500])


def test_saved_reports(rnd, tmp_path):
    """Received JSON: as a scenario, as what is run again, and as a page."""
    report = as_json(convene(load_scenario("dprk-panel-2024"), 50).to_dict())
    path = tmp_path / "report.json"

    def read():
        saved = saved_in(str(path))
        if saved and saved.is_comparison:
            scenarios_in(saved)
        load_scenario(path)

    n_inputs, n_changed = share(0.02), 0
    for _ in range(n_inputs):
        document = mutated(rnd, json.loads(report))
        n_changed += document != json.loads(report)
        data = json.dumps(document).encode("utf-8", "surrogatepass")
        path.write_bytes(scarred(rnd, data) if rnd.random() < 0.3 else data)
        refuses_or_reads(read, "load")
        refuses_or_reads(lambda: saved_page(path), "page")
    assert n_changed > n_inputs / 2


@pytest.mark.parametrize("kind", ["record", "undl", "forecasts"])
def test_tables(rnd, tmp_path, kind):
    """CSV of each kind, a few rows of a sound one with cells replaced and bytes scarred."""
    undl = (
        "undl_id,ms_code,ms_name,permanent_member,ms_vote,date,resolution,draft,meeting,description,"
        "agenda,subjects,vote_note,total_yes,total_no,total_abstentions,total_non_voting,total_ms,"
        "modality,undl_link\n"
        '1,CHN,CHINA,True,Y,2024-03-08,S/RES/2725(2024),,S/PV.9,"On, it",x,,,14,0,1,0,15,Vote,\n'
        "1,RUS,RUSSIA,True,A,2024-03-08,S/RES/2725(2024),,S/PV.9,y,x,,,14,0,1,0,15,Vote,\n"
    )
    sound, read = {
        "record": ((ROOT / "seeds" / "votes.csv").read_text(encoding="utf-8"), read_record),
        "undl": (undl, read_undl),
        "forecasts": (
            (ROOT / "seeds" / "forecasts" / "2026-11-26.csv").read_text(encoding="utf-8"),
            read_forecasts,
        ),
    }[kind]
    header, *rows = sound.splitlines()
    path = tmp_path / "t.csv"
    for _ in range(share(0.26 / 3)):
        chosen = [header, *rnd.sample(rows, min(len(rows), 4))]
        k = rnd.randrange(len(chosen))
        cells = chosen[k].split(",")
        cells[rnd.randrange(len(cells))] = str(rnd.choice(ODD))
        chosen[k] = ",".join(cells)
        data = "\n".join(chosen).encode("utf-8", "surrogatepass")
        path.write_bytes(scarred(rnd, data) if rnd.random() < 0.5 else data)
        refuses_or_reads(lambda: read(path), path.read_bytes()[:2000])
