"""From a version back to the bytes it came from."""

import hashlib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from builders import MONDAY, TUESDAY, MadeUpRegistry, a_study, home_of, with_status
from trialhouse.cli import app
from trialhouse.errors import LakeDamaged, SettingsInvalid
from trialhouse.lake import Lake
from trialhouse.receipts import receipts_of
from trialhouse.sync import sync_day

TWO_DAYS = MadeUpRegistry(
    {
        MONDAY: [a_study("NCT90000001"), a_study("NCT90000002")],
        TUESDAY: [a_study("NCT90000001"), with_status("SUSPENDED", "NCT90000002")],
    }
)


def test_each_version_leads_to_its_file_sha256_line_and_bytes(tmp_path: Path) -> None:
    with home_of(TWO_DAYS, tmp_path) as settings:
        for day in TWO_DAYS.days():
            sync_day(settings, day)
        first, second = receipts_of(settings, "NCT90000002")
    assert (first.snapshot_date, first.raw_page, first.raw_line) == (MONDAY, 1, 2)
    assert (second.snapshot_date, second.raw_page, second.raw_line) == (TUESDAY, 1, 1)
    assert str(second.data_timestamp) == "2026-01-06 09:00:05"
    assert second.record == TWO_DAYS.study(TUESDAY, "NCT90000002")
    assert second.sha256 == hashlib.sha256(second.raw_file.read_bytes()).hexdigest()


def test_the_command_shows_one_version_by_the_begin_of_its_hash(tmp_path: Path) -> None:
    with home_of(TWO_DAYS, tmp_path) as settings:
        sync_day(settings, MONDAY)
        (receipt,) = receipts_of(settings, "NCT90000001")
        shown = CliRunner().invoke(
            app, ["receipt", "NCT90000001", "--hash", receipt.content_hash[:6], "--raw"]
        )
    assert shown.exit_code == 0
    assert f"sha256     {receipt.sha256}" in shown.output
    assert "position   page 1, line 1" in shown.output
    assert receipt.record.decode() in shown.output


@pytest.mark.parametrize("wish", [("NCT90000009", ""), ("NCT90000001", "zz"), ("nct1", "")])
def test_what_the_lake_does_not_have_is_said(tmp_path: Path, wish: tuple[str, str]) -> None:
    with home_of(TWO_DAYS, tmp_path) as settings:
        with pytest.raises(SettingsInvalid):
            list(receipts_of(settings, *wish))
        sync_day(settings, MONDAY)
        with pytest.raises(SettingsInvalid):
            list(receipts_of(settings, *wish))


def test_a_raw_file_that_is_not_what_its_manifest_says_is_found(tmp_path: Path) -> None:
    with home_of(TWO_DAYS, tmp_path) as settings:
        sync_day(settings, MONDAY)
        (receipt,) = receipts_of(settings, "NCT90000001")
        assert (
            "1 landed days and 0 batches of history are what their manifests say"
            in CliRunner().invoke(app, ["verify"]).output
        )
        receipt.raw_file.write_bytes(receipt.raw_file.read_bytes() + b"x")
        with pytest.raises(LakeDamaged, match="not what the manifest of 2026-01-05 says"):
            list(receipts_of(settings, "NCT90000001"))
        assert CliRunner().invoke(app, ["verify"]).exit_code == LakeDamaged.exit_code


def test_a_damaged_presence_is_not_built_upon(tmp_path: Path) -> None:
    with home_of(TWO_DAYS, tmp_path) as settings:
        sync_day(settings, MONDAY)
        file = Lake(settings.lake).presence_file(MONDAY)
        file.write_bytes(file.read_bytes() + b"x")
        with pytest.raises(LakeDamaged):
            sync_day(settings, TUESDAY)
