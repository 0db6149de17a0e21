# On a fresh machine two commands do all the set-up: make run, make test.
.DEFAULT_GOAL := help
N ?= 20000
.PHONY: help run test lint bench contract kills simulate setup clean

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile | expand -t 16

run: ## set up what is missing and open the program; without a display, run its whole day headless
	@scripts/setup run
	@scripts/start

test: ## set up what is missing, then lint, types, layers and every test
	@scripts/setup test
	@scripts/check

lint: ## lint, types and layers only
	@scripts/setup test
	@scripts/check lint

bench: ## measure the program against plain SQL and a bare window; WHAT=sync ROWS=1000000 one figure, of so many rows
	@scripts/setup test
	@.venv/bin/python -m tests.bench $(WHAT) $(if $(ROWS),--rows $(ROWS))

contract: ## send the network service N=20000 cases drawn from its contract, as network and as hub, on both databases
	@scripts/setup test
	@.venv/bin/python -m tests.network $(N)

kills: ## kill the program at every system call of a sync, one that sends and one that receives, and look at what is left (about half an hour on two cores)
	@scripts/setup test
	@.venv/bin/python -m tests.e2e.kills
	@.venv/bin/python -m tests.e2e.kills --pull

simulate: ## play N simulated histories of sync
	@scripts/setup test
	@nice .venv/bin/python -m tests.simulation $(N)

setup: ## set up for running and testing, and nothing else
	@scripts/setup test

clean: ## remove the environment, caches and results; never a ledger outside out/
	@rm -rf .venv build dist out .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache .coverage *.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
