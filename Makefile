# The commands of this repository; `make help` lists them. The steps are in scripts/, one file each.
.DEFAULT_GOAL := help
.PHONY: help setup assets build run test soak bench fmt watch gallery
MAKEFLAGS += --no-print-directory --no-builtin-rules
SHELL := bash

export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD = 1
# Where cargo builds; the release binary is copied to target/release/lobby in any case.
CARGO_TARGET := $(or $(CARGO_TARGET_DIR),$(CARGO_BUILD_TARGET_DIR),target)
LOBBY := target/release/lobby
# The binary of `make run` and `make gallery`: built in half the time, slightly slower.
QUICK := $(CARGO_TARGET)/quick/lobby
NODE_MODULES := end2end/node_modules/.installed

help: ## show this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## /{printf "make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: need-programs $(NODE_MODULES) ## install toolchain and npm packages
	@node scripts/setup.mjs

assets: setup ## build the browser's assets into target/site
	@node scripts/assets.mjs

build: assets ## build target/release/lobby, one file with embedded assets
	cargo build --release -p server --bin lobby
	@if [ ! "$(CARGO_TARGET)" -ef target ]; then mkdir -p target/release && cp -f "$(CARGO_TARGET)/release/lobby" $(LOBBY); fi

.PHONY: quick
quick: assets
	cargo build --profile quick -p server --bin lobby

run: quick ## build, load the demo bank once, serve it on http://127.0.0.1:3000
	@mkdir -p data
	$(QUICK) demo
	exec $(QUICK) serve

test: setup ## run every check, stop at the first that fails; `make test PARTS="compile tests"` runs some
	@node scripts/test.mjs $(PARTS)

soak: setup ## run random walks, races and property tests in full with a new seed; `make test` runs a tenth of them
	@LOBBY_SOAK=1 node scripts/test.mjs compile tests

bench: build ## measure the budgets: sizes, times, bookings per second on both engines
	@scripts/with-postgres.sh --durable node scripts/bench.mjs

fmt: ## format the Rust code
	cargo fmt --all

watch: setup ## serve the demo bank, rebuild and restart on every change
	@node scripts/watch.mjs

gallery: quick ## serve every component with its examples on http://127.0.0.1:3000/ui
	@mkdir -p data
	$(QUICK) demo
	exec $(QUICK) serve --gallery

.PHONY: need-programs
need-programs:
	@for program in cargo cc node npm; do \
	  command -v $$program >/dev/null || { echo "make needs $$program: install rustup, a C compiler and Node 20 first" >&2; exit 1; }; \
	done
	@node -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 20 ? 0 : 1)' || { echo "make needs Node 20 or later" >&2; exit 1; }

# Without install scripts: no package needs one, and Playwright's would download a browser.
$(NODE_MODULES): end2end/package.json end2end/package-lock.json
	npm --prefix end2end ci --ignore-scripts --no-audit --no-fund
	@touch $@
