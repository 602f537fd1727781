# trialhouse: `make run`, then `make test`. Everything is set up by these targets themselves.
SHELL := /bin/bash
PYTHON ?= python3
REGISTRY ?= sample
READY := .venv/.ready
READY_DASHBOARDS := .venv-dashboards/.ready
READY_SPARK := .venv-spark/.ready
SPARK_REQUIREMENTS := include/trialhouse/spark/requirements
RUN := .venv/bin
export PYTHONPATH := include:.

.DEFAULT_GOAL := help
.PHONY: help setup run test torture check fix bench docs dashboards spark secrets up lock clean

help: ## Show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

setup: $(READY) ## Make the environment from the lock file

$(READY): requirements.lock requirements-bootstrap.lock pyproject.toml
	@PYTHON="$(PYTHON)" bash bin/setup

$(READY_DASHBOARDS): $(READY) dashboards/requirements.lock
	@bash bin/setup-dashboards

$(READY_SPARK): $(READY) $(SPARK_REQUIREMENTS).lock
	@bash bin/setup-spark

run: $(READY) ## Run every day of a registry: REGISTRY=sample (default), live, or a folder of daily files
	@$(RUN)/trialhouse run --registry "$(REGISTRY)"

test: $(READY) ## Run every test but the long ones of `make torture`, two modules at a time
	@bash bin/setup-for-tests
	@$(RUN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

torture: $(READY) ## Kill, fill the disk, damage records by the thousand: about an hour, figures at the end
	@bash bin/setup-for-tests redis-server
	@$(RUN)/python -m pytest tests -m torture -s

check: $(READY) ## Lint, formats, types, SQL
	@$(RUN)/ruff check . && $(RUN)/ruff format --check .
	@$(RUN)/mypy
	@$(RUN)/sqlfluff lint dbt_project/models dbt_project/tests dbt_project/aact queries

fix: $(READY) ## Mend what linters can mend
	@$(RUN)/ruff check --fix . ; $(RUN)/ruff format .
	@$(RUN)/sqlfluff fix dbt_project/models dbt_project/tests dbt_project/aact queries

bench: $(READY) ## Print what each stage costs for a grown registry: SIZE=10000 (default) records, DAYS=2
	@$(RUN)/python bench/whole_registry.py

docs: $(READY) ## Write docs/data_dictionary.md, and dbt's pages with lineage as one file; prints where
	@$(RUN)/trialhouse data-dictionary && $(RUN)/trialhouse dbt-docs

dashboards: $(READY) $(READY_DASHBOARDS) ## Start Superset with our dashboards; of the sample, if nothing is published
	@test -e "$${TRIALHOUSE_HOME:-data}/warehouse/trials.duckdb" || $(MAKE) --no-print-directory run
	@$(RUN)/trialhouse dashboards

spark: $(READY) $(READY_SPARK) ## Make every model with Spark too and compare; of the sample, if nothing is published
	@test -e "$${TRIALHOUSE_HOME:-data}/warehouse/trials.duckdb" || $(MAKE) --no-print-directory run
	@$(RUN)/trialhouse spark

secrets: ## Make .env for docker compose: a secret at random for each it asks for; what is there stays
	@python3 bin/secrets

up: $(READY) ## Start Airflow itself on the sample registry; Ctrl-C stops all of it
	@$(RUN)/trialhouse up

lock: $(READY) ## Resolve the lock files anew
	@.bootstrap/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--extra dev pyproject.toml -o requirements.lock
	@echo 'uv' | .bootstrap/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url - -o requirements-bootstrap.lock
	@.bootstrap/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		dashboards/requirements.in -o dashboards/requirements.lock
	@.bootstrap/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		$(SPARK_REQUIREMENTS).in -o $(SPARK_REQUIREMENTS).lock

clean: ## Remove the environment and caches; data folders stay, a live registry has no past
	@rm -rf .venv .venv-dashboards .venv-spark .bootstrap .pytest_cache .mypy_cache .ruff_cache .hypothesis include/trialhouse.egg-info
