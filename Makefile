# Clary's habits: `make` lists them. Everything that is downloaded or built lies in .build/ and .clary/.

SHELL := /bin/bash
SWIFT_FLAGS := -c release
CLARY := .build/release/clary
E2E := .clary/venv/e2e/bin

.PHONY: help setup build demo test test-unit test-runtime test-e2e fuzz fuzz-asan soak bench lint format generate lock

help:  ## List the targets.
	@awk -F':.*##  *' '/^[a-z-]+:.*##/ { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

setup:  ## Install what is missing: system packages, uv, libxgboost, the Python environment of the tests.
	@Tools/setup.sh

build: setup  ## Build clary (the first time compiles some 900 files: 10 to 20 minutes on two cores).
	@Tools/build.sh $(SWIFT_FLAGS)

demo: build  ## Train, deploy and predict on real data with the SageMaker SDK, start to end.
	@Examples/demo.sh

test: test-unit test-runtime test-e2e  ## Run every test: Swift Testing beside each target, then pytest of the Python inside containers and with real clients.

test-unit: build
	@Tools/say.sh "Running the unit tests"
	@Tools/test.sh $(SWIFT_FLAGS) --disable-testable-imports

test-runtime: build
	@Tools/setup.sh tests
	@Tools/say.sh "Running the tests of what runs inside containers"
	@$(E2E)/python -m pytest Tests/RuntimeTests

test-e2e: build
	@Tools/setup.sh tests
	@Tools/say.sh "Running the end-to-end tests"
	@$(E2E)/python -m pytest Tests/EndToEnd

fuzz: build  ## Feed a million damaged documents to every reader (CLARY_FUZZ_ROUNDS, CLARY_FUZZ_SEED).
	@CLARY_FUZZ_ROUNDS=$${CLARY_FUZZ_ROUNDS:-1000000} Tools/test.sh $(SWIFT_FLAGS) --disable-testable-imports --filter FuzzTests

fuzz-asan: setup  ## The same under AddressSanitizer, a hundred thousand to every reader (CLARY_FUZZ_SEED).
	@Tools/fuzz-asan.sh

soak: build  ## Kill the worker 2,000 times under a mix of calls (CLARY_SOAK_ROUNDS, CLARY_SOAK_SEED), then stream a terabyte.
	@Tools/setup.sh tests
	@CLARY_SOAK_ROUNDS=$${CLARY_SOAK_ROUNDS:-2000} $(E2E)/python -m pytest Tests/EndToEnd/test_survival.py -k whatever
	@CLARY_SOAK_ROUNDS=$${CLARY_SOAK_ROUNDS:-2000} $(E2E)/python -m pytest Tests/EndToEnd/test_synthetic_store.py \
		Tests/EndToEnd/test_s3_large.py Tests/EndToEnd/test_s3_clients.py -k "terabyte or thousand or 256"

bench: build  ## Measure against references; prints a table and writes Benchmarks/RESULTS.md.
	@Benchmarks/run.sh

lint: setup  ## Check formatting, Python, shell scripts, and that generated code is current.
	@Tools/lint.sh

format:  ## Format the Swift and Python sources in place.
	@swift format --in-place --recursive Sources Tests Package.swift
	@$(E2E)/ruff format Tests Examples Tools Benchmarks Python
	@$(E2E)/ruff check --fix Tests Examples Tools Benchmarks Python

generate: setup  ## Write the generated Swift sources anew: the API's shapes, the Python programs.
	@$(E2E)/python Tools/generate/generate.py
	@$(E2E)/python Tools/generate/embed.py

lock: setup  ## Resolve Tests/EndToEnd/requirements.in into its lock file.
	@Tools/lock.sh
