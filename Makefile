# The verbs of this repository. Each works alone on a machine with Python 3.11+, git and make.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help example test lint types tests wheel clean

VENV := .venv
# -I keeps the working directory off the import path: its build/ would hide the tool `build`.
RUN := $(VENV)/bin/python -Im

# The first Python that runs, is new enough and can make virtual environments.
PYTHON ?= $(shell for python in python3.13 python3.12 python3.11 python3; do \
	"$$python" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' \
	2>/dev/null && echo "$$python" && break; done)

help:  ## list the verbs
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

example: $(VENV)/.installed  ## build the example package into dist/
	$(VENV)/bin/dateline build .

test: lint types tests wheel  ## check everything: the four verbs below, in this order

lint: $(VENV)/.installed-dev  ## check style and format
	$(RUN) ruff check .
	$(RUN) ruff format --check .

types: $(VENV)/.installed-dev  ## check types
	$(RUN) mypy

tests: $(VENV)/.installed-dev  ## run the tests
	$(RUN) pytest -n 2

wheel: $(VENV)/.installed-dev  ## build the wheel and run it where only its dependencies are installed
	@set -eu; tmp=$$(mktemp -d); trap 'rm -rf "$$tmp"' EXIT; set -x; \
	$(RUN) build --no-isolation --outdir "$$tmp" . >"$$tmp/log" || { cat "$$tmp/log"; exit 1; }; \
	$(RUN) venv "$$tmp/venv"; \
	"$$tmp/venv/bin/python" -Im pip install --quiet "$$tmp"/dateline-*.whl; \
	"$$tmp/venv/bin/dateline" --help >"$$tmp/log"; \
	"$$tmp/venv/bin/dateline" build . --out "$$tmp/example"

clean:  ## remove .venv, dist and caches; build/ holds sources and stays
	rm -rf $(VENV) dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Stamps: an install is repeated when pyproject.toml has changed. Code changes need none,
# because the install is editable. Once the environment's Python has gone they say nothing.
$(shell test -x $(VENV)/bin/python || rm -f $(VENV)/.installed $(VENV)/.installed-dev)

$(VENV)/.installed: pyproject.toml $(VENV)/bin/python
	$(RUN) pip install --quiet --editable .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml $(VENV)/bin/python
	$(RUN) pip install --quiet --editable '.[dev]'
	@touch $(VENV)/.installed $@

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { printf '%s\n' >&2 \
	'Expected Python 3.11 or later that can make virtual environments, found none.' \
	'Debian 12, Ubuntu 24.04 and later: apt install python3-venv.' \
	'Ubuntu 22.04: apt install python3.11-venv.' \
	'Where it has another name: make PYTHON=/path/to/python3 ...'; exit 1; }
	"$(PYTHON)" -m venv --clear $(VENV)
