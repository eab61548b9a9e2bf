# Two commands are enough: `make run` and `make test`.
# The distribution's Python before another one on the path: built with profile optimisation, it needs two thirds of the
# time of one compiled by hand without it (docs/performance.md).
PYTHON ?= $(shell /usr/bin/python3 -c 'import sys, venv, ensurepip; print(sys.executable if sys.version_info >= (3, 11) else "python3")' \
	2>/dev/null || echo python3)
PY := .venv/bin/python
# Tests and checks have a data folder of their own and never touch the database of `make run`.
CLEAN := env -u DATABASE_URL -u KC_DEMO -u PYTHONDONTWRITEBYTECODE KC_DATA_DIR=$(CURDIR)/build/data
PYTEST := $(CLEAN) $(PY) -m pytest
LOCK := .venv/bin/uv pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes --no-header \
	--no-emit-index-url --no-emit-find-links
DOMAIN = $(filter-out khuyencong/web khuyencong/tools khuyencong/__pycache__,$(patsubst %/,%,$(wildcard khuyencong/*/)))

.DEFAULT_GOAL := help
.PHONY: help run env env-dev assets test test-postgres test-browser check check-format check-lint check-floors \
	check-types check-migrations check-tables check-messages check-templates format bench bench-postgres messages compilemessages lock clean

help:  ## what can be asked
	@sed -n 's/^\([a-z-]*\):.*##  *\(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

run: env assets  ## the system with demonstration data on http://127.0.0.1:8000 (KC_PORT for another port)
	@KC_DEMO=1 $(PY) manage.py run

env:
	@$(PYTHON) scripts/environment.py run

env-dev:
	@$(PYTHON) scripts/environment.py dev

assets: env  ## fonts, styles and scripts of others, from package-lock.json
	@$(PY) scripts/assets.py

test: env-dev  ## all tests but those of the browser, on SQLite in memory
	@$(PYTEST) -n 2 --dist loadfile --no-loadscope-reorder

test-postgres: env-dev  ## the same on PostgreSQL: DATABASE_URL, or a throw-away cluster
	@$(PY) scripts/postgres.py env -u KC_DEMO -u PYTHONDONTWRITEBYTECODE KC_DATA_DIR=$(CURDIR)/build/data $(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder

test-browser: env-dev assets  ## the journeys that need a browser, with Chromium
	@DJANGO_ALLOW_ASYNC_UNSAFE=true $(PYTEST) tests/browser

check: check-format check-lint check-floors check-types check-migrations check-tables check-messages check-templates  ## everything that is not a test

check-format: env-dev
	$(PY) -m ruff format --check .

check-lint: env-dev
	$(PY) -m ruff check .

check-floors: env-dev
	$(CLEAN) .venv/bin/lint-imports

check-types: env-dev
	$(CLEAN) $(PY) -m mypy $(DOMAIN)

check-migrations: env-dev
	$(CLEAN) $(PY) manage.py makemigrations --check --dry-run

check-tables: env-dev
	$(PY) scripts/tables.py

check-messages: env-dev
	$(PY) scripts/messages.py check

check-templates: env-dev
	.venv/bin/djlint khuyencong/web/templates --lint --quiet

format: env-dev  ## write the code as ruff would
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

bench: env-dev assets  ## measure against 50,000 projects and 300,000 establishments, in a database of its own
	@env -u DATABASE_URL -u KC_DEMO KC_DATA_DIR=$(CURDIR)/build/bench $(PY) -m benchmarks

bench-postgres: env-dev assets  ## the same on PostgreSQL: beside DATABASE_URL, or in a throw-away cluster
	@$(PY) scripts/postgres.py env -u KC_DEMO KC_DATA_DIR=$(CURDIR)/build/bench $(PY) -m benchmarks

messages: env-dev  ## bring the English catalogue up to the code
	$(PY) scripts/messages.py update

compilemessages: env-dev  ## compile the catalogues
	$(PY) scripts/messages.py compile

lock: env-dev  ## resolve the dependencies of pyproject.toml and package.json again
	$(LOCK) pyproject.toml -o requirements.lock
	$(LOCK) pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock
	$(LOCK) --group bootstrap -o requirements-bootstrap.lock
	$(LOCK) --group node -o requirements-node.lock
	npm install --package-lock-only --ignore-scripts

clean:  ## all that was made here, the data in var/ excepted
	rm -rf .venv node_modules build khuyencong/web/static/vendor .pytest_cache .ruff_cache .mypy_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
