# The two commands of the README, and what developers run besides.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test test-slow test-long install check bench languages release

demo: install
	@$(BIN)/clinic-calls demo

test: install-dev
	$(BIN)/pytest

test-slow: install-dev
	$(BIN)/pytest -m "slow or browser"

test-long: install-dev
	$(BIN)/pytest -m long

check: install-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: install-dev
	$(BIN)/pip install --quiet -e '.[bench]'
	$(BIN)/python -m bench $(BENCH)

languages: install-dev
	$(BIN)/python -m tests.test_languages

release:
	@sh tools/release.sh

install: .venv/installed

.venv/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "clinic-calls needs Python 3.11 or newer; set PYTHON=/path/to/python3." >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
		{ echo "This Python has no venv: install it, on Debian or Ubuntu with" >&2; \
		  echo "    sudo apt-get install python3-venv" >&2; exit 1; }
	@$(PYTHON) -m venv .venv

.venv/installed: setup.cfg pyproject.toml | .venv/bin/pip
	@echo "Installing clinic-calls into .venv ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check -e .
	@touch $@

.PHONY: install-dev
install-dev: .venv/installed-dev

.venv/installed-dev: setup.cfg pyproject.toml | .venv/installed
	@$(BIN)/pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@
