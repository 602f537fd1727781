"""Let Great Expectations judge what arrived and what is about to be published, and flag stopped trials.

SQL makes a small table; a suite of `expectations/` judges it as a pandas batch in a context that lives in
memory; below `gates/snapshot_date=D/<suite>/` it leaves its Data Docs page and its result as JSON.

Great Expectations and pandas cost seconds to import: only functions import them.
"""

import html
import importlib
import json
import logging
import os
import re
import sys
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from trialhouse.errors import BuildFailed, GateFailed
from trialhouse.lake import Lake, Manifest, write_atomically
from trialhouse.raw_verdicts import held_days, judged_days, record_verdict
from trialhouse.settings import PROJECT, Settings
from trialhouse.warehouse import finished_build, published_build

if TYPE_CHECKING:
    from collections.abc import Iterator

    from great_expectations import ExpectationSuite

log = logging.getLogger(__name__)

ROWS_NAMED = 20
NO_SCRIPTS = (
    '<meta http-equiv="Content-Security-Policy"'
    " content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">"
)
RELATIVE_LINK = re.compile(r'href="(\.\./)+[^"]*"')


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a suite (a file of `expectations/`) said of a table; `result` is the whole answer as JSON."""

    suite: Any
    page: Path
    result: dict[str, Any]

    @property
    def broken_rules(self) -> list[dict[str, Any]]:
        return [rule for rule in self.result["results"] if not rule["success"]]


def check_raw(settings: Settings, day: date) -> None:
    """The border where data arrives: the day's records and its manifest.

    Raises:
        GateFailed: a rule is not met; the day is held, no build takes it in.
    """
    lake = Lake(settings.lake)
    judged = judged_days(settings)
    for earlier in lake.days():
        if earlier < day and earlier not in judged:
            _judge_raw(settings, lake, earlier)
    _stop_if_broken(day, _judge_raw(settings, lake, day))


def _judge_raw(settings: Settings, lake: Lake, day: date) -> list[Verdict]:
    """Judge one landed day and remember the verdict; builds leave out a day judged red."""
    snapshot = {"snapshot_date": [day], **_columns_of(lake.manifest(day))}
    with duckdb.connect() as connection:
        snapshot["vanished_count"] = [_vanished_since_last_good_day(settings, lake, day, connection)]
        studies = _table(connection, "raw_ctgov__studies", presence=str(lake.presence_file(day)))
    verdicts = [
        _judge(settings, day, "raw_ctgov__snapshots", _frame(snapshot)),
        _judge(settings, day, "raw_ctgov__studies", studies),
    ]
    record_verdict(settings, day, passed=not any(verdict.broken_rules for verdict in verdicts))
    return verdicts


def _columns_of(manifest: Manifest) -> dict[str, list[Any]]:
    return {name: [getattr(manifest, name)] for name in manifest.__struct_fields__ if name != "files"}


def _vanished_since_last_good_day(
    settings: Settings, lake: Lake, day: date, connection: duckdb.DuckDBPyConnection
) -> int:
    """Ids gone since the newest earlier day that is not held: a loss that lasts is not forgiven overnight."""
    good_days = [known for known in lake.days() if known < day and known not in held_days(settings)]
    if not good_days:
        return 0
    sql = "select count(*) from read_parquet($before) anti join read_parquet($now) as today using (nct_id)"
    files = {"before": str(lake.presence_file(good_days[-1])), "now": str(lake.presence_file(day))}
    return int(connection.execute(sql, files).fetchall()[0][0])


def check_marts(settings: Settings, day: date) -> None:
    """The border where data leaves: the finished build. The receipt it writes is what `publish` asks for.

    Raises:
        BuildFailed: there is no finished build to judge, or it was made for another day.
        GateFailed: a rule is not met; the build must not be published.
    """
    build = finished_build(settings)
    if build.snapshot_date != day:
        raise BuildFailed(f"the newest build was made for {build.snapshot_date}: build {day} again")
    if build == published_build(settings):
        log.info("published already build_id=%s", build.build_id)
        return
    settings.gate_receipt.unlink(missing_ok=True)
    lake = Lake(settings.lake)
    with _open_build(settings, day) as connection:
        records_ever_seen = _records_ever_seen(connection, lake)
        trials = _table(connection, "dim_trials")
        days = {known for known in lake.days() if known <= day} - held_days(settings) | {day}
        marts = _frame(_suite_module("marts").table(connection, settings.published_file, days))
    facts: dict[str, Any] = {"records_ever_seen": records_ever_seen, "snapshot_date": day}
    _stop_if_broken(
        day,
        [_judge(settings, day, "marts", marts), _judge(settings, day, "dim_trials", trials, **facts)],
    )
    _write_json(
        settings.gate_receipt, {"build_id": build.build_id, "snapshot_date": day.isoformat(), "passed": True}
    )


def flag_status_changes(settings: Settings, day: date) -> list[str]:
    """Mark the day's changes to a stopped status and go on; returns the keys of those events.

    Days whose build never got this far, and those a late day may have changed, are marked too.
    """
    with _open_build(settings, day) as connection:
        rows = connection.execute("select snapshot_date from marts.dim_snapshots order by all").fetchall()
        built = [known for (known,) in rows]
        if day not in built:
            raise BuildFailed(f"{day} is not in the build: build that day first")
        done = set(flagged_days(settings))
        for known in built:
            if known >= day or known not in done:
                _flag_day(settings, known, connection)
    return flagged_event_keys(settings, day)


def _flag_day(settings: Settings, day: date, connection: duckdb.DuckDBPyConnection) -> None:
    changes = _table(connection, "fct_trial_events", snapshot_date=day)
    verdict = _judge(settings, day, "fct_trial_events", changes, detail="COMPLETE")
    keys = [
        row["event_key"]
        for rule in verdict.result["results"]
        for row in rule["result"].get("unexpected_index_list", [])
    ]
    _write_json(_flagged_file(settings, day), keys)
    log.info("flagged snapshot_date=%s changes=%d flagged=%d", day, len(changes), len(keys))


def flagged_event_keys(settings: Settings, day: date) -> list[str]:
    """The keys `flag_status_changes` left for a day."""
    file = _flagged_file(settings, day)
    if not file.exists():
        raise BuildFailed(f"nobody flagged the status changes of {day}: build that day first")
    keys: list[str] = json.loads(file.read_bytes())
    return keys


def flagged_days(settings: Settings) -> list[date]:
    """Every day whose changes were flagged, oldest first."""
    files = settings.gates_folder.glob("snapshot_date=*/flagged.json")
    return sorted(date.fromisoformat(file.parent.name.removeprefix("snapshot_date=")) for file in files)


def _flagged_file(settings: Settings, day: date) -> Path:
    return settings.gates_folder / f"snapshot_date={day}" / "flagged.json"


# ---------- tables


def _suite_module(name: str) -> Any:
    """A file of `expectations/`; the folder stands beside `include/`, whose parent may not be on the path."""
    if str(PROJECT) not in sys.path:
        sys.path.append(str(PROJECT))
    return importlib.import_module(f"expectations.{name}")


def _table(connection: duckdb.DuckDBPyConnection, suite_name: str, **parameters: object) -> Any:
    """The small table a suite judges."""
    return connection.execute(_suite_module(suite_name).TABLE, parameters).df()


def _frame(columns: Any) -> Any:
    import pandas as pd

    return pd.DataFrame(columns)


@contextmanager
def _open_build(settings: Settings, day: date) -> "Iterator[duckdb.DuckDBPyConnection]":
    """The build made for a day, read-only; once it was swapped in, the published file."""
    is_waiting = settings.build_file.exists() and finished_build(settings).snapshot_date == day
    file = settings.build_file if is_waiting else settings.published_file
    if not file.exists():
        raise BuildFailed(f"there is no build to judge at {file}: build the marts first")
    with duckdb.connect(file, read_only=True) as connection:
        yield connection


def _records_ever_seen(connection: duckdb.DuckDBPyConnection, lake: Lake) -> int:
    """Distinct ids that the lake lists on the days this build has read, counted past everything dbt did."""
    days = connection.execute("select snapshot_date from marts.dim_snapshots").fetchall()
    files = [str(lake.presence_file(day)) for (day,) in days if lake.has(day)]
    sql = "select count(distinct nct_id) from read_parquet($files, union_by_name = true)"
    return int(connection.execute(sql, {"files": files}).fetchall()[0][0]) if files else 0


# ---------- judging


def _judge(
    settings: Settings, day: date, suite_name: str, table: Any, *, detail: str = "SUMMARY", **facts: object
) -> Verdict:
    """Run one suite over one table and leave its page and its result on disk; a rerun overwrites both.

    detail: Great Expectations' result format; SUMMARY names 20 rows a rule, COMPLETE names all.
    """
    module = _suite_module(suite_name)
    result = _validate(table, module.suite(**facts), detail, list(module.ID_COLUMNS))
    folder = settings.gates_folder / f"snapshot_date={day}" / suite_name
    page = folder / "index.html"
    write_atomically(page, _data_docs_page(result).encode())
    plain = result.to_json_dict()
    _write_json(folder / "validation_result.json", plain)
    verdict = Verdict(module, page, plain)
    broken = len(verdict.broken_rules)
    log.info("judged snapshot_date=%s suite=%s rows=%d broken=%d", day, suite_name, len(table), broken)
    return verdict


def _validate(table: Any, suite: "ExpectationSuite", detail: str, id_columns: list[str]) -> Any:
    result_format = {
        "result_format": detail,
        "unexpected_index_column_names": id_columns,
        "partial_unexpected_count": ROWS_NAMED,
    }
    return _batches().get_batch({"dataframe": table}).validate(suite, result_format=result_format)


@cache
def _batches() -> Any:
    """Great Expectations' way from a data frame to a batch: one context in memory per process, silent."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_pandas("trialhouse").add_dataframe_asset("table")
    return asset.add_batch_definition_whole_dataframe("whole")


