# Set-up and daily work. `make demo` and `make test` do all they need on a fresh machine.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# Another runner may stand here, for example RUN="uv run".
RUN ?= PATH="$(abspath $(BIN)):$$PATH"
OUT ?= out

.PHONY: demo setup system check format test bench score wheel clean

demo: $(BIN)/structure  ## convert a shipped scan and say where the result is
	mkdir -p $(OUT)
	$(RUN) structure convert examples/scanned-letter.pdf -o $(OUT)/scanned-letter.docx \
		-o $(OUT)/scanned-letter.html --visualize $(OUT)/pages
	@echo "open $(OUT)/scanned-letter.docx"

$(BIN)/structure: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

$(VENV)/.dev: pyproject.toml $(BIN)/structure
	$(BIN)/python -m pip install --quiet --group dev
	touch $@

setup: $(VENV)/.dev  ## everything for development

system:  ## poppler, LibreOffice and fonts, where apt-get can install them
	sh scripts/install_system_packages.sh

check: $(VENV)/.dev  ## style, types, imports
	$(RUN) ruff format --check .
	$(RUN) ruff check .
	$(RUN) mypy
	$(RUN) lint-imports

format: $(VENV)/.dev
	$(RUN) ruff format .
	$(RUN) ruff check --fix .

test: system $(VENV)/.dev  ## all tests
	$(RUN) python -m pytest

bench: $(VENV)/.dev  ## speed, as ratios within one run
	$(RUN) python -m benchmarks.speed

score: system $(VENV)/.dev  ## how well documents are restored; pictures of the worst five in out/score
	$(RUN) python -m benchmarks.accuracy.restoration --track oracle --pictures $(OUT)/score

wheel: $(VENV)/.dev  ## build the wheel and look into it
	rm -rf dist
	$(RUN) python -m build --wheel --outdir dist .
	$(RUN) check-wheel-contents dist

clean:
	rm -rf dist $(OUT) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
