"""The command line: every step of the road by hand, and the whole road in one command.

Exit codes are those of `trialhouse.errors`; 0 is success.
"""

import logging
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from trialhouse.cli_alerts import alerts
from trialhouse.cli_backfill import backfill_app
from trialhouse.cli_describe import describe
from trialhouse.cli_diff import diff
from trialhouse.cli_explain import explain, replay
from trialhouse.cli_gate import gate
from trialhouse.cli_shared import DayOption, plain_errors, published_file
from trialhouse.cli_spark import spark
from trialhouse.cli_store import store_app
from trialhouse.errors import SettingsInvalid
from trialhouse.settings import Settings, load_settings

app = typer.Typer(
    help="A clinical-trials warehouse that remembers. State lives under TRIALHOUSE_HOME (default ./data).",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
registry_app = typer.Typer(
    help="The local registry: ClinicalTrials.gov API v2 on loopback.", no_args_is_help=True
)
app.add_typer(registry_app, name="registry")
app.add_typer(backfill_app, name="backfill")
app.add_typer(store_app, name="store")


@app.callback()
def main(verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show debug lines.")] = False) -> None:
    """Set up logging for every command."""
    logging.basicConfig(
        level=logging.DEBUG if verbose else logging.INFO,
        format="%(asctime)s %(levelname)s %(name)s %(message)s",
        datefmt="%H:%M:%S",
        stream=sys.stderr,
    )
    for noisy in ("httpx", "httpcore", "great_expectations", "uvicorn"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


@app.command()
@plain_errors
def sync(day: DayOption = None) -> None:
    """Land one day of the registry (TRIALHOUSE_REGISTRY_URL) in the lake."""
    from trialhouse.sync import sync_day

    report = sync_day(load_settings(), day.date() if day else None)
    verb = "landed" if report.landed else "nothing new for"
    typer.echo(
        f"{verb} {report.snapshot_date}: {report.studies} records, {report.new} new, "
        f"{report.returned} returned, {report.changed} changed (of these {report.silent_changed} silently), "
        f"{report.vanished} vanished, {report.quarantined} in quarantine"
    )


@app.command()
@plain_errors
def build(day: DayOption = None) -> None:
    """Judge what arrived, build every mart from the lake, judge the marts, flag the day's status changes."""
    from trialhouse import gates
    from trialhouse.warehouse import build_marts

    settings = load_settings()
    snapshot_date = _landed_day(settings, day)
    gates.check_raw(settings, snapshot_date)
    build_marts(settings, snapshot_date)
    gates.check_marts(settings, snapshot_date)
    flagged = gates.flag_status_changes(settings, snapshot_date)
    typer.echo(f"built and judged {snapshot_date}: {len(flagged)} flagged; next: trialhouse publish")


@app.command()
@plain_errors
def publish() -> None:
    """Swap the gated build in for the readers and write the marts as Parquet."""
    from trialhouse.publish import publish as publish_build

    settings = load_settings()
    receipt = publish_build(settings)
    typer.echo(f"published {receipt.newest_snapshot_date}: {settings.published_file}")


@app.command("export-parquet")
@plain_errors
def export_parquet() -> None:
    """Write the published marts as Parquet files too."""
    from trialhouse.publish import export_parquet as export

    settings = load_settings()
    export(settings)
    typer.echo(f"exported {settings.published_parquet}")


@app.command()
@plain_errors
def alert(day: DayOption = None) -> None:
    """Tell every watchlist what is news to it (`watchlists/`), each event once."""
    from trialhouse.airflow_home import enter_home
    from trialhouse.alerts import alert_day

    settings = load_settings()
    snapshot_date = _landed_day(settings, day)
    enter_home(settings)
    report = alert_day(settings, snapshot_date)
    typer.echo(f"enqueued {report.enqueued}, sent {report.sent}")


@app.command()
@plain_errors
def receipt(
    nct_id: Annotated[str, typer.Argument(help="NCT and eight digits.")],
    content_hash: Annotated[str, typer.Option("--hash", help="Begin of a content hash; default: all.")] = "",
    raw: Annotated[bool, typer.Option(help="Print the raw bytes of each version too.")] = False,
) -> None:
    """Show where each version of a record came from: raw file, sha256, position, registry timestamp."""
    from trialhouse.receipts import receipts_of

    for found in receipts_of(load_settings(), nct_id, content_hash):
        typer.echo("\n".join(found.lines()))
        if raw:
            typer.echo(found.record)


@app.command()
@plain_errors
def verify() -> None:
    """Compare every file of every landed day and batch of history with its manifest."""
    from trialhouse.history.store import HistoryStore
    from trialhouse.lake import Lake

    lake = Lake(load_settings().lake)
    store = HistoryStore.of(lake)
    for landed in lake.days():
        lake.require_intact(landed)
    store.require_intact()
    typer.echo(
        f"{len(lake.days())} landed days and {len(store.batch_numbers())} batches of history "
        "are what their manifests say"
    )


@app.command()
@plain_errors
def status() -> None:
    """Show what is landed, held, published and waiting to be sent."""
    from trialhouse.status import status_lines

    for line in status_lines(load_settings()):
        typer.echo(line)


@app.command()
@plain_errors
def sql(query: Annotated[str, typer.Argument(help="SQL; - reads standard input.")]) -> None:
    """Query the published file, read-only."""
    import duckdb

    with duckdb.connect(str(published_file()), read_only=True) as con:
        con.execute("set schema = 'marts'")
        try:
            answer = con.sql(sys.stdin.read() if query == "-" else query)
            if answer is not None:
                answer.show(max_width=200, max_rows=200)
        except duckdb.Error as error:
            raise SettingsInvalid(f"the query failed: {error}") from error


app.add_typer(gate, name="gate")
app.add_typer(alerts, name="alerts")
app.command()(describe)
app.command()(diff)
app.command()(explain)
app.command()(replay)
app.command()(spark)


@app.command()
@plain_errors
def run(
    registry: Annotated[
        str, typer.Option(help="sample, live, or a folder of daily files YYYY-MM-DD.jsonl[.gz].")
    ] = "sample",
) -> None:
    """Run the real DAGs for every day of a registry: ingest, build, alert; then show what was made."""
    from trialhouse.whole_road import run_whole_road

    run_whole_road(registry)


@app.command()
@plain_errors
def up(
    port: Annotated[int, typer.Option(help="Port of Airflow's web page.")] = 8080,
    registry: Annotated[str, typer.Option(help="sample, live, or a folder of daily files.")] = "sample",
) -> None:
    """Start Airflow itself, for a person to look at or as a service; Ctrl-C stops all of it."""
    from trialhouse.whole_road import airflow_over

    airflow_over(registry, port)


@app.command()
@plain_errors
def service(
    name: Annotated[
        str, typer.Argument(help="prepare, api-server, scheduler, dag-processor, triggerer or worker.")
    ],
    check: Annotated[bool, typer.Option("--check", help="Only tell whether it is healthy.")] = False,
) -> None:
    """Be one service of Airflow, as docker-compose.yml runs them; `prepare` comes before the others."""
    from trialhouse.airflow_services import become_service, check_service

    (check_service if check else become_service)(load_settings(), name)


@app.command()
@plain_errors
def dashboards(
    port: Annotated[int, typer.Option(help="Port of Superset's web page.")] = 8088,
) -> None:
    """Start Superset with our dashboards over what is published; Ctrl-C stops it."""
    from trialhouse.dashboards import dashboards_up

    dashboards_up(load_settings(), port)


@registry_app.command()
@plain_errors
def serve(
    source: Annotated[str, typer.Argument(help="sample, or a folder of daily files.")] = "sample",
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1.")] = 8765,
    size: Annotated[int, typer.Option(help="Trials of the generated registry.")] = 1000,
    days: Annotated[int, typer.Option(help="Publishing days of the generated registry.")] = 14,
    seed: Annotated[int, typer.Option(help="Seed of the generated registry: same seed, same bytes.")] = 7,
    fault: Annotated[
        list[str] | None, typer.Option(help="Misbehave: name[:first[:times]], as cut_body:2; repeatable.")
    ] = None,
) -> None:
    """Serve a registry until Ctrl-C, to develop against it.

    The newest day is at /api/v2, any day at /days/YYYY-MM-DD/api/v2.
    """
    from trialhouse.local_registry import open_source
    from trialhouse.local_registry.faults import parse_fault
    from trialhouse.local_registry.server import serve as serve_source

    faults = [parse_fault(text) for text in fault or ()]
    opened = open_source(source, size=size, days=days, seed=seed)
    listed = opened.days()
    typer.echo(
        f"{len(listed)} days, {listed[0]} to {listed[-1]}, at http://127.0.0.1:{port}/days/YYYY-MM-DD/api/v2"
    )
    typer.echo(f"export TRIALHOUSE_REGISTRY_URL='http://127.0.0.1:{port}/days/{{snapshot_date}}/api/v2'")
    serve_source(opened, "127.0.0.1", port, faults)


@app.command("record-type")
@plain_errors
def record_type(
    field_tree: Annotated[Path, typer.Argument(help="A stored answer of /studies/metadata.")],
    openapi: Annotated[Path, typer.Argument(help="The registry's OpenAPI description (YAML).")],
) -> None:
    """Regenerate the typed record and its code lists from the registry's own descriptions."""
    from trialhouse.record_type import write_record_type

    for file in write_record_type(field_tree, openapi):
        typer.echo(f"wrote {file}")


@app.command("data-dictionary")
@plain_errors
def data_dictionary() -> None:
    """Write docs/data_dictionary.md from the descriptions in the dbt project."""
    from trialhouse.data_dictionary import write_data_dictionary

    typer.echo(f"wrote {write_data_dictionary()}")


@app.command("dbt-docs")
@plain_errors
def dbt_docs() -> None:
    """Write dbt's documentation with lineage as one page; column types are those of the published file."""
    from trialhouse.dbt_docs import write_dbt_docs

    settings = load_settings()
    if not settings.published_file.exists():
        typer.echo(f"nothing is published in {settings.home}: column types are missing until `make run`")
    typer.echo(f"wrote {write_dbt_docs(settings).as_uri()}")


def _landed_day(settings: Settings, day: datetime | None) -> date:
    """The day asked for, or the newest landed one."""
    from trialhouse.lake import Lake

    days = Lake(settings.lake).days()
    if not days:
        raise SettingsInvalid(f"nothing has landed in {settings.lake}; run `trialhouse sync` first")
    if day is not None and day.date() not in days:
        raise SettingsInvalid(f"{day.date()} has not landed; landed days: {days[0]} to {days[-1]}")
    return day.date() if day else days[-1]


if __name__ == "__main__":
    app()
