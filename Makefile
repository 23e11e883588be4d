# Nomen: `make` says what there is to make.

PYTHON ?= $(shell command -v python3 || command -v python || echo python3)
ENV := .venv/bin/python
BENCH ?= $(patsubst benchmarks/%.py,%,$(filter-out benchmarks/__%,$(sort $(wildcard benchmarks/*.py))))
.DEFAULT_GOAL := help
.PHONY: help run test lint train bench install install-dev

help: ## what there is to make
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: install ## start the site on http://127.0.0.1:8000 (PORT=, HOST= and the other settings: README.md)
	@exec $(ENV) -m webapp.server.launch

test: install-dev ## run all tests (ARGS="-k name" for some)
	@exec $(ENV) -m pytest $(ARGS)

lint: install-dev ## check style and types
	@$(ENV) -m ruff check . && $(ENV) -m ruff format --check . && $(ENV) -m mypy

train: install ## train a network from the whole corpus (a minute on a GPU, hours on a CPU; ARGS="--preset cpu")
	@exec $(ENV) -m training fit --preset full --out instance/trained.safetensors $(ARGS)

bench: install-dev ## measure the site and the network (BENCH=bulk for one of them)
	@for name in $(BENCH); do echo "== $$name"; $(ENV) -m benchmarks.$$name $(ARGS) || exit 1; done

install:
	@$(PYTHON) install.py requirements.txt

install-dev:
	@$(PYTHON) install.py requirements-dev.txt
