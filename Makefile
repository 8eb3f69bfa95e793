# make run    install what the app needs into .venv and start it (ARGS="--server.port 8600" is handed on)
# make test   format, lint, types, unit tests, slow tests, browser tests
# make check  the same without the last two: under 90 s on two cores
# make bench  the figures of the README, one script after the other
# make browsers  every page in a Firefox and a WebKit: a smoke test, which make test leaves out
# make audit  known vulnerabilities of what is installed; asks a server in the network
# make clean  remove .venv and all caches
# Another Python: make run PYTHON=/path/to/python. Another browser: make test CHROMIUM=/path/to/chromium.

# Every path is relative, so that the folder may have a space in its name.
PY := .venv/bin/python
PIP := $(PY) -m pip --disable-pip-version-check
PYTHON ?=
ARGS ?=
export TF_CPP_MIN_LOG_LEVEL ?= 3

.PHONY: help run test check lint types unit slow browser browsers bench audit clean
.NOTPARALLEL:
.DEFAULT_GOAL := help

help:
	@sed -n '/^# make/s/^# //p' Makefile

run: .venv/app.stamp
	@$(PY) -m streamlit run streamlit_app.py --server.showEmailPrompt false $(ARGS)

test: check slow browser

check: lint types unit

lint: .venv/dev.stamp
	@echo "== ruff"
	@$(PY) -m ruff format --check --quiet . || { echo "To format: $(PY) -m ruff format ." >&2; exit 1; }
	@$(PY) -m ruff check --quiet .

types: .venv/dev.stamp
	@echo "== mypy"
	@$(PY) -m mypy --no-error-summary .

unit: .venv/dev.stamp
	@echo "== unit tests"
	@$(PY) -m pytest -q -m "not browser and not slow and not other_browsers" -n auto --maxprocesses 4

slow: .venv/dev.stamp
	@echo "== slow tests: real trainings and processes"
	@$(PY) -m pytest -q -m slow

browser: .venv/dev.stamp
	@echo "== browser tests"
	@CHROMIUM="$$(sh tests/browser/find_chromium.sh $(PY))" && export CHROMIUM && \
	$(PY) -m pytest -q -m browser -n 2 --dist loadfile tests/browser

browsers: .venv/dev.stamp
	@echo "== Firefox and WebKit"
	@sh tests/other_browsers/find.sh && $(PY) -m pytest -q -rs -m other_browsers tests/other_browsers

bench: .venv/dev.stamp
	@CHROMIUM="$$(sh tests/browser/find_chromium.sh $(PY))" && export CHROMIUM && \
	for script in $$(grep -l __main__ benchmarks/*.py); do \
		echo "== $$script"; \
		$(PY) -m "benchmarks.$$(basename "$$script" .py)" || exit; \
	done

audit: .venv/app.stamp
	@test -x .venv/audit/bin/pip-audit || { \
		$(PY) -m venv .venv/audit && .venv/audit/bin/python -m pip install --quiet "pip-audit>=2.9,<3"; } || \
		{ echo "Nothing was audited: pip-audit could not be installed, which needs a network." >&2; exit 1; }
	@if .venv/audit/bin/pip-audit --strict --progress-spinner off \
		--path "$$($(PY) -c 'import sysconfig; print(sysconfig.get_path("purelib"))')" > .venv/audit/report 2>&1; then \
		cat .venv/audit/report; \
	elif cat .venv/audit/report && grep -q 'Found [0-9].* known vulnerabilit' .venv/audit/report; then \
		echo "The packages above have known vulnerabilities: raise their pins in requirements.txt." >&2; exit 1; \
	else \
		echo "Nothing was audited: the server that knows the vulnerabilities gave no answer for these packages." >&2; exit 1; \
	fi

clean:
	@rm -rf .venv .pytest_cache .ruff_cache .mypy_cache .hypothesis test-results
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp is newer than the requirements it was installed from; a broken or half-made .venv has none.
.venv/app.stamp: requirements.txt $(PY)
	@echo "Installing requirements.txt into .venv (the first time takes a few minutes)"
	@$(PIP) install --quiet -r requirements.txt && $(PIP) check
	@touch $@

.venv/dev.stamp: requirements-dev.txt requirements-cluster.txt requirements.txt $(PY)
	@echo "Installing requirements-dev.txt into .venv (the first time takes a few minutes)"
	@$(PIP) install --quiet -r requirements-dev.txt && $(PIP) check
	@touch .venv/app.stamp $@

# The first Python that really runs (a pyenv shim may not), has the right version and can make an environment.
$(PY):
	@for python in $(if $(PYTHON),"$(PYTHON)",python3.12 python3.11 python3.13 python3); do \
		"$$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null || continue; \
		found="$$python"; \
		"$$python" -c 'import ensurepip, venv' 2>/dev/null || continue; \
		echo "Making .venv with $$("$$python" --version)"; \
		exec "$$python" -m venv --clear .venv; \
	done; \
	if [ -n "$$found" ]; then \
		echo "$$found cannot make a virtual environment: its module venv is missing (on Debian and Ubuntu: apt install python3-venv)." >&2; \
	elif [ -n "$(PYTHON)" ]; then \
		echo "$(PYTHON) is not a Python 3.11, 3.12 or 3.13 that runs." >&2; \
	else \
		echo "No Python 3.11, 3.12 or 3.13 found on the PATH: install one, or name it: make run PYTHON=/path/to/python" >&2; \
	fi; exit 1
