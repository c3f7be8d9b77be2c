# Python 3.11 and make are all that is needed; everything else goes into .venv and var/.
PYTHON := $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install --disable-pip-version-check --quiet --constraint requirements.lock

.PHONY: setup serve test lint eval bench clean
.DEFAULT_GOAL := setup

setup: .venv/installed ## Install everything and unpack the models
	@$(BIN)/qa setup
	@touch .venv/prepared

serve: .venv/prepared ## Serve the archive, with the sample articles where it is empty
	@$(BIN)/qa index add --if-empty samples
	@exec $(BIN)/qa serve

test: .venv/installed-dev lint ## Check and test everything
	@$(BIN)/qa setup
	$(BIN)/pytest

lint: .venv/installed-dev
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports

eval: .venv/installed-dev ## Quality; needs DATA=FOLDER (see docs/evaluation.md)
	@test -n "$(DATA)" || { echo "Name the folder of the evaluation data: make eval DATA=FOLDER" >&2; exit 1; }
	$(BIN)/python -m evaluation.reading --data "$(DATA)" --noisy
	$(BIN)/python -m evaluation.retrieval --data "$(DATA)" --archive "$(DATA)/wikinews_archive" --work var/evaluation
	$(BIN)/python -m evaluation.archive_questions --questions "$(DATA)/wikinews_archive/dev.jsonl" \
		--articles "$(DATA)/wikinews_archive/articles.jsonl"

bench: .venv/installed-dev ## Speed; on the samples, or in full with DATA=FOLDER
	$(BIN)/python -m benchmarks.run $(if $(DATA),--data "$(DATA)",--quick)

clean: ## Remove what was built; the archive in var/ stays
	rm -rf .venv build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache var/models
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/bin/python:
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null || \
		{ echo "Python 3.11 is needed and was not found; install it so that python3.11 is on the PATH." >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip' 2>/dev/null || \
		{ echo "Python's venv module is incomplete; on Debian and Ubuntu: apt-get install python3.11-venv." >&2; exit 1; }
	"$(PYTHON)" -m venv .venv || { rm -rf .venv; exit 1; }

.venv/installed: pyproject.toml requirements.lock | .venv/bin/python
	@echo "Installing (a few minutes the first time) ..."
	$(INSTALL) --editable .
	@touch $@

# Only a first start waits for this; `qa serve` itself finds models that are gone and unpacks them again.
.venv/prepared: .venv/installed
	@$(BIN)/qa setup
	@touch $@

.venv/installed-dev: .venv/installed
	$(INSTALL) --editable '.[dev]'
	@touch $@
