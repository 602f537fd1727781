"""Everything a person can set, read from `TRIALHOUSE_*`, and every path below `TRIALHOUSE_HOME`."""

import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from trialhouse.errors import SettingsInvalid

PROJECT = Path(__file__).resolve().parents[2]
DEFAULT_HOME = PROJECT / "data"
LIVE_REGISTRY_HOST = "clinicaltrials.gov"
LIVE_REGISTRY_URL = f"https://{LIVE_REGISTRY_HOST}/api/v2"
DAY_PLACEHOLDER = "{snapshot_date}"
LIVE_SECONDS_BETWEEN_REQUESTS = 1.0
# The live registry publishes from Monday to Friday, about 13:00 to 14:00 UTC.
AFTER_PUBLICATION = "0 15 * * MON-FRI"
PUBLISHED_VERSIONS_KEPT = 2

SyncMode = Literal["full", "sweep"]


@dataclass(frozen=True, slots=True)
class Settings:
    """One immutable picture of the environment.

    registry_name: whose records the lake of this home holds; a lake never mixes two registries.
    registry_url: base of API v2; with `{snapshot_date}` in it the registry can be asked for any of its days.
    sync_mode: `full` reads every record every day, `sweep` lists all and reads the new and changed.
    slack_conn_id, data_conn_id: Airflow connections for news of trials and for news of the pipeline;
    data_channel: the Slack channel of the latter, if that connection is a bot's token.
    schedule: cron expression in UTC: when Airflow reads the day.
    object_store: address of a bucket for lake and Parquet, as PyArrow reads it; may be "".
    shared_catalogue: address of a PostgreSQL database for a DuckLake over that bucket; may be "".
    watchlists: a YAML file or a folder of them. dashboard_url: of a trial's page, with `{nct_id}`; may be "".
    """

    home: Path
    registry_name: str
    registry_url: str
    sync_mode: SyncMode
    seconds_between_requests: float
    schedule: str
    slack_conn_id: str
    data_conn_id: str
    data_channel: str
    outbox_url: str
    object_store: str
    shared_catalogue: str
    watchlists: Path
    dashboard_url: str

    @property
    def registry_can_replay(self) -> bool:
        """Whether the registry serves its past days; the live one only has its present."""
        return DAY_PLACEHOLDER in self.registry_url

    def registry_url_of(self, snapshot_date: date | None) -> str:
        """The base URL that serves one day (`None`: a live registry's present)."""
        if not self.registry_can_replay:
            return self.registry_url
        if snapshot_date is None:
            raise SettingsInvalid("this registry serves many days: say which one with --date YYYY-MM-DD")
        return self.registry_url.replace(DAY_PLACEHOLDER, snapshot_date.isoformat())

    @property
    def lake(self) -> Path:
        return self.home / "lake" / "ctgov"

    @property
    def build_folder(self) -> Path:
        return self.home / "build"

    @property
    def build_file(self) -> Path:
        return self.build_folder / "trials.duckdb"

    @property
    def scratch_file(self) -> Path:
        """Raw views, staging and intermediate models of the build; never published."""
        return self.build_folder / "scratch.duckdb"

    @property
    def build_lock(self) -> Path:
        return self.build_folder / ".lock"

    @property
    def build_receipt(self) -> Path:
        return self.build_folder / "build.json"

    @property
    def gate_receipt(self) -> Path:
        return self.build_folder / "gate.json"

    @property
    def spill_folder(self) -> Path:
        return self.build_folder / "spill"

    @property
    def warehouse_folder(self) -> Path:
        return self.home / "warehouse"

    @property
    def published_file(self) -> Path:
        return self.warehouse_folder / "trials.duckdb"

    @property
    def published_parquet(self) -> Path:
        return self.warehouse_folder / "parquet"

    @property
    def published_versions(self) -> Path:
        return self.warehouse_folder / "versions"

    @property
    def published_receipt(self) -> Path:
        return self.warehouse_folder / "published.json"

    @property
    def quality_folder(self) -> Path:
        return self.warehouse_folder / "quality"

    @property
    def runs_folder(self) -> Path:
        return self.warehouse_folder / "runs"

    @property
    def gates_folder(self) -> Path:
        return self.home / "gates"

    @property
    def dbt_docs(self) -> Path:
        return self.home / "docs" / "dbt.html"

    @property
    def logs_folder(self) -> Path:
        return self.home / "logs"


