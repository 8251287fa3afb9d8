# Vigência: everything a developer or operator does from the source tree. `make` alone explains.

SHELL := /bin/bash
.DEFAULT_GOAL := help
PORT ?= 8000
ARGS ?=
VENV := .venv
PY := $(VENV)/bin/python
PYTEST := $(PY) -m pytest
# Test files run on JOBS processors at once, from quick to slow; each process has servers of its own.
JOBS ?= 2
# Any Python from 3.11 on; PYTHON=/path/to/python chooses another.
PYTHON ?= $(shell for p in python3.11 python3 python3.12 python3.13 python3.14; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
UNIT := not integration and not system and not faults and not compose

.PHONY: help install run stack test test-unit test-integration test-system test-faults test-compose check format story \
	bench conformance catalogue ledger words requirements clean

help: ## this text
	@echo "Vigência. From a clean clone:  make run  → http://127.0.0.1:$(PORT)  (nothing but Python 3.11 and make is needed)"
	@echo
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo
	@echo "Variables: PORT=8000 (run, stack), JOBS=2 (test), ARGS='…' (given on to the command or to pytest), PYTHON=python3.11 (install)"

# ---------------------------------------------------------------- install
# Two stamps, so that running needs no developer's tools, and a second call costs nothing.

RUN_READY := $(VENV)/.ready-run
DEV_READY := $(VENV)/.ready-dev

install: $(DEV_READY) ## creates .venv with everything pinned (a second call costs nothing)

$(PY):
	@test -n "$(PYTHON)" || { echo "No Python 3.11 or later found. Install one, or name it: make PYTHON=/path/to/python3.11 …" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "$(PYTHON) cannot make a virtual environment; on Debian: apt install python3-venv" >&2; exit 1; }

$(RUN_READY): requirements.txt pyproject.toml | $(PY)
	@echo "Installing Vigência's requirements into $(VENV) …"
	@$(PY) -m pip install --disable-pip-version-check -q -r requirements.txt
	@PYTHONWARNINGS=ignore $(PY) -m pip install --disable-pip-version-check -q --no-deps --no-build-isolation --config-settings editable_mode=compat -e .
	@touch $@

$(DEV_READY): requirements-dev.txt $(RUN_READY)
	@echo "Installing the developer's tools into $(VENV) …"
	@$(PY) -m pip install --disable-pip-version-check -q -r requirements.txt -r requirements-dev.txt
	@touch $@

# ---------------------------------------------------------------- run

run: $(RUN_READY) ## starts all in one process on SQLite files under var/embedded (PORT=8000)
	@exec $(VENV)/bin/vigencia run --port $(PORT) --store var/embedded $(ARGS)

stack: $(RUN_READY) ## starts the full mode: private RabbitMQ and PostgreSQL under var/stack, a process per service
	@exec $(VENV)/bin/vigencia stack --port $(PORT) $(ARGS)

story: $(RUN_READY) ## the main job on real records, embedded and full, with its reconciliation
	@exec $(VENV)/bin/vigencia story $(ARGS)

# ---------------------------------------------------------------- prove

test: $(DEV_READY) ## all tests: unit, integration, system, faults (private servers are started and ended)
	$(PYTEST) -n $(JOBS) --dist loadfile --no-loadscope-reorder $(ARGS)

test-unit: $(DEV_READY) ## only what needs no server
	$(PYTEST) -m "$(UNIT)" $(ARGS)

test-integration: $(DEV_READY) ## each service and the chassis on real PostgreSQL and RabbitMQ
	$(PYTEST) -m integration $(ARGS)

test-system: $(DEV_READY) ## the services together
	$(PYTEST) -m system $(ARGS)

test-faults: $(DEV_READY) ## processes, broker and database killed while commands flow
	$(PYTEST) -m faults $(ARGS)

test-compose: $(DEV_READY) ## docker-compose.yml for real: builds, starts, runs the story over HTTP, ends (needs a Docker engine)
	@exec $(PY) -m deploy.docker.trial $(ARGS)

conformance: $(RUN_READY) ## facts (input → expected) against the domain (CASES=file: others than tests/conformance/cases.json)
	@exec $(PY) -m tests.conformance $(if $(CASES),"$(CASES)")

check: $(DEV_READY) ## lint, format, types, who imports whom
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

format: $(DEV_READY) ## formats and mends what ruff can mend
	$(VENV)/bin/ruff check --fix-only .
	$(VENV)/bin/ruff format .

catalogue: $(RUN_READY) ## writes docs/events from the event classes
	@exec $(PY) -m vigencia.catalogue

ledger: $(DEV_READY) ## the subscriber kit's example: an accounting ledger that follows the system that runs (ARGS=--once prints it)
	@exec $(PY) -m vigencia_subscriber.examples.try_it $(ARGS)

words: $(RUN_READY) ## brings the pages' translations (gateway/pages/locale) up to their templates
	@exec $(PY) -m gateway.pages.extracting

bench: $(DEV_READY) ## measures against bare libraries and nameko; prints a table, writes JSON
	@exec $(PY) -m bench $(ARGS)

# ---------------------------------------------------------------- keep

COMPILE := CUSTOM_COMPILE_COMMAND="make requirements" $(VENV)/bin/pip-compile -q --allow-unsafe --strip-extras \
	--no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-emit-options

requirements: $(DEV_READY) ## resolves requirements*.in again (ARGS=--upgrade takes newer versions)
	$(COMPILE) $(ARGS) -o requirements.txt requirements.in
	$(COMPILE) $(ARGS) -o requirements-dev.txt requirements-dev.in

clean: ## removes caches and build products (var/ and .venv stay)
	rm -rf build *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -not -path './.venv/*' -not -path './var/*' -prune -exec rm -rf {} +
