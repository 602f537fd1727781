"""`trialhouse store`: lake and published Parquet in the object store of TRIALHOUSE_OBJECT_STORE."""

import typer

from trialhouse.cli_shared import plain_errors
from trialhouse.settings import load_settings

store_app = typer.Typer(
    no_args_is_help=True, help="Lake and Parquet in an object store; marts in a catalogue that many share."
)


@store_app.command()
@plain_errors
def keep() -> None:
    """Copy what the store has not: landed days, past versions, what gates said, the published Parquet."""
    from trialhouse.keeping import keep_lake, keep_published

    settings = load_settings()
    kept = keep_lake(settings)
    typer.echo(f"kept {kept.receipts} days and batches, {kept.size_bytes / 1e6:.1f} MB")
    if settings.published_parquet.exists():
        newest = keep_published(settings)
        typer.echo(f"kept {len(newest.tables)} tables of {newest.snapshot_date}: published/{newest.folder}")


@store_app.command()
@plain_errors
def share() -> None:
    """Replace the marts of the shared catalogue (TRIALHOUSE_SHARED_CATALOGUE) by the published ones."""
    from trialhouse.shared_catalogue import share_published

    typer.echo(f"shared as snapshot {share_published(load_settings())} of the catalogue")


@store_app.command()
@plain_errors
def fetch() -> None:
    """Copy the days and past versions that this lake has not from the store; then `trialhouse build`."""
    from trialhouse.keeping import fetch_lake

    fetched = fetch_lake(load_settings())
    typer.echo(f"fetched {fetched.receipts} days and batches, {fetched.size_bytes / 1e6:.1f} MB")
    typer.echo("next: trialhouse build, trialhouse publish")
