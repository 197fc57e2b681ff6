# Two commands set up everything: `make demo` and `make test`. `make` alone explains the rest.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
unexport PYTHONDONTWRITEBYTECODE          # without bytecode every import costs three times as much
export DO_NOT_TRACK := 1
export DAGSTER_DISABLE_TELEMETRY := 1

PYTHON ?= python3
UV := .tools/bin/uv
BIN := .venv/bin
CHECKED := ingestion ml orchestration dashboards benchmarks tests

help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

$(UV): requirements/bootstrap.lock
	@$(PYTHON) -c 'import sys; sys.exit(None if (3, 11) <= sys.version_info < (3, 14) else "WattLedger needs Python 3.11, 3.12 or 3.13; set PYTHON=python3.11")'
	@echo "installing uv"
	@$(PYTHON) -m pip install -qq --root-user-action=ignore --disable-pip-version-check --upgrade --target .tools --require-hashes -r $<
	@touch $@

.venv/.installed: $(UV) requirements/main.lock pyproject.toml
	@echo "creating the main environment (.venv) from its lock"
	@test -x $(BIN)/python || $(UV) venv --quiet --python $(PYTHON) .venv
	@$(UV) pip sync --quiet --require-hashes --compile-bytecode --python $(BIN)/python requirements/main.lock
	@$(UV) pip install --quiet --no-deps --no-build-isolation --python $(BIN)/python --editable .
	@touch $@

install: .venv/.installed ## create the main environment from its lock

demo: install ## the sample retailer, from bare machine to cockpit; ends with the URLs
	@$(BIN)/wattledger demo

up: install ## start the database, the cockpit and Dagster
	@$(BIN)/wattledger up

down: install ## stop everything that was started
	@$(BIN)/wattledger down

test: install browser lint ## everything: lint, types, unit, dbt, golden, integration, browser
	@$(BIN)/pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder --durations=10

test-fast: install ## the unit layer only
	@$(BIN)/pytest --numprocesses 2 --dist loadfile -m "not integration and not browser"

lint: install ## ruff, mypy, sqlfluff, yamllint
	@$(BIN)/ruff check $(CHECKED)
	@$(BIN)/ruff format --check --quiet $(CHECKED)
	@$(BIN)/mypy $(CHECKED)
	@cd dbt_project && ../$(BIN)/sqlfluff lint --processes 2 --nofail --quiet models macros tests > /dev/null && ../$(BIN)/sqlfluff lint --processes 2 models tests
	@$(BIN)/yamllint --strict .

browser: ## Chromium and Chinese fonts for the browser tests (root only)
	@if ! test -x /usr/bin/chromium || ! test -x /usr/sbin/mosquitto || ! fc-list 2>/dev/null | grep -q CJK; then \
	  if test "$$(id -u)" = 0; then echo "installing chromium, fonts-noto-cjk and mosquitto"; \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk fontconfig mosquitto > /dev/null; \
	  else echo "chromium, fonts-noto-cjk or mosquitto is absent: run 'apt-get install chromium fonts-noto-cjk mosquitto' as root"; fi; fi

bench: install ## load, aggregate and land against DuckDB, Polars and pandas, as ratios
	@$(BIN)/python -m benchmarks

docs: install ## write docs/data_dictionary.md again
	@$(BIN)/python -m orchestration.dictionary

lock: $(UV) ## resolve the locks again from pyproject.toml
	@$(UV) pip compile --quiet --universal --generate-hashes --no-annotate --no-header --python-version 3.11 pyproject.toml --group dev --group bench --output-file requirements/main.lock
	@$(UV) pip compile --quiet --universal --generate-hashes --no-annotate --no-header --python-version 3.11 --group superset --output-file requirements/superset.lock
	@$(UV) pip compile --quiet --universal --generate-hashes --no-annotate --no-header --no-deps --python-version 3.11 --group sample --output-file requirements/sample.lock

clean: ## stop the servers and delete environments and state (the sample's data too)
	@if test -x $(BIN)/wattledger; then $(BIN)/wattledger down; fi
	@rm -rf .venv .venv-superset .venv-superset.lock .tools .wattledger

.PHONY: help install demo up down test test-fast lint browser bench docs lock clean
