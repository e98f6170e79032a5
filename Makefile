# The ways to set up, run and test the platform; `make` alone lists them.

.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c

# Every process that starts would compile the platform anew, and the tests start hundreds.
unexport PYTHONDONTWRITEBYTECODE

VENV := .venv
BIN := $(VENV)/bin
PIP := PIP_DISABLE_PIP_VERSION_CHECK=1 $(BIN)/python -m pip -qq

# Stamps: each is as new as the last time its step was done.
CREATED := $(VENV)/.created
REQUIRED := $(VENV)/.required
RUNTIME := $(VENV)/.runtime
DEVELOPMENT := $(VENV)/.development

# Succeeds for a Python that is new enough and can make environments.
FIT := -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null

.PHONY: help setup demo run servers check test bench soak clean

help: ## list the targets
	@sed -nE 's/^([a-z]+):.*## (.*)/make \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 16

setup: $(RUNTIME) ## install what the platform needs to run, into .venv

demo: $(RUNTIME) ## set up and show the platform at work, in a directory of its own
	@$(BIN)/ggzy demo

run: $(RUNTIME) ## start the platform with its embedded broker and database
	@$(BIN)/ggzy up

servers: ## install RabbitMQ and PostgreSQL from Debian, unless AMQP_URI and DATABASE_URL name others
	@deploy/install.sh

check: $(DEVELOPMENT) ## lint, types, layers and all tests that need no server (under 2 minutes)
	@echo "check: style"
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --check --quiet
	@echo "check: layers"
	@words=$$($(BIN)/lint-imports --no-logo) || { echo "$$words"; exit 1; }
	@echo "check: tests, and types beside them"
	@exec {types}< <($(BIN)/mypy --no-error-summary); mypy=$$!; \
	$(BIN)/python -m pytest -m 'not system and not soak' -q -n 2 || failed=1; \
	cat <&$$types; wait $$mypy && exit $${failed:-0}

test: servers check ## check, and the tests on real servers
	@echo "test: on real servers"
	@$(BIN)/python -m pytest -m system -q -n 2 --dist loadfile --no-loadscope-reorder

bench: servers $(DEVELOPMENT) ## measure against plain nameko and others, as ratios
	@$(BIN)/python -m tests.bench

soak: servers $(DEVELOPMENT) ## run for hours and watch memory, files and queues
	@$(BIN)/python -m pytest -m soak -q --timeout 0

clean: ## remove .venv, caches and build products; data in var/ stay
	@rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(CREATED):
	@python=python3; \
	if python3.11 $(FIT); then python=python3.11; elif ! python3 $(FIT); then deploy/install.sh python3-venv; fi; \
	echo "setup: $(VENV) with $$($$python --version)"; \
	$$python -m venv $(VENV)
	@touch $@

$(REQUIRED): requirements.txt $(CREATED)
	@echo "setup: requirements"
	@$(PIP) install --require-hashes -r requirements.txt
	@touch $@

$(RUNTIME): pyproject.toml requirements.in $(REQUIRED)
	@echo "setup: the ggzy command"
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(DEVELOPMENT): requirements-dev.txt $(RUNTIME)
	@echo "setup: requirements for development"
	@$(PIP) install --require-hashes -r requirements-dev.txt
	@touch $@
