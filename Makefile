# Nomen: `make` says what there is to make.

PYTHON ?= $(shell command -v python3 || command -v python || echo python3)
ENV := .venv/bin/python
BENCH ?= $(patsubst benchmarks/%.py,%,$(filter-out benchmarks/__% benchmarks/soak.py,$(sort $(wildcard benchmarks/*.py))))
PYTEST := -m pytest -n auto --maxprocesses 4 --dist loadgroup --no-loadscope-reorder
# Half of the time of browsers and whole sites is spent waiting: two workers would leave two cores idle.
WAITING := -n 4
FAST := not browser and not process and not training
LOCK := .venv/bin/uv pip compile --quiet
.DEFAULT_GOAL := help
.PHONY: help run dev test test-cluster test-servers test-fast coverage lint audit train bench faults fuzz lighthouse screenshots translations lock install install-dev

help: ## what there is to make
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: install ## start the site on http://127.0.0.1:8000 (PORT=, HOST= and the other settings: README.md)
	@exec $(ENV) -m webapp.server.launch

dev: install ## start one web process on http://127.0.0.1:8000 that follows changes of code and templates (PORT=)
	@$(ENV) -m flask --app wsgi setup
	@exec $(ENV) -m flask --app "webapp:create_app({'TEMPLATES_AUTO_RELOAD': True})" run --reload --host 127.0.0.1 --port $${PORT:-8000}

test: install-dev ## run all tests but those of a million rows, on all cores (ARGS="-k name" for some)
	@exec $(ENV) $(PYTEST) $(WAITING) -m "not million" $(ARGS)

test-cluster: install-dev ## run the tests of several machines, then those of every room with its site on PostgreSQL and Redis (ARGS= as above)
	@$(ENV) -m pytest -n 0 tests/cluster tests/storage tests/runs/test_lost_connections.py tests/maintenance/test_copy_to.py tests/metrics tests/deploy $(ARGS)
	@exec $(MAKE) --no-print-directory test-servers

test-servers: install-dev ## run the tests of every room with its site on PostgreSQL and Redis (ARGS= as above)
	@TESTS_ON=servers exec $(ENV) $(PYTEST) $(WAITING) -m "not browser and not training" tests $(ARGS)

test-fast: install-dev ## run the tests that need no browser, no other process and no training
	@exec $(ENV) $(PYTEST) -m "$(FAST)" $(ARGS)

coverage: install-dev ## run all tests and fail where they reach less than 95% of a package (ARGS= as above)
	@mkdir -p .coverage-data && $(ENV) -m coverage erase
	@$(ENV) -m coverage run $(PYTEST) -m "not million" $(ARGS)
	@$(ENV) -m coverage combine --quiet
	@for package in webapp training; do \
		$(ENV) -m coverage report --include="$$package/*" --fail-under=95 || failed=1; \
	done; exit $${failed:-0}

lint: install-dev ## check style, types, templates and scripts, as the hook before a commit does
	@exec $(ENV) -m pre_commit run --all-files

audit: install-dev ## ask the advisories about every library that is locked (needs the network)
	@exec $(ENV) -m pip_audit --disable-pip --require-hashes -r requirements.txt -r requirements-dev.txt $(ARGS)

train: install ## train a network from the whole corpus (an hour and more on a CPU; ARGS="--preset cpu" for less, "--preset gpu" for a GPU)
	@exec $(ENV) -m training fit --preset full --readers --out instance/trained.safetensors $(ARGS)

bench: install-dev ## measure the site and the network (BENCH=bulk for one of them)
	@for name in $(BENCH); do echo "== $$name"; $(ENV) -m benchmarks.$$name $(ARGS) || exit 1; done

faults: install-dev ## break a site that takes answers 100 times, and count what is lost (ARGS="--rounds 10")
	@exec $(ENV) -m tests.faults $(ARGS)

fuzz: install-dev ## feed a million bad inputs to all that reads what strangers bring (ARGS="--inputs 1000")
	@exec $(ENV) -m tests.fuzz $(ARGS)

lighthouse: install-dev ## let Lighthouse judge six pages as on a phone (needs npx and a Chromium)
	@exec $(ENV) -m tests.lighthouse

screenshots: install-dev ## take all pictures of the docs anew; some minutes, one of them trains (ARGS=gallery: no training)
	@exec $(ENV) -m tests.pictures $(ARGS)

translations: install ## gather the site's texts, and bring every catalogue up to date (docs/languages.md)
	@exec $(ENV) -m flask --app wsgi translations update

lock: install-dev ## write the requirements files anew from pyproject.toml (ARGS="--upgrade" for newest versions)
	@$(LOCK) $(ARGS) --group pyproject.toml:pip --output-file requirements-pip.txt
	@$(LOCK) $(ARGS) pyproject.toml --output-file requirements.txt
	@$(LOCK) $(ARGS) pyproject.toml --group dev --constraints requirements.txt --output-file requirements-dev.txt

install: ## install what serving and training need into .venv, once
	@$(PYTHON) install.py requirements.txt

install-dev: ## install what tests, checks and measurements need too
	@$(PYTHON) install.py requirements-dev.txt
