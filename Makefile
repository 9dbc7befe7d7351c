# The only entry to learn. `make` alone lists what there is.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules --no-print-directory

PYTHON ?= python3
WORKERS ?= 2
BIN := .venv/bin
SAY := tools/quiet.sh
export PYTHON
# Where it is set, every process of the product compiles the whole product anew when it starts.
unexport PYTHONDONTWRITEBYTECODE

# A client is stale when one of these is newer than its stamp.
WEB_SOURCES := $(shell find web -type d \( -name node_modules -o -name dist -o -name coverage \) -prune -o -type f -print 2>/dev/null)

##@ Use
.PHONY: run
run: .state/client ## Install, build and serve at http://localhost:8420 (Ctrl-C stops everything)
	@exec $(BIN)/antiphon serve $(ARGS)

.PHONY: doctor
doctor: .state/product ## Say what is wrong with this machine or its data, and what to do
	@exec $(BIN)/antiphon doctor

.PHONY: wheel
wheel: .state/client ## Build dist/*.whl, the whole product in one file
	@$(SAY) "Building the wheel" $(BIN)/pip wheel --no-deps --no-build-isolation --wheel-dir dist .
	@ls dist/*.whl

##@ Check
.PHONY: test
test: .state/dev .state/client ## Every test: Python, browser journeys, web units
	@$(BIN)/pytest -n $(WORKERS) -q -rs $(ARGS)
	@$(BIN)/python tools/web_client.py npm run --silent test

CHECKS := check-format check-lint check-types check-imports check-house check-generated check-web
.PHONY: check $(CHECKS)
check: $(CHECKS) ## Formatters, linters, types, import contracts, house lint, generated files (-k shows all that fails)
$(CHECKS): .state/dev .state/node_modules
check-format:
	@$(SAY) "Format" $(BIN)/ruff format --check --quiet .
check-lint:
	@$(SAY) "Lint" $(BIN)/ruff check --quiet .
check-types:
	@$(SAY) "Types" $(BIN)/mypy
check-imports:
	@$(SAY) "Import contracts" $(BIN)/lint-imports --no-cache --no-logo
check-house:
	@$(SAY) "House lint" $(BIN)/python -m tools.house_lint
check-generated:
	@$(SAY) "Generated files" $(BIN)/python -m tools.generated --check
check-web:
	@$(SAY) "Web" $(BIN)/python tools/web_client.py npm run --silent check

.PHONY: fix
fix: .state/dev .state/node_modules ## Format, and mend what the linters can mend
	@$(BIN)/ruff check --quiet --fix . ; $(BIN)/ruff format --quiet .
	@$(BIN)/python tools/web_client.py npm run --silent format -- --log-level=warn

.PHONY: generate
generate: .state/dev .state/node_modules ## Write the OpenAPI document, the web client's types and docs/reference anew
	@$(SAY) "Generated files" $(BIN)/python -m tools.generated

.PHONY: bench
bench: .state/dev .state/client ## Measure: upload to playable, latencies, range reads, starts, memory
	@exec $(BIN)/python -m benchmarks $(ARGS)

##@ Develop
.PHONY: dev
dev: .state/dev .state/client ## Server that reloads on change, and Vite's dev server for the client
	@$(MAKE) -j2 dev-server dev-web

.PHONY: dev-server
dev-server: .state/dev
	@exec $(BIN)/watchfiles --filter python "$(BIN)/antiphon serve $(ARGS)" src/antiphon

.PHONY: dev-web
dev-web: .state/node_modules
	@exec $(BIN)/python tools/web_client.py npm run --silent dev

.PHONY: lock
lock: .state/dev ## Resolve the dependencies of pyproject.toml anew into requirements*.lock
	@$(SAY) "Resolving" tools/lock.sh

.PHONY: clean
clean: ## Remove everything that was built or installed; the data folder stays
	@rm -rf .state .venv dist artefacts web/dist web/node_modules src/antiphon/entry/http/client
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find src tests tools benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

##@ Help
.PHONY: help
help: ## This list
	@awk 'BEGIN { FS = ":.*## " } \
		/^##@ / { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

# What follows are stamps: each is newer than all it was made from, or it is made again.
.venv/pyvenv.cfg:
	@$(SAY) "Making .venv" tools/make_venv.sh

.state/python: requirements.lock .venv/pyvenv.cfg
	@mkdir -p .state
	@$(SAY) "Installing Python packages" $(BIN)/pip install --quiet --no-input --require-hashes -r requirements.lock
	@touch $@

.state/product: pyproject.toml hatch_build.py .state/python
	@$(SAY) "Installing Antiphon" $(BIN)/pip install --quiet --no-input --no-deps --no-build-isolation -e .
	@touch $@

.state/dev: requirements-dev.lock .state/product
	@$(SAY) "Installing test tools" $(BIN)/pip install --quiet --no-input --require-hashes -r requirements-dev.lock
	@touch $@

.state/node_modules: web/package-lock.json .state/python
	@$(SAY) "Installing web packages" $(BIN)/python tools/web_client.py install
	@touch $@

.state/client: $(WEB_SOURCES) tools/web_client.py .state/product .state/node_modules
	@$(SAY) "Building the web client" $(BIN)/python tools/web_client.py build
	@touch $@