def load_settings() -> Settings:
    """Read the environment.

    Raises:
        SettingsInvalid: a value is not one of those allowed.
    """
    home = Path(os.environ.get("TRIALHOUSE_HOME", DEFAULT_HOME)).expanduser().resolve()
    if "'" in str(home):
        raise SettingsInvalid(f"TRIALHOUSE_HOME must be a path without quotes: {home}")
    registry_url = os.environ.get("TRIALHOUSE_REGISTRY_URL", LIVE_REGISTRY_URL).rstrip("/")
    return Settings(
        home=home,
        registry_name=os.environ.get("TRIALHOUSE_REGISTRY_NAME", _registry_name(registry_url)),
        registry_url=registry_url,
        sync_mode=_sync_mode(registry_url),
        seconds_between_requests=_seconds_between_requests(registry_url),
        schedule=os.environ.get("TRIALHOUSE_SCHEDULE") or AFTER_PUBLICATION,
        slack_conn_id=os.environ.get("TRIALHOUSE_SLACK_CONN_ID", "trialhouse_slack"),
        data_conn_id=os.environ.get("TRIALHOUSE_DATA_SLACK_CONN_ID", "trialhouse_data_slack"),
        data_channel=os.environ.get("TRIALHOUSE_DATA_SLACK_CHANNEL", ""),
        outbox_url=os.environ.get("TRIALHOUSE_OUTBOX_URL", f"sqlite:///{home}/outbox.sqlite"),
        object_store=os.environ.get("TRIALHOUSE_OBJECT_STORE", ""),
        shared_catalogue=os.environ.get("TRIALHOUSE_SHARED_CATALOGUE", ""),
        watchlists=Path(os.environ.get("TRIALHOUSE_WATCHLISTS", PROJECT / "watchlists")).expanduser(),
        dashboard_url=_dashboard_url(),
    )


def _dashboard_url() -> str:
    """A link template that is safe in a message."""
    url = os.environ.get("TRIALHOUSE_DASHBOARD_URL", "")
    if url and (urlsplit(url).scheme not in ("http", "https") or any(mark in url for mark in '<>|" ')):
        raise SettingsInvalid(f"TRIALHOUSE_DASHBOARD_URL must be an http address, not {url!r}")
    return url


def _registry_name(registry_url: str) -> str:
    """The host, or `local` for anything on loopback, whose ports mean nothing."""
    host = urlsplit(registry_url).hostname or registry_url
    return "local" if host in ("127.0.0.1", "localhost") else host


def _sync_mode(registry_url: str) -> SyncMode:
    """A full read costs nothing on a registry that replays days; the live one is swept."""
    default = "full" if DAY_PLACEHOLDER in registry_url else "sweep"
    mode = os.environ.get("TRIALHOUSE_SYNC_MODE", default)
    if mode == "full":
        return "full"
    if mode == "sweep":
        return "sweep"
    raise SettingsInvalid(f"TRIALHOUSE_SYNC_MODE must be full or sweep, not {mode!r}")


def _seconds_between_requests(registry_url: str) -> float:
    """Pause between two requests, in seconds: one a second for the world, none on loopback."""
    default = 0.0 if _registry_name(registry_url) == "local" else LIVE_SECONDS_BETWEEN_REQUESTS
    text = os.environ.get("TRIALHOUSE_SECONDS_BETWEEN_REQUESTS", str(default))
    try:
        seconds = float(text)
    except ValueError:
        raise SettingsInvalid(
            f"TRIALHOUSE_SECONDS_BETWEEN_REQUESTS must be a number of seconds, not {text!r}"
        ) from None
    if not 0 <= seconds < float("inf"):
        raise SettingsInvalid(f"TRIALHOUSE_SECONDS_BETWEEN_REQUESTS must be a finite pause, not {text!r}")
    host = f".{urlsplit(registry_url).hostname}"
    if seconds < LIVE_SECONDS_BETWEEN_REQUESTS and host.endswith(f".{LIVE_REGISTRY_HOST}"):
        raise SettingsInvalid(f"{LIVE_REGISTRY_HOST} is asked at most once a second, not every {seconds} s")
    return seconds
