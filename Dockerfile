# syntax=docker/dockerfile:1

# --- Build: dependencies, and static files compressed once ---------------------
FROM python:3.13-slim-bookworm AS build
ENV PYTHONDONTWRITEBYTECODE=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /site
COPY requirements/uv.lock requirements/production.lock requirements/
RUN pip install --no-cache-dir --require-hashes --no-deps -r requirements/uv.lock \
    && uv venv /venv \
    && VIRTUAL_ENV=/venv uv pip install --no-cache --require-hashes -r requirements/production.lock
COPY . .
RUN SECRET_KEY=only-while-building BUILD_STATIC=1 STATIC_ROOT=/static \
    /venv/bin/python manage.py collectstatic --no-input --verbosity 0 \
    && /venv/bin/python -m compileall -q /site /venv

# --- Run -------------------------------------------------------------------------
FROM python:3.13-slim-bookworm
RUN useradd --system --user-group --uid 10001 --home-dir /site --shell /usr/sbin/nologin site \
    && install -d -o site -g site /var/site
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 \
    VAR_DIR=/var/site STATIC_ROOT=/static BIND=0.0.0.0:8000 BEHIND_HTTPS_PROXY=1
COPY --from=build /venv /venv
COPY --from=build /static /static
COPY --from=build /site /site
WORKDIR /site
USER 10001:10001
VOLUME /var/site
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/health', timeout=4)"]
CMD ["gunicorn", "--config", "kei_site/gunicorn.conf.py", "kei_site.wsgi:application"]
