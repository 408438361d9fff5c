# make demo    set everything up, train on the sample corpus, evaluate, translate
# make test    set everything up and run the tests
# make check   linters, formatting and types, as CI runs them
# make sample  write the sample corpus anew
# make golden  write anew what the shipped model translates tests/golden/ to; only for a new model

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
TRANSLATOR := $(BIN)/python -m translator
DEMO := checkpoints/demo
# most modules are never used: those that are get compiled when they are
INSTALL := $(BIN)/python -m pip install --no-compile --quiet --disable-pip-version-check --constraint constraints.txt
# by path: a script beside this folder, which has the package's name, finds the package all the same
EDITABLE := --config-settings editable_mode=compat --editable

.PHONY: setup demo test check sample golden clean
.DELETE_ON_ERROR:

setup: $(VENV)/installed

$(VENV)/python: Makefile
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "translator needs Python 3.11 or later; name one with make PYTHON=…")'
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/installed: $(VENV)/python pyproject.toml constraints.txt
	@echo "Installing translator and its libraries into $(VENV)/ (a minute or two)"
	$(INSTALL) $(EDITABLE) .
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed
	@echo "Installing the tools for development"
	$(INSTALL) $(EDITABLE) '.[dev]'
	@touch $@

demo: $(VENV)/installed
	@rm -rf $(DEMO)
	$(TRANSLATOR) train --train data/sample/train.tsv --dev data/sample/dev.tsv \
	    --source en --target fr --out $(DEMO) --preset sample
	@sh data/demo.sh $(TRANSLATOR)

test: $(VENV)/installed-dev
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder $(ARGS)

check: $(VENV)/installed-dev
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy

sample: $(VENV)/installed
	$(BIN)/python -m data.sample_corpus --out data/sample

golden: $(VENV)/installed
	set -e; for pair in en-fr fr-en; do \
	    file=tests/golden/$$pair.tsv; \
	    cut -f 1 $$file > $$file.source; \
	    $(TRANSLATOR) translate --model checkpoints/en-fr --source $${pair%-*} --engine torch \
	        --set decoding.device=cpu --input $$file.source --output $$file.target; \
	    paste $$file.source $$file.target > $$file; \
	    rm $$file.source $$file.target; \
	done

clean:
	rm -rf $(VENV) $(DEMO) build *.egg-info .pytest_cache .mypy_cache .ruff_cache
