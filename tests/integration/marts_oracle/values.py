"""What one value of a record means: plain texts, numbers, dates and ages, as the contracts word them."""

import re
import unicodedata
from calendar import monthrange
from datetime import date, datetime
from typing import Any

Record = dict[str, Any]
Row = dict[str, Any]

NUL = "\0"
BLANKS = " \N{NO-BREAK SPACE}"
RELATION_SIGNS = "<>="

_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
_NUMBER_IN_THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]*)?")
_PARTIAL_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_FULL_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_AGE = re.compile(r"([0-9]+) (Year|Month|Week|Day|Hour|Minute)s?", re.IGNORECASE)

DAYS_A_YEAR = 365.25
DAYS_OF_UNIT = {
    "Year": DAYS_A_YEAR,
    "Month": DAYS_A_YEAR / 12,
    "Week": 7.0,
    "Day": 1.0,
    "Hour": 1 / 24,
    "Minute": 1 / 1440,
}


def plain(value: Any) -> Any:
    """The same JSON with every text free of NUL and in Unicode's NFC."""
    if isinstance(value, str):
        return value if value.isascii() and NUL not in value else plain_text(value)
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value


def plain_text(text: str) -> str:
    return unicodedata.normalize("NFC", text.replace(NUL, ""))


def at(record: Record, path: str) -> Any:
    """The value at a dotted path through objects; None where there is none."""
    value: Any = record
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value


def items(record: Record, path: str) -> list[Any]:
    """The list at a dotted path; empty where there is none."""
    return list(at(record, path) or [])


def picked(record: Record, paths: dict[str, str]) -> Row:
    """Column by column the value at its path."""
    return {column: at(record, path) for column, path in paths.items()}


def number_in(text: str | None) -> float | None:
    """The number that the whole text is; None for "<5", "NA", "12 (3)" and every other text."""
    stripped = (text or "").strip(BLANKS)
    if _NUMBER.fullmatch(stripped):
        return float(stripped)
    return float(stripped.replace(",", "")) if _NUMBER_IN_THOUSANDS.fullmatch(stripped) else None


def with_numbers(record: Record, paths: dict[str, str]) -> Row:
    """Column by column the text at its path and, without the `_text`, the number it is."""
    texts = {f"{column}_text": at(record, path) for column, path in paths.items()}
    return texts | {column: number_in(texts[f"{column}_text"]) for column in paths}


def p_value_in(text: str | None) -> float | None:
    """The number of a p value, whatever sign stands before it."""
    return number_in(re.sub(f"[{RELATION_SIGNS}{BLANKS}]", "", text or ""))


def p_value_relation(text: str | None) -> str | None:
    found = re.match(f"[{RELATION_SIGNS}]+", (text or "").lstrip(BLANKS))
    return found[0] if found else None


def full_date(text: str | None) -> date | None:
    """The day that a text yyyy-MM-dd names; None for any other text."""
    if not text or not _FULL_DATE.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def timestamp(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def partial_date(column: str, text: str | None) -> Row:
    """The four columns of a partial date: as given, first day, last day, precision."""
    first, last, precision = _days_of(text)
    return {
        f"{column}_text": text,
        column: first,
        f"{column}_last_day": last,
        f"{column}_precision": precision,
    }


def _days_of(text: str | None) -> tuple[date | None, date | None, str | None]:
    found = _PARTIAL_DATE.fullmatch(text or "")
    if not found:
        return None, None, None
    year, month, day = found.groups()
    try:
        first = date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None, None, None
    if day:
        return first, first, "day"
    if month:
        return first, first.replace(day=monthrange(first.year, first.month)[1]), "month"
    return first, first.replace(month=12, day=31), "year"


def age_in_days(text: str | None) -> float | None:
    """The days of an age such as 18 Years; None for a text of another form."""
    found = _AGE.fullmatch(text or "")
    return int(found[1]) * DAYS_OF_UNIT[found[2].title()] if found else None