def _data_docs_page(result: Any) -> str:
    """One page that stands alone: a whole Data Docs site per suite is 4 MB of the same fonts, 0.5 s each.

    Its links to pages of such a site lead nowhere, so they are cut; a browser loads nothing else and runs no
    script, for the values on it are the registry's.
    """
    from great_expectations.render.renderer import ValidationResultsPageRenderer

    document = ValidationResultsPageRenderer().render(_harmless(result))
    page: str = _page_view().render(document, show_how_to_buttons=False)
    return RELATIVE_LINK.sub('href="#"', page.replace("<head>", f"<head>{NO_SCRIPTS}", 1))


def _harmless(result: Any) -> Any:
    """A copy whose registry text cannot become markup; the renderer does not escape values."""
    copy = deepcopy(result)
    for rule in copy.results:
        rule.result = _escaped(rule.result)
    return copy


def _escaped(value: Any) -> Any:
    if isinstance(value, str):
        return html.escape(value)
    if isinstance(value, dict):
        return {_escaped(name): _escaped(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_escaped(item) for item in value]
    return value


@cache
def _page_view() -> Any:
    """Kept, because compiling its templates takes longer than filling them."""
    from great_expectations.render.view import DefaultJinjaPageView

    return DefaultJinjaPageView()


# ---------- what people read


def _stop_if_broken(day: date, verdicts: list[Verdict]) -> None:
    broken = [verdict for verdict in verdicts if verdict.broken_rules]
    if broken:
        message = _message(day, broken)
        log.error("%s", message)
        raise GateFailed(message)


def _message(day: date, broken: list[Verdict]) -> str:
    """Which rules, what was seen, in which rows, where to read more, and who acts."""
    lines: list[str] = []
    for verdict in broken:
        rules, count = verdict.broken_rules, len(verdict.result["results"])
        lines.append(f"{verdict.result['suite_name']} of {day}: {len(rules)} of {count} rules not met")
        for rule in rules:
            lines += _rule_lines(rule, verdict.suite.ID_COLUMNS)
        lines += [f"  read more: {verdict.page}", f"  who acts: {verdict.suite.WHO_ACTS}"]
    return "\n".join([*lines, "published file is untouched"])


def _rule_lines(rule: dict[str, Any], id_columns: tuple[str, ...]) -> list[str]:
    config, seen = rule["expectation_config"], rule["result"]
    wanted = {name: value for name, value in config["kwargs"].items() if name != "batch_id"}
    lines = [f"  rule: {config['description']} ({config['type']} {wanted})"]
    if not seen:
        return [*lines, f"    could not be judged: {_exceptions(rule['exception_info'])}"]
    if "unexpected_count" not in seen:
        return [*lines, f"    saw: { {name: value for name, value in seen.items() if value is not None} }"]
    lines.append(f"    saw: {seen['unexpected_count']} of {seen['element_count']} rows break it")
    for row in seen.get("partial_unexpected_index_list", [])[:ROWS_NAMED]:
        ids = ", ".join(str(row[name]) for name in id_columns)
        values = {name: value for name, value in row.items() if name not in id_columns}
        lines.append(f"    {ids}: {values}" if values else f"    {ids}")
    return lines


def _exceptions(info: dict[str, Any]) -> str:
    """What a metric raised is nested below the metric's id; what the rule itself raised is not."""
    raised = [info] if "exception_message" in info else list(info.values())
    return "; ".join(dict.fromkeys(str(each["exception_message"]) for each in raised))


def _write_json(file: Path, content: object) -> None:
    write_atomically(file, json.dumps(content, indent=1).encode())
