# demo    the whole job on the shipped examples, into demo/
# test    lint, then every test
# fuzz    other random inputs than the last time, many more of them (ten minutes)
# lint    ruff and mypy
# golden  accept what the tests write now as the new golden files
# clean   remove all that these commands have made, .venv included

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check

.PHONY: demo test fuzz lint golden clean

demo: $(VENV)/.installed
	$(BIN)/workbook-tools demo demo

test: lint
	$(BIN)/pytest

fuzz: $(VENV)/.installed-test
	FUZZ_TIMES=40 $(BIN)/pytest --hypothesis-profile=exploring tests/test_fuzzing.py tests/test_number_fuzzing.py

lint: $(VENV)/.installed-test
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

golden: $(VENV)/.installed-test
	$(BIN)/pytest --update-golden

clean:
	rm -rf demo build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage $(VENV)
	find workbook_tools templates examples tests -name __pycache__ -prune -exec rm -rf {} +

# Each stamp says: installed as setup.cfg and pyproject.toml stand now. venv writes "activate" last, after pip.
$(VENV)/.installed: setup.cfg pyproject.toml | $(BIN)/activate
	@echo "Installing workbook-tools into $(VENV) (once, may take a minute) ..."
	@$(PIP) install -e .
	@touch $@

$(VENV)/.installed-test: setup.cfg pyproject.toml | $(BIN)/activate
	@echo "Installing workbook-tools and what its tests need into $(VENV) (once, may take a minute) ..."
	@$(PIP) install -e '.[test]'
	@touch $(VENV)/.installed $@

$(BIN)/activate:
	$(PYTHON) -m venv $(VENV)
