# The two commands of the README, and what developers run besides.
PYTHON ?= python3
BIN := .venv/bin
# Whether a person has chosen it: then a .venv of another one is made anew.
CHOSEN := $(if $(filter file,$(origin PYTHON)),,yes)
VENV = @PYTHON='$(PYTHON)' CHOSEN='$(CHOSEN)' WHEELS='$(WHEELS)' sh .ci/venv.sh

.PHONY: help demo serve test test-slow test-long install install-dev check bench languages release

help:
	@echo "make demo       a believable clinic, served on http://127.0.0.1:8000 until Ctrl-C"
	@echo "make serve      the clinic's own database, served until Ctrl-C"
	@echo "make install    .venv with clinic-calls in it; mends a broken one"
	@echo "                PYTHON=/path/to/python3, WHEELS=wheels without internet"
	@echo "make test       the tests, but those that take minutes (test-slow, test-long)"
	@echo "make check      ruff, mypy, and which way imports go"
	@echo "make bench      speed, against the alternatives"
	@echo "make release    tags the version, once setup.cfg and CHANGELOG.md agree"

demo: install
	@$(BIN)/clinic-calls demo

serve: install
	@$(BIN)/clinic-calls serve

test: install-dev
	$(BIN)/pytest -n auto --dist loadfile

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
	@sh .ci/release.sh

install:
	$(VENV) installed ''

install-dev:
	$(VENV) installed-dev '[dev]'
