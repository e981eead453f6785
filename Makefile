# Two commands do everything on a machine with Python and make: `make run` and `make test`.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
REPORT := build/dprk-panel-2024
TESTS ?= not slow
MORE ?=
# Each process fills a processor: threads of linear algebra beside it would wait for one another.
PYTEST := OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest --numprocesses auto --maxprocesses 8 --dist worksteal

.PHONY: run test test-all fuzz oracles backtest sbc bench pictures check schema clean
.DELETE_ON_ERROR:

run: $(VENV)/installed  ## install, simulate the seed vote, write its report
	$(BIN)/unsc run dprk-panel-2024 --out $(REPORT) --force

test: $(VENV)/installed-test  ## install with the tests' libraries, run the tests that do not take long
	$(PYTEST) -m "$(TESTS)" $(MORE)

test-all: $(VENV)/installed-dev  ## install with all libraries, run every test
	$(PYTEST)

fuzz: $(VENV)/installed-test  ## install with the tests' libraries, read 50,000 mutated inputs
	FUZZ=50000 $(BIN)/python -m pytest tests/test_fuzz.py

oracles: $(VENV)/installed-oracles  ## compile pygambit (needs C++, minutes), make the tests' table of equilibria again
	$(BIN)/python tests/oracles.py

backtest: $(VENV)/installed-test  ## install with the tests' libraries, forecast past votes, print how well
	$(BIN)/unsc backtest

sbc: $(VENV)/installed-test  ## install with the tests' libraries, fit simulated records, print how evenly truths rank
	$(BIN)/python tests/ranks.py

bench: $(VENV)/installed-bench  ## install with the benchmark's libraries, measure, print ratios, write build/bench.json
	$(BIN)/python tests/benchmarks/bench.py

pictures: $(VENV)/installed-test  ## install with the tests' libraries, picture the pages in a browser (chromium)
	$(BIN)/python tests/pictures.py

check: $(VENV)/installed-dev  ## style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

schema: $(VENV)/installed  ## write the JSON Schemas of the files that go in and come out
	$(BIN)/unsc schema scenario > scenarios/schema/scenario.schema.json
	$(BIN)/unsc schema preferences > scenarios/schema/preferences.schema.json
	$(BIN)/unsc schema codings > scenarios/schema/codings.schema.json
	$(BIN)/unsc schema study > scenarios/schema/study.schema.json
	$(BIN)/unsc schema report > scenarios/schema/report.schema.json
	$(BIN)/unsc schema comparison > scenarios/schema/compare.schema.json
	$(BIN)/unsc schema explanation > scenarios/schema/explain.schema.json
	$(BIN)/unsc schema sensitivity > scenarios/schema/sensitivity.schema.json
	$(BIN)/unsc schema frontier > scenarios/schema/frontier.schema.json

clean:  ## remove what the other targets made
	rm -rf .venv build dist

# Compiled once, commands start quickly even where Python is told not to write what it compiles.
$(VENV)/installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable .
	$(BIN)/python -m compileall -q sim
	touch $@

$(VENV)/installed-%: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable ".[$*]"
	$(BIN)/python -m compileall -q sim
	touch $@
