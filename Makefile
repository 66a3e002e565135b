PYTHON ?= python3

.PHONY: run quick test full settings lint format bench load audit requirements help-pictures

# The site with its sample data on http://127.0.0.1:8000.
run: export DEBUG = true
run: .venv/installed
	.venv/bin/python manage.py migrate
	.venv/bin/python manage.py load_sample
	.venv/bin/python manage.py runserver 127.0.0.1:8000

# While working: lint, and the tests without a browser and without what is marked slow. Two minutes.
quick: export DEBUG = true
quick: lint
	$(PYTEST) -m "not (browser or slow or full)"

# Before a commit, and what CI runs: everything once, and on PostgreSQL what may differ there. Some ten minutes.
test: export DEBUG = true
test: lint settings
	$(PYTEST) -m "not full"
	$(ON_POSTGRES) -m "postgres and not full"

# Before a change is called done: all examples, all screens, and on PostgreSQL all that asks the database. An hour.
full: export DEBUG = true
full: lint settings
	$(PYTEST) --hypothesis-profile=full
	$(ON_POSTGRES) --hypothesis-profile=full -m "database and not browser"

# Tests that begin in the same world follow each other on one worker.
PYTEST = env -u DATABASE_URL .venv/bin/pytest -n auto --dist worksteal
ON_POSTGRES = .venv/bin/python -m tests.postgres .venv/bin/pytest -n auto --dist worksteal

settings: .venv/installed-dev
	.venv/bin/python manage.py makemigrations --check --dry-run
	export DEBUG=false ALLOWED_HOSTS=localhost SECRET_KEY=$$(.venv/bin/python -c "import secrets; print(secrets.token_hex())"); \
		.venv/bin/python manage.py collectstatic --noinput --verbosity 0 && \
		.venv/bin/python manage.py check --deploy --fail-level WARNING

lint: .venv/installed-dev
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/lint-imports --no-cache --no-logo
	.venv/bin/ast-grep scan --rule browsers.yml --report-style short tokku/static

format: .venv/installed-dev
	.venv/bin/ruff check --fix
	.venv/bin/ruff format

bench: export DEBUG = true
bench: .venv/installed
	.venv/bin/python manage.py migrate --verbosity 0
	.venv/bin/python manage.py bench

# The day of the deadline: 297 officials in 150 seconds and in 600, on PostgreSQL behind nginx. Needs the machine for itself.
load: .venv/installed-dev
	.venv/bin/python -m tests.postgres .venv/bin/python -m tests.load 150
	.venv/bin/python -m tests.postgres .venv/bin/python -m tests.load 600

# The pictures of 使い方 (tokku/static/help/), taken anew from the sample. Look at them before committing.
help-pictures: export DEBUG = true
help-pictures: .venv/installed-dev
	env -u DATABASE_URL HELP_PICTURES=renew .venv/bin/pytest -q tests/test_help_browser.py

# The locked lists, from the .in files. Releases already in a list are kept; delete the list for newer ones.
COMPILE = .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --custom-compile-command "make requirements"
requirements: .venv/bin/uv
	$(COMPILE) requirements.in -o requirements.txt
	$(COMPILE) requirements-dev.in -c requirements.txt -o requirements-dev.txt

# Known weaknesses of what is installed. Needs the network: it asks the advisories of the package index.
audit: .venv/bin/uv
	.venv/bin/uv tool run pip-audit --strict --disable-pip --require-hashes -r requirements.txt
	.venv/bin/uv tool run pip-audit --strict --disable-pip --require-hashes -r requirements-dev.txt

# Each is touched when its list has been installed, so that nothing is installed twice.
.venv/installed: requirements.txt | .venv/bin/pip
	.venv/bin/pip install --quiet --require-hashes -r $<
	touch $@

.venv/installed-dev: requirements-dev.txt | .venv/bin/pip
	.venv/bin/pip install --quiet --require-hashes -r $<
	touch $@

.venv/bin/uv: | .venv/bin/pip
	.venv/bin/pip install --quiet uv

.venv/bin/pip:
	$(PYTHON) -m venv .venv
