# tinysim: `make demo` and `make test` set themselves up in .venv/ and need a C++ compiler, Python 3.11+ and a network.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CORE_SOURCES := $(shell find emulator/core -name '*.cc' -o -name '*.h') CMakeLists.txt pyproject.toml
DEMO_STREAM := models/tap/data/tap_demo.csv
FUZZ_SECONDS ?= 600

.PHONY: demo test lint bench asan fuzz firmware conformance models clean setup setup-dev

setup: build/.installed
setup-dev: build/.installed-dev

build/.venv: pyproject.toml scripts/system_packages.sh
	scripts/system_packages.sh build
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check "scikit-build-core>=0.10" "nanobind>=2.4" "cmake>=3.20" ninja
	mkdir -p build && touch $@

build/.installed: build/.venv $(CORE_SOURCES)
	$(BIN)/pip install --quiet --disable-pip-version-check --no-build-isolation --editable .
	touch $@

build/.installed-dev: build/.installed
	scripts/system_packages.sh test
	$(BIN)/pip install --quiet --disable-pip-version-check --no-build-isolation --editable ".[dev,models]"
	touch $@

demo: setup
	$(BIN)/tinysim run --platform nrf52840 --stream $(DEMO_STREAM) -o build/demo

test: setup-dev
	$(BIN)/python -m pytest -n 2
	$(BIN)/robot --outputdir build/robot --xunit junit.xml --pythonpath emulator robot_tests

lint: setup-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: setup-dev
	$(BIN)/python scripts/bench.py

conformance: setup-dev
	TINYSIM_LONG=1 $(BIN)/python -m pytest emulator/tests/conformance -n 2

asan: setup-dev
	scripts/asan.sh

fuzz: setup-dev
	scripts/fuzz.sh $(FUZZ_SECONDS)

firmware: setup-dev
	$(MAKE) -C firmware prebuilt
	$(MAKE) -C firmware/bench prebuilt

models: setup-dev
	$(BIN)/python -m models.tap.recordings
	$(BIN)/python -m models.tap.train
	$(BIN)/python -m models.tap.export
	$(BIN)/python -m models.tap.evaluate

clean:
	rm -rf build
