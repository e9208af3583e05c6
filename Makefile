# One word does each thing; `make help` lists them. ARGS is passed on: make test ARGS="-k estimate"
ROOT := $(dir $(lastword $(MAKEFILE_LIST)))
PYTHON3 ?= python3
PYTHON := .venv/bin/python
POSTGRES := postgresql://127.0.0.1:5432/postgres
IN := cd "$(ROOT)" &&

# The name of the stamp is a sum of all that the environment rests on, so that only a change sets up again.
SUM := $(shell $(IN) { pwd; cat requirements.lock pyproject.toml; } | cksum | cut -d' ' -f1)
STAMP := $(ROOT).venv/ready-$(SUM)

# uv knows nothing of pip's configuration (a mirror, say): where it fails, pip tries.
# An environment without a pip of its own is filled by the pip of the interpreter that made it.
define install
@$(IN) if command -v uv >/dev/null && uv pip install --quiet --python $(PYTHON) $(1); then :; \
elif $(PYTHON) -c 'import pip' 2>/dev/null; then $(PYTHON) -m pip install --quiet --disable-pip-version-check $(1); \
else $(PYTHON3) -m pip --python $(PYTHON) install --quiet --disable-pip-version-check $(1); fi
endef

.PHONY: help setup run test test-postgres check bench lock
.DELETE_ON_ERROR:

help: ## show this list
	@$(IN) sed -n 's/^\([a-z-]*\):.*## /  make \1	/p' Makefile

setup: $(STAMP) ## prepare .venv and the catalogues (seconds when nothing changed)
	@$(IN) $(PYTHON) -m locales.compile

$(STAMP):
	@$(PYTHON3) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	|| { echo "Python 3.11 or newer is needed; name one with PYTHON3=python3.11" >&2; exit 1; }
	@echo "Setting up .venv (a minute the first time)"
	@$(IN) { $(PYTHON) -c '' 2>/dev/null \
	|| $(PYTHON3) -m venv --clear .venv >/dev/null 2>&1 \
	|| $(PYTHON3) -m venv --clear --without-pip .venv; }
	$(call install,--require-hashes -r requirements.lock)
	$(call install,--no-deps --no-build-isolation -e .)
	@rm -f "$(ROOT)".venv/ready-* && touch "$@"

run: setup ## open the demo on http://127.0.0.1:8080
	@$(IN) exec $(PYTHON) -m bot demo $(ARGS)

test: setup ## run all tests, those of storage on SQLite and PostgreSQL
	@$(IN) $(PYTHON) -m pytest -n 2 --dist loadfile $(ARGS)

# What has nothing to do with a database, or is tested on both in any case, is left out.
NO_DATABASE := dialogs engine handlers locales storage talk/test_fuzz.py telegram test_architecture.py
test-postgres: export EKESCO_TEST_DATABASE_URL := $(or $(EKESCO_TEST_POSTGRES_URL),$(POSTGRES))
test-postgres: setup ## run all that need a database on PostgreSQL (EKESCO_TEST_POSTGRES_URL names the server)
	@$(IN) $(PYTHON) -m pytest -n 2 --dist loadfile $(NO_DATABASE:%=--ignore=tests/%) $(ARGS)

check: setup ## lint, format, types, catalogues, dialogs
	@$(IN) $(PYTHON) -m ruff check .
	@$(IN) $(PYTHON) -m ruff format --check .
	@$(IN) $(PYTHON) -m mypy
	@$(IN) $(PYTHON) -m locales.check
	@$(IN) $(PYTHON) -m bot check

bench: setup ## measure turns a second, memory and start-up
	@$(IN) $(PYTHON) -m benchmarks $(ARGS)

lock: ## choose the newest versions that go together (needs uv)
	@$(IN) uv pip compile --quiet --universal --python-version 3.11 --upgrade --generate-hashes \
	--no-annotate --no-header requirements-dev.in --output-file requirements.lock
