"""Let Great Expectations judge a small table by a suite of `expectations/`, and say what it found.

The table is judged as a pandas batch in a context that lives in memory; below
`gates/snapshot_date=D/<suite>/` it leaves its Data Docs page and its result as JSON, and above it a page that
leads to all of the day.

Great Expectations and pandas cost seconds to import: only functions import them.
"""

import hashlib
import importlib
import json
import logging
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from trialhouse.data_docs import ALL_ROWS, SuiteCounts, day_page, suite_page
from trialhouse.lake import write_atomically
from trialhouse.releases import Release, releases_of
from trialhouse.settings import PROJECT, Settings

if TYPE_CHECKING:
    from great_expectations import ExpectationSuite

log = logging.getLogger(__name__)

ROWS_NAMED = 20


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a suite (a file of `expectations/`) said of a table; `result` is the whole answer as JSON.

    releases: what persons released of that day.
    """

    suite: Any
    page: Path
    result: dict[str, Any]
    releases: tuple[Release, ...] = ()

    @property
    def broken_rules(self) -> list[dict[str, Any]]:
        """Rules that stop the day. A rule whose severity is a warning flags and goes on."""
        return [rule for rule in self._unmet_rules if not _is_flag(rule) and self.release_of(rule) is None]

    def name_of(self, rule: dict[str, Any]) -> str:
        """What a person calls the rule by."""
        return f"{self.result['suite_name']}.{rule['expectation_config']['meta']['rule']}"

    def release_of(self, rule: dict[str, Any]) -> Release | None:
        """The newest release of the rule as it is broken now; a rule that could not be judged has none."""
        if not rule["result"]:
            return None
        wanted = (self.name_of(rule), rule["seen"])
        said = [each for each in self.releases if (each.rule, each.seen) == wanted]
        return said[-1] if said else None

    @property
    def released_rules(self) -> list[dict[str, Any]]:
        """Rules that would stop the day, had not a person released them."""
        return [rule for rule in self._unmet_rules if not _is_flag(rule) and self.release_of(rule)]

    @property
    def raised_flags(self) -> list[dict[str, Any]]:
        return [rule for rule in self._unmet_rules if _is_flag(rule)]

    @property
    def _unmet_rules(self) -> list[dict[str, Any]]:
        return [rule for rule in self.result["results"] if not rule["success"]]


def _description(rule: dict[str, Any]) -> str:
    return str(rule["expectation_config"]["description"])


def _is_flag(rule: dict[str, Any]) -> bool:
    """A rule that could not be judged is no flag, whatever its severity."""
    return rule["expectation_config"].get("severity") == "warning" and bool(rule["result"])


def suite_module(name: str) -> Any:
    """A file of `expectations/`; the folder stands beside `include/`, whose parent may not be on the path."""
    if str(PROJECT) not in sys.path:
        sys.path.append(str(PROJECT))
    return importlib.import_module(f"expectations.{name}")


def table_of(connection: duckdb.DuckDBPyConnection, suite_name: str, **parameters: object) -> Any:
    """The small table a suite judges."""
    return connection.execute(suite_module(suite_name).TABLE, parameters).df()


def frame(content: Any, columns: Sequence[str] | None = None) -> Any:
    """A data frame of columns, or of rows; `columns` are there even when there is no row."""
    import pandas as pd

    return pd.DataFrame(content, columns=columns)


def judge(settings: Settings, day: date, suite_name: str, table: Any, **facts: object) -> Verdict:
    """Run one suite over one table; leave its page, its result, and all rows that break a rule, on disk.

    A rerun overwrites them.
    """
    module = suite_module(suite_name)
    result = _validate(table, module.suite(**facts), list(module.ID_COLUMNS))
    plain = result.to_json_dict()
    for rule in plain["results"]:
        rule["seen"] = _hash_of_seen(rule)
    plain["figures"] = module.figures(table) if hasattr(module, "figures") else {}
    folder = _folder(settings, day) / suite_name
    page = folder / "index.html"
    write_atomically(page, suite_page(result).encode())
    write_json(folder / "validation_result.json", _without_all_rows(plain))
    verdict = Verdict(module, page, plain, tuple(releases_of(settings, day)))
    for rule in plain["results"]:
        rows = (rule["result"].get("unexpected_index_list") or []) if rule in verdict.broken_rules else []
        _write_rows(rows_file(verdict, rule), rows if len(rows) > ROWS_NAMED else [])
    _write_day_page(settings, day)
    for rule in verdict.raised_flags:
        log.warning("flag snapshot_date=%s suite=%s: not so: %s", day, suite_name, _description(rule))
    for rule in verdict.released_rules:
        release = verdict.release_of(rule)
        log.warning("released snapshot_date=%s rule=%s: %s", day, verdict.name_of(rule), release)
    log.info(
        "judged snapshot_date=%s suite=%s rows=%d broken=%d flags=%d",
        *(day, suite_name, len(table), len(verdict.broken_rules), len(verdict.raised_flags)),
    )
    return verdict


def stored_verdicts(settings: Settings, day: date) -> list[Verdict]:
    """What each suite said of a day when it was judged last, beside what was released since."""
    files = sorted(_folder(settings, day).glob("*/validation_result.json"))
    releases = tuple(releases_of(settings, day))
    return [
        Verdict(
            suite_module(file.parent.name),
            file.with_name("index.html"),
            json.loads(file.read_bytes()),
            releases,
        )
        for file in files
    ]


def _write_day_page(settings: Settings, day: date) -> None:
    page = day_page(day, [_counts_of(verdict) for verdict in stored_verdicts(settings, day)])
    write_atomically(_folder(settings, day) / "index.html", page.encode())


def _counts_of(verdict: Verdict) -> SuiteCounts:
    broken, released, flags = verdict.broken_rules, verdict.released_rules, verdict.raised_flags
    met = len(verdict.result["results"]) - len(broken) - len(released) - len(flags)
    return SuiteCounts(verdict.result["suite_name"], met, len(broken), len(released), len(flags))


def _folder(settings: Settings, day: date) -> Path:
    return settings.gates_folder / f"snapshot_date={day}"


def _hash_of_seen(rule: dict[str, Any]) -> str:
    """The same for the same rows, in whatever order they came."""
    result = rule["result"]
    counted = {name: result.get(name) for name in ("observed_value", "element_count", "unexpected_count")}
    rows = sorted(json.dumps(row, sort_keys=True) for row in result.get("unexpected_index_list") or [])
    return hashlib.blake2b(json.dumps([counted, rows]).encode(), digest_size=16).hexdigest()


def _without_all_rows(plain: dict[str, Any]) -> dict[str, Any]:
    """The answer with the first rows of each rule; a large loss names hundreds of thousands."""
    rules = [
        {**rule, "result": {name: rule["result"][name] for name in rule["result"] if name not in ALL_ROWS}}
        for rule in plain["results"]
    ]
    return {**plain, "results": rules}


def rows_file(verdict: Verdict, rule: dict[str, Any]) -> Path:
    """Where all rows that break a rule are."""
    return verdict.page.with_name(f"{rule['expectation_config']['meta']['rule']}.csv")


def _write_rows(file: Path, rows: list[dict[str, Any]]) -> None:
    """As CSV; without rows what an earlier run left there goes."""
    if not rows:
        file.unlink(missing_ok=True)
        return
    import pyarrow as pa
    from pyarrow import csv

    buffer = pa.BufferOutputStream()
    csv.write_csv(pa.Table.from_pylist(rows), buffer)
    write_atomically(file, buffer.getvalue().to_pybytes())


def _validate(table: Any, suite: "ExpectationSuite", id_columns: list[str]) -> Any:
    result_format = {
        "result_format": "COMPLETE",
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


def write_json(file: Path, content: object) -> None:
    write_atomically(file, json.dumps(content, indent=1).encode())
