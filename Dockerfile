# One image for every service: the locked environment and the project, run as a user without rights.
FROM python:3.12-slim-bookworm
RUN apt-get update && apt-get install -y --no-install-recommends make && rm -rf /var/lib/apt/lists/*
RUN useradd --create-home trialhouse
WORKDIR /home/trialhouse/app
COPY --chown=trialhouse . .
USER trialhouse
RUN bash bin/setup
ENV TRIALHOUSE_HOME=/home/trialhouse/data PYTHONPATH=include:.
CMD [".venv/bin/trialhouse", "up", "--registry", "live"]
