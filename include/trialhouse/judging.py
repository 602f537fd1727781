"""Let Great Expectations judge a small table by a suite of `expectations/`, and say what it found.

The table is judged as a pandas batch in a context that lives in memory; below
`gates/snapshot_date=D/<suite>/` it leaves its Data Docs page and its result as JSON.

Great Expectations and pandas cost seconds to import: only functions import them.
"""

import html
import importlib
import json
import logging
import os
import re
import sys
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from trialhouse.errors import GateFailed
from trialhouse.lake import write_atomically
from trialhouse.settings import PROJECT, Settings

if TYPE_CHECKING:
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
        """Rules that stop the day. A rule whose severity is a warning flags and goes on."""
        return [rule for rule in self._unmet_rules if not _is_flag(rule)]

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


def frame(columns: Any) -> Any:
    import pandas as pd

    return pd.DataFrame(columns)


def judge(
    settings: Settings, day: date, suite_name: str, table: Any, *, detail: str = "SUMMARY", **facts: object
) -> Verdict:
    """Run one suite over one table and leave its page and its result on disk; a rerun overwrites both.

    detail: Great Expectations' result format; SUMMARY names 20 rows a rule, COMPLETE names all.
    """
    module = suite_module(suite_name)
    result = _validate(table, module.suite(**facts), detail, list(module.ID_COLUMNS))
    folder = settings.gates_folder / f"snapshot_date={day}" / suite_name
    page = folder / "index.html"
    write_atomically(page, _data_docs_page(result).encode())
    plain = result.to_json_dict()
    write_json(folder / "validation_result.json", plain)
    verdict = Verdict(module, page, plain)
    for rule in verdict.raised_flags:
        log.warning("flag snapshot_date=%s suite=%s: not so: %s", day, suite_name, _description(rule))
    log.info(
        "judged snapshot_date=%s suite=%s rows=%d broken=%d flags=%d",
        *(day, suite_name, len(table), len(verdict.broken_rules), len(verdict.raised_flags)),
    )
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


def stop_if_broken(day: date, verdicts: list[Verdict]) -> None:
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


def write_json(file: Path, content: object) -> None:
    write_atomically(file, json.dumps(content, indent=1).encode())
