"""How a JSON value becomes a column's value: numbers, dates, booleans, lower case."""

import calendar
import math
import re
from datetime import date
from typing import Any

# ASCII digits only; "1." and ".5" are whole numbers of text like any other.
PLAIN_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
# Groups of three after a first group that does not begin with zero: "1,313", never "0,083" or "1,31".
GROUPED_NUMBER = re.compile(r"[+-]?[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]+)?")
DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})(?:T.*)?)?)?")
BLANKS = " \t\n\r\f\v"

TRUE_WORDS = {"y", "yes", "t", "true"}
FALSE_WORDS = {"n", "no", "f", "false"}
RAILS_FALSE = {"0", "f", "false", "off"}


def float_or_null(value: Any) -> float | None:
    """AACT's `float` converter: the whole text is a number ("1,234" is not), or nothing."""
    if value is None or isinstance(value, bool):
        return None
    text = str(value).strip(BLANKS)
    if not PLAIN_NUMBER.fullmatch(text):
        return None
    return _finite(text)


def number(value: Any) -> float | None:
    """A number written as text where AACT has no converter: thousands separators read, leading digits not."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and GROUPED_NUMBER.fullmatch(value.strip(BLANKS)):
        return _finite(value.strip(BLANKS).replace(",", ""))
    return float_or_null(value)


def _finite(text: str) -> float | None:
    found = float(text)
    return found if math.isfinite(found) else None


def p_value(text: str | None) -> float | None:
    return None if text is None else float_or_null(re.sub(r"[<>= ]", "", text))


def p_value_modifier(text: str | None) -> str | None:
    """What is left of a p value without its number; "< 0.05" leaves "<", as "<0.05" does."""
    return None if text is None else re.sub(r"[0-9.\-]", "", text).strip(BLANKS)


def end_of_period(text: str | None) -> date | None:
    """The last day of a year or a month; a whole date is itself, a time of day falls away."""
    year, month, day = _date_parts(text)
    if year is None:
        return None
    month = month or "12"
    return _possible_date(year, month, day or _last_day(year, month))


def first_of_month(text: str | None) -> date | None:
    """Only a month becomes its first day; a year alone still ends on 31 December, a whole date is itself."""
    year, month, day = _date_parts(text)
    if year is None or month is None:
        return end_of_period(text)
    return _possible_date(year, month, day or "1")


def whole_date(text: str | None) -> date | None:
    """A date cast as it is: a text without a day is no date."""
    return None if _date_parts(text)[2] is None else end_of_period(text)


def _date_parts(text: str | None) -> tuple[str | None, str | None, str | None]:
    match = DATE.fullmatch(text) if isinstance(text, str) else None
    return (match[1], match[2], match[3]) if match else (None, None, None)


def _last_day(year: str, month: str) -> str:
    try:
        return str(calendar.monthrange(int(year), int(month))[1])
    except ValueError:
        return "0"


def _possible_date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def boolean(value: Any) -> bool | None:
    """A boolean column's cast: a few words are false, the empty text is null, all else is true."""
    if value is None or value == "":
        return None
    return str(value).lower() not in RAILS_FALSE


def yes_or_no(value: Any) -> bool | None:
    """A word that says yes or no; any other word says neither."""
    word = str(value).lower()
    if word in TRUE_WORDS:
        return True
    return False if word in FALSE_WORDS else None


def contains(items: list[str] | None, wanted: str) -> bool | None:
    return None if items is None else wanted in items


def lower(text: str | None) -> str | None:
    """Lower case letter by letter, so that a Greek sigma at a word's end is an ordinary one."""
    return None if text is None else "".join(letter.lower() for letter in text)
