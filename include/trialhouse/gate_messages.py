"""What a gate tells a person: which rules a day broke, what was seen, in which rows, who acts, and how."""

import logging
from datetime import date
from typing import Any

from trialhouse.errors import GateFailed
from trialhouse.judging import ROWS_NAMED, Verdict, rows_file
from trialhouse.untrusted_text import one_line

log = logging.getLogger(__name__)


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
            lines += _rule_lines(day, verdict, rule)
        lines += [f"  read more: {verdict.page}", f"  who acts: {verdict.suite.WHO_ACTS}"]
    all_suites = broken[0].page.parent.with_name("index.html")
    return "\n".join([*lines, f"all suites of the day: {all_suites}", "published file is untouched"])


def explanation(day: date, verdicts: list[Verdict]) -> list[str]:
    """What holds a day, or held it until a person released it; the flags it raised."""
    broken = [verdict for verdict in verdicts if verdict.broken_rules]
    lines = _message(day, broken).splitlines() if broken else [f"no rule that {day} broke holds it"]
    for verdict in verdicts:
        for rule in verdict.released_rules:
            release = verdict.release_of(rule)
            assert release is not None
            lines.append(
                f"released: {release.rule} by {release.person} on {release.released_at:%Y-%m-%d %H:%M} UTC:"
                f" {one_line(release.reason)}"
            )
        lines += [
            f"flag: {verdict.name_of(rule)}: not so: {rule['expectation_config']['description']}"
            for rule in verdict.raised_flags
        ]
    return lines


def _rule_lines(day: date, verdict: Verdict, rule: dict[str, Any]) -> list[str]:
    config, seen = rule["expectation_config"], rule["result"]
    wanted = {name: value for name, value in config["kwargs"].items() if name != "batch_id"}
    lines = [f"  rule: {config['description']} ({config['type']} {wanted})"]
    if not seen:
        return [*lines, f"    could not be judged: {_exceptions(rule['exception_info'])}"]
    release = f"trialhouse gate release {day} --rule {verdict.name_of(rule)} --reason WHY"
    return [*lines, *_seen_lines(verdict, rule), f"    if it is right so: {release}"]


def _seen_lines(verdict: Verdict, rule: dict[str, Any]) -> list[str]:
    seen, id_columns = rule["result"], verdict.suite.ID_COLUMNS
    if "unexpected_count" not in seen:
        return [f"    saw: { {name: value for name, value in seen.items() if value is not None} }"]
    lines = [f"    saw: {seen['unexpected_count']} of {seen['element_count']} rows break it"]
    for row in seen.get("partial_unexpected_index_list", [])[:ROWS_NAMED]:
        ids = ", ".join(one_line(str(row[name])) for name in id_columns)
        values = {name: value for name, value in row.items() if name not in id_columns}
        lines.append(f"    {ids}: {values}" if values else f"    {ids}")
    if seen["unexpected_count"] > ROWS_NAMED:
        lines.append(f"    all of them: {rows_file(verdict, rule)}")
    return lines


def _exceptions(info: dict[str, Any]) -> str:
    """What a metric raised is nested below the metric's id; what the rule itself raised is not."""
    raised = [info] if "exception_message" in info else list(info.values())
    return "; ".join(dict.fromkeys(str(each["exception_message"]) for each in raised))
