"""The rules that are macros, on texts that real records have or might have."""

from pathlib import Path

import duckdb
import jinja2
import pytest

from trialhouse.settings import PROJECT

MACROS = PROJECT / "dbt_project" / "macros"


def applied(macro: str, text: str | None, *needs: str) -> object:
    """What the SQL of a macro of one column makes of a text."""
    source = "".join(Path(MACROS / f"{name}.sql").read_text() for name in (macro, *needs))
    rule = jinja2.Template(f"{source}{{{{ {macro}('given') }}}}").render()
    with duckdb.connect() as con:
        row = con.execute(f"select {rule} from (select $1::varchar as given)", [text]).fetchone()
    assert row is not None
    return row[0]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", 12.0),
        ("0.1", 0.1),
        (".5", 0.5),
        ("-3.20", -3.2),
        (" 7 ", 7.0),
        ("1e-5", 1e-5),
        ("1,313", 1313.0),
        ("1,234,567.8", 1234567.8),
        ("1,31", None),
        ("0,083", None),
        ("-0,083", None),
        ("<5", None),
        ("NA", None),
        ("12 (3)", None),
        ("10^-6", None),
        ("inf", None),
        ("", None),
        (None, None),
    ],
)
def test_a_number_is_a_whole_text_or_none(text: str | None, number: float | None) -> None:
    assert applied("number_in", text) == number


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("18 Years", 18 * 365.25),
        ("1 Year", 365.25),
        ("6 Months", 6 * 365.25 / 12),
        ("2 Weeks", 14.0),
        ("1 Day", 1.0),
        ("36 Hours", 1.5),
        ("30 Minutes", 30 / 1440),
        ("18", None),
        ("N/A", None),
        ("2 Fortnights", None),
        (None, None),
    ],
)
def test_an_age_in_days_or_none(text: str | None, days: float | None) -> None:
    found = applied("age_in_days", text)
    assert found == (None if days is None else pytest.approx(days))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2019-03-01", "2019-03-01"),
        ("2019-02-29", None),
        ("2019-03", None),
        ("2019/03/01", None),
        ("2019-3-1", None),
        ("2019-03-01T00:00", None),
        ("-2019-01-01", None),
        ("0000-01-01", None),
        (" 2019-03-01", None),
        (None, None),
    ],
)
def test_a_date_is_given_in_full_or_none(text: str | None, day: str | None) -> None:
    found = applied("full_date", text)
    assert (None if found is None else str(found)) == day


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("no marks", "no marks"),
        (r"age \> 18 and \< 65", "age > 18 and < 65"),
        ("**bold** and _slanted_", "bold and slanted"),
        ("snake_case_name and 2 * 3 * 4", "snake_case_name and 2 * 3 * 4"),
        ("[label](https://example.org/a)", "label (https://example.org/a)"),
        ("# Heading\n* one\n* two", "Heading\n• one\n• two"),
        ("a &lt; b &amp;&amp; &#34;c&#34;", 'a < b && "c"'),
        (None, None),
    ],
)
def test_plain_text_loses_marks_and_no_word(text: str | None, plain: str | None) -> None:
    assert applied("plain_text", text) == plain


@pytest.mark.parametrize(
    ("why_stopped", "reason"),
    [
        ("Due to COVID-19, recruitment paused", "PANDEMIC_OR_WAR"),
        ("Unacceptable toxicity in cohort 2", "SAFETY"),
        ("Business decision, not related to safety or efficacy", "FUNDING_OR_BUSINESS"),
        ("Sponsor decision; no safety concerns", "FUNDING_OR_BUSINESS"),
        ("No safety concerns, low enrolment", "ENROLMENT"),
        ("Business reasons, not due to concerns regarding safety or lack of efficacy", "FUNDING_OR_BUSINESS"),
        ("Strategic; not due to safety or requests from any regulatory authorities", "FUNDING_OR_BUSINESS"),
        ("Did not proceed due to safety concerns", "SAFETY"),
        ("Trial did not continue because of adverse events", "SAFETY"),
        ("Study drug not available due to safety concerns", "SAFETY"),
        ("This study did not meet the efficacy objective", "EFFICACY_OR_FUTILITY"),
        ("No efficacy", "EFFICACY_OR_FUTILITY"),
        ("Cannot recruit due to COVID-19 restrictions", "PANDEMIC_OR_WAR"),
        ("Not possible due to COVID-19", "PANDEMIC_OR_WAR"),
        ("资金不足", "OTHER"),
        ("Interim analysis showed futility", "EFFICACY_OR_FUTILITY"),
        ("Lack of efficacy", "EFFICACY_OR_FUTILITY"),
        ("FDA clinical hold", "REGULATORY_OR_ETHICS"),
        ("IRB approval expired", "REGULATORY_OR_ETHICS"),
        ("Temporarily closed to accrual pending interim analysis", "HOLD_OR_AMENDMENT"),
        ("Study drug no longer available", "SUPPLY_OR_LOGISTICS"),
        ("PI left the institution", "STAFF_OR_SITE"),
        ("Lack of funding", "FUNDING_OR_BUSINESS"),
        ("Slow accrual", "ENROLMENT"),
        ("Not enough eligible patients", "ENROLMENT"),
        ("Replaced by another study", "DESIGN_OR_ANOTHER_STUDY"),
        ("It rained", "OTHER"),
        ("N/A", "BLANK"),
        (" . ", "BLANK"),
        ("", "BLANK"),
        (None, "BLANK"),
    ],
)
def test_a_reason_for_stopping_is_the_first_whose_words_it_has(why_stopped: str | None, reason: str) -> None:
    source = (MACROS / "stop_reason.sql").read_text()
    rule = jinja2.Template(f"{source}{{{{ stop_reason('given', 'status') }}}}").render()
    with duckdb.connect() as con:
        for status, expected in (("SUSPENDED", reason), ("RECRUITING", None), (None, None)):
            row = con.execute(
                f"select {rule} from (select $1::varchar as given, $2::varchar as status)",
                [why_stopped, status],
            )
            assert row.fetchall() == [(expected,)]
