# make lessons   set up .venv and open the first lesson in JupyterLab
# make test      set up .venv and run every test that needs no PyTorch and no GPU
# The other targets are for contributors: see CONTRIBUTING.md.
#
# PYTHON=python3.12 make test                      chooses the interpreter
# make lessons ARGS="--no-browser --port 8899"     passes arguments on to JupyterLab

VENV ?= .venv
PYTHON ?=
WORKERS ?= 2
ARGS ?=
export VENV PYTHON
# Without bytecode, of which pip has written none, Python takes twice as long to start.
unexport PYTHONDONTWRITEBYTECODE
# A learner's own IPython start-up files must not change what a lesson prints.
export IPYTHONDIR = $(CURDIR)/$(VENV)/ipython
# Nor must what somebody has passed: this file is never there.
notebooks outputs: export LESSONKIT_PROGRESS = $(CURDIR)/build/nobody/progress.json

RUN = $(VENV)/bin/python
LESSONS = notebooks/*.ipynb
NBVAL = --nbval --nbval-current-env --nbval-sanitize-with tests/notebooks/sanitize.cfg

.PHONY: lessons test unit notebooks check lint types spelling workflows format outputs browser \
	benchmark cluster-benchmark golden pytorch-lessons book site build release clean

lessons:
	@tools/environment.sh lab
	@$(RUN) -m lessonkit lessons notebooks $(ARGS)

test: NEEDS = test
test: unit notebooks

# The unit tests alone, docstrings' examples included.
NEEDS = unit
unit:
	@tools/environment.sh $(NEEDS)
	$(RUN) -m pytest -n $(WORKERS) $(ARGS)

# Each lesson runs from top to bottom and prints what is stored in it. LIMIT=180 ends them after 180 s.
notebooks:
	@tools/environment.sh test
	$(if $(LIMIT),timeout $(LIMIT)) \
		$(RUN) -m pytest -n $(WORKERS) --dist loadfile $(NBVAL) notebooks $(ARGS) \
		|| { [ $$? = 124 ] && echo "The lessons took more than $(LIMIT) s. Which are slow?" \
		"make notebooks ARGS=--durations=20"; false; }

# Style, types, spelling, and what GitHub reads.
check: lint types spelling workflows

lint:
	@tools/environment.sh dev
	$(RUN) -m ruff check
	$(RUN) -m ruff format --check
	$(RUN) -m nbstripout --keep-output --keep-count --keep-id --verify $(LESSONS)

types:
	@tools/environment.sh dev
	$(RUN) -m mypy

spelling:
	@tools/environment.sh dev
	$(RUN) -m codespell_lib
	$(RUN) tools/spelling.py

SCHEMA = $(RUN) -m check_jsonschema --builtin-schema
workflows:
	@tools/environment.sh dev
	$(SCHEMA) vendor.github-workflows .github/workflows/*.yml
	$(SCHEMA) vendor.dependabot .github/dependabot.yml
	$(SCHEMA) vendor.citation-file-format CITATION.cff
	$(VENV)/bin/zizmor --offline --quiet .github

format:
	@tools/environment.sh dev
	$(RUN) -m ruff check --fix
	$(RUN) -m ruff format

# Run every lesson and store what it shows.
outputs:
	@tools/environment.sh lab
	$(RUN) tools/store_outputs.py $(LESSONS)

# Everything that moves, in a real browser (Chromium); after `make site ARGS=--offline` the pages and
# the lessons in the browser alone, too.
browser:
	@tools/environment.sh lab
	@tools/environment.sh browser
	$(RUN) -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder tests/browser/*_check.py $(ARGS)

# What needs PyTorch has an environment of its own: its speed beside ours, its answers again, and
# every lesson with the one import changed.
benchmark golden pytorch-lessons: VENV = build/venv-pytorch
# Two workers, each of whose PyTorch used both cores, would wait for each other.
golden pytorch-lessons: export OMP_NUM_THREADS = 1
benchmark:
	@tools/environment.sh pytorch
	$(RUN) benchmarks/run.py $(ARGS)

# NumPy beside one and two Dask workers on this machine, on 10^6 to 10^8 rows: some ten minutes.
cluster-benchmark:
	@tools/environment.sh test
	$(RUN) benchmarks/cluster.py $(ARGS)

# The tests that ask PyTorch itself: `make unit` passes over these, and runs all the others.
ASKING = tests/parity tests/viz tests/lessonkit/test_exercises.py -k "not tinygrad_edu"
golden:
	@tools/environment.sh pytorch
	$(RUN) tests/golden/ask.py --check $(ARGS)
	$(RUN) -m pytest -n $(WORKERS) -q $(ASKING)

# Notes which lessons were compared. With CHANGED=1, those that are as they were then are left out.
pytorch-lessons:
	@tools/environment.sh pytorch
	$(RUN) -m pytest -n $(WORKERS) -q tests/notebooks/test_same_in_pytorch.py $(ARGS)
	$(if $(CHANGED),,$(RUN) tests/notebooks/compared.py)

# The lessons, the gallery and the reference as pages: ARGS="html epub pdf" makes all three.
book:
	@tools/environment.sh docs
	$(RUN) tools/book.py $(ARGS)

# The pages, and the edition that runs in the browser beside them. ARGS=--offline puts Pyodide in,
# for tests; without it, a browser fetches Pyodide from its default address.
site:
	@tools/environment.sh docs
	$(RUN) tools/book.py --live
	$(RUN) tools/live.py $(ARGS)

build:
	@tools/environment.sh dev
	$(RUN) -m build

# The package and the book in dist/, checked: what .github/workflows/release.yml publishes.
release:
	@tools/environment.sh dev
	$(RUN) tools/release.py $(ARGS)

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
