"""The marts' rows beside those that the records say, as multisets, over every column that a record fills."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from math import isclose
from typing import Any

from duckdb import DuckDBPyConnection

from integration.marts_oracle.reading import ROWS_OF_MART, rows_of
from integration.marts_oracle.sources import grain_of
from integration.marts_oracle.values import Record

PERSONAL_MARTS = {"fct_trial_contacts"}
EXAMPLES_SHOWN = 3
FLOAT_TOLERANCE = 1e-9
LONGEST_VALUE = 80
TEXT_BEFORE_DIFFERENCE = 10

Values = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class TableReport:
    mart: str
    columns_compared: tuple[str, ...]
    rows_expected: int
    rows_found: int
    rows_different: int
    examples: tuple[str, ...]


def compare(con: DuckDBPyConnection, records: Iterable[Record]) -> list[TableReport]:
    """Every mart that a record fills, read from schema marts or personal."""
    columns: dict[str, tuple[str, ...]] = {}
    expected: dict[str, list[Values]] = {mart: [] for mart in ROWS_OF_MART}
    for record in records:
        for mart, rows in rows_of(record).items():
            if rows:
                columns.setdefault(mart, tuple(rows[0]))
            expected[mart] += [frozen_row(row.values()) for row in rows]
    return [_report(con, mart, columns.get(mart, ("nct_id",)), rows) for mart, rows in expected.items()]


def _report(
    con: DuckDBPyConnection, mart: str, columns: tuple[str, ...], expected: list[Values]
) -> TableReport:
    schema = "personal" if mart in PERSONAL_MARTS else "marts"
    names = ", ".join(f'"{column}"' for column in columns)
    found = con.execute(f"select {names} from {schema}.{mart}").fetchall()
    missing, extra = unmatched(expected, [frozen_row(row) for row in found])
    return TableReport(
        mart=mart,
        columns_compared=columns,
        rows_expected=len(expected),
        rows_found=len(found),
        rows_different=sum(max(of_trial) for of_trial in _counts_of_trials(missing, extra)),
        examples=tuple(
            _example(columns, grain_of(mart), *pair) for pair in _pairs(missing, extra)[:EXAMPLES_SHOWN]
        ),
    )


def frozen_row(values: Iterable[Any]) -> Values:
    return tuple(frozen(value) if isinstance(value, list | dict) else value for value in values)


def frozen(value: Any) -> Any:
    """A list as a tuple, a struct as its sorted fields."""
    if isinstance(value, list):
        return tuple(frozen(item) for item in value)
    if isinstance(value, dict):
        return tuple(sorted((name, frozen(item)) for name, item in value.items()))
    return value


def unmatched(expected: list[Values], found: list[Values]) -> tuple[list[Values], list[Values]]:
    """The rows of either side without a partner; floats are the same when they are close."""
    wanted, there = Counter(expected), Counter(found)
    by_shape: dict[Values, list[Values]] = defaultdict(list)
    for row in (there - wanted).elements():
        by_shape[_shape(row)].append(row)
    missing = []
    for row in (wanted - there).elements():
        alike = by_shape[_shape(row)]
        partner = next((other for other in alike if _is_close(row, other)), None)
        if partner is None:
            missing.append(row)
        else:
            alike.remove(partner)
    return missing, [row for alike in by_shape.values() for row in alike]


def _shape(row: Values) -> Values:
    return tuple(float if isinstance(value, float) else value for value in row)


def _is_close(row: Values, other: Values) -> bool:
    pairs = zip(row, other, strict=True)
    return all(isclose(a, b, rel_tol=FLOAT_TOLERANCE) for a, b in pairs if isinstance(a, float))


def _counts_of_trials(missing: list[Values], extra: list[Values]) -> list[tuple[int, int]]:
    of_missing, of_extra = Counter(row[0] for row in missing), Counter(row[0] for row in extra)
    return [(of_missing[nct_id], of_extra[nct_id]) for nct_id in of_missing | of_extra]


def _pairs(missing: list[Values], extra: list[Values]) -> list[tuple[Values | None, Values | None]]:
    """The first missing rows, each with the most similar extra one of its trial; else extra rows alone."""
    pairs: list[tuple[Values | None, Values | None]] = []
    for row in missing[:EXAMPLES_SHOWN]:
        of_trial = [other for other in extra if other[0] == row[0]]
        pairs.append((row, min(of_trial, key=lambda other: len(_differing(row, other)), default=None)))
    trials_missing = {row[0] for row in missing}
    return pairs + [(None, row) for row in extra if row[0] not in trials_missing][:EXAMPLES_SHOWN]


def _differing(row: Values, other: Values) -> list[int]:
    return [number for number, (a, b) in enumerate(zip(row, other, strict=True)) if a != b]


def _example(columns: tuple[str, ...], grain: list[str], wanted: Values | None, there: Values | None) -> str:
    row = wanted or there or ()
    if wanted is None or there is None:
        side = "a row too many" if wanted is None else "a row is missing"
        values = (f"{column}={_short(value)}" for column, value in zip(columns[1:], row[1:], strict=True))
        return f"{row[0]}: {side}: {', '.join(values)}"
    differences = (f"{columns[i]}: {_difference(wanted[i], there[i])}" for i in _differing(wanted, there))
    place = [f"{column} {value}" for column, value in zip(columns, row, strict=True) if column in grain]
    return f"{', '.join(place)}: {'; '.join(differences)}"


def _difference(wanted: Any, there: Any) -> str:
    """Long texts are shown from shortly before the place where they part."""
    if isinstance(wanted, str) and isinstance(there, str):
        pairs = enumerate(zip(wanted, there, strict=False))
        same = next((place for place, (a, b) in pairs if a != b), min(len(wanted), len(there)))
        start = max(0, same - TEXT_BEFORE_DIFFERENCE)
        where = f" from character {start}" if start else ""
        return f"expected {_short(wanted[start:])}, found {_short(there[start:])}{where}"
    return f"expected {_short(wanted)}, found {_short(there)}"


def _short(value: Any) -> str:
    text = ascii(value)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"


def report_text(reports: Iterable[TableReport]) -> str:
    """A line a mart, its examples below, and a last line of sums."""
    lines = [_line("mart", "rows", "columns", "differences")]
    rows = columns = differences = 0
    for report in reports:
        compared = max(report.rows_expected, report.rows_found)
        width = len(report.columns_compared)
        lines.append(_line(report.mart, compared, width, report.rows_different))
        lines += [f"    {example}" for example in report.examples]
        rows, columns, differences = rows + compared, columns + width, differences + report.rows_different
    return "\n".join([*lines, _line("sum", rows, columns, differences)])


def _line(mart: str, *cells: str | int) -> str:
    return f"{mart:<28}" + "".join(f"{cell:>13}" for cell in cells)
