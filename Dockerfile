# One image for Airflow's services and the command line, one more for Superset: the locked environment, the project,
# a user without rights. Nothing is written below the project; all state is below /home/trialhouse/data.
FROM python:3.11.13-slim-bookworm AS trialhouse
RUN apt-get update \
    && apt-get install -y --no-install-recommends make \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 1000 --create-home trialhouse
WORKDIR /home/trialhouse/app
RUN mkdir -p /home/trialhouse/data/airflow /home/trialhouse/data/logs /home/trialhouse/data/superset \
        /home/trialhouse/data/warehouse \
    && chown -R trialhouse:trialhouse /home/trialhouse
USER trialhouse
COPY --chown=trialhouse:trialhouse bin/setup bin/
COPY --chown=trialhouse:trialhouse pyproject.toml README.md requirements.lock requirements-bootstrap.lock ./
COPY --chown=trialhouse:trialhouse include include
RUN bash bin/setup && rm -rf ~/.cache
COPY --chown=trialhouse:trialhouse . .
ENV TRIALHOUSE_HOME=/home/trialhouse/data PYTHONPATH=include:. PYTHONDONTWRITEBYTECODE=1 HOME=/tmp
ENTRYPOINT [".venv/bin/trialhouse"]
CMD ["--help"]

FROM trialhouse AS dashboards
RUN bash bin/setup-dashboards && rm -rf ~/.cache
