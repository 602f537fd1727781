"""FDAAA 801: a truth table by hand, and every combination of what may be missing, in plain Python."""

from datetime import date, timedelta
from itertools import product
from typing import Any

import duckdb
import jinja2
import pyarrow as pa
import pytest

from integration.fdaaa_oracle import LAW, act_class
from trialhouse.settings import PROJECT

SOURCE = (PROJECT / "dbt_project" / "macros" / "fdaaa.sql").read_text()
TODAY = date(2026, 3, 2)

# study type | phases | purpose | status | start | completed | drug | device | regulated | US | class
# I interventional, O observational; T/F/- true, false, missing; dates: B before the law, L its day, A after.
ACT_CLASSES = """
I PHASE2        TREATMENT          COMPLETED  A A T F T T ACT
I PHASE2        TREATMENT          COMPLETED  L A T F T T ACT
I PHASE2        TREATMENT          COMPLETED  A - T F T T ACT
I PHASE2        TREATMENT          COMPLETED  A A F T T T ACT
I PHASE2        TREATMENT          COMPLETED  A A T T T T ACT
I PHASE2        TREATMENT          COMPLETED  A A T - T T ACT
I PHASE2        TREATMENT          COMPLETED  A A - T T T ACT
I PHASE2        TREATMENT          COMPLETED  A A F F T T -
I PHASE2        TREATMENT          COMPLETED  A A F - T T -
I PHASE2        TREATMENT          COMPLETED  A A - F T T -
I PHASE2        TREATMENT          COMPLETED  A A - - T T -
I PHASE2        TREATMENT          COMPLETED  A A T F F F ACT
I PHASE2        TREATMENT          COMPLETED  - A T F T T -
I PHASE2        TREATMENT          COMPLETED  - - T F T T -
O PHASE2        TREATMENT          COMPLETED  A A T F T T -
- PHASE2        TREATMENT          COMPLETED  A A T F T T -
I PHASE1        TREATMENT          COMPLETED  A A T F T T -
I EARLY_PHASE1  TREATMENT          COMPLETED  A A T F T T -
I PHASE1/PHASE2 TREATMENT          COMPLETED  A A T F T T ACT
I PHASE2/PHASE3 TREATMENT          COMPLETED  A A T F T T ACT
I PHASE3        TREATMENT          COMPLETED  A A T F T T ACT
I PHASE4        TREATMENT          COMPLETED  A A T F T T ACT
I NA            TREATMENT          COMPLETED  A A T F T T ACT
I -             TREATMENT          COMPLETED  A A T F T T -
I PHASE2        -                  COMPLETED  A A T F T T ACT
I PHASE2        DEVICE_FEASIBILITY COMPLETED  A A T F T T -
I PHASE2        DEVICE_FEASIBILITY COMPLETED  B A - - T T -
I PHASE2        PREVENTION         COMPLETED  A A T F T T ACT
I PHASE2        TREATMENT          WITHDRAWN  A A T F T T -
I PHASE2        TREATMENT          WITHDRAWN  B A - - T T -
I PHASE2        TREATMENT          TERMINATED A A T F T T ACT
I PHASE2        TREATMENT          RECRUITING A A T F T T ACT
I PHASE2        TREATMENT          UNKNOWN    A A T F T T ACT
I PHASE2        TREATMENT          -          A A T F T T ACT
I PHASE2        TREATMENT          COMPLETED  B A T F T T PROBABLE_ACT
I PHASE2        TREATMENT          COMPLETED  B L T F T T PROBABLE_ACT
I PHASE2        TREATMENT          COMPLETED  B A F T T T PROBABLE_ACT
I PHASE2        TREATMENT          COMPLETED  B A T - T T PROBABLE_ACT
I PHASE2        TREATMENT          COMPLETED  B A - T T T PROBABLE_ACT
I PHASE2        TREATMENT          COMPLETED  B A T F F F PROBABLE_ACT
I PHASE2        TREATMENT          COMPLETED  B B T F T T -
I PHASE2        TREATMENT          COMPLETED  B - T F T T -
I PHASE2        TREATMENT          COMPLETED  B A F F T T -
I PHASE2        TREATMENT          COMPLETED  B A F - T T -
I PHASE2        TREATMENT          COMPLETED  B A - F T T -
I PHASE2        TREATMENT          COMPLETED  B A - - T T POSSIBLE_ACT
I PHASE2        TREATMENT          COMPLETED  B L - - T T POSSIBLE_ACT
I PHASE2        TREATMENT          COMPLETED  B A - - F T -
I PHASE2        TREATMENT          COMPLETED  B A - - T F -
I PHASE2        TREATMENT          COMPLETED  B A - - F F -
I PHASE2        TREATMENT          COMPLETED  B B - - T T -
I PHASE2        TREATMENT          COMPLETED  B - - - T T -
I PHASE2        -                  COMPLETED  B A - - T T POSSIBLE_ACT
I PHASE2        TREATMENT          -          B A - - T T POSSIBLE_ACT
I -             TREATMENT          COMPLETED  B A - - T T -
I PHASE1        TREATMENT          COMPLETED  B A - - T T -
- PHASE2        TREATMENT          COMPLETED  B A - - T T -
O PHASE2        TREATMENT          COMPLETED  B A - - T T -
"""

# results | certificate | completed | reported | first QC | restarted | due on | due | late min max | status
# Today is 2026-03-02. Rounds of quality control: "-" none; restarted "-" with a first: all were taken back.
OBLIGATIONS = """
F F 2025-06-30 -          -          -          2026-06-30 F 0   0   0   ONGOING
T F 2025-06-30 2025-12-01 -          -          2026-06-30 F 0   0   0   REPORTED
F F 2025-02-01 -          -          -          2026-02-01 F 0   0   0   ONGOING
F F 2025-01-30 -          -          -          2026-01-30 T 31  31  31  OVERDUE
F F 2025-01-31 -          -          -          2026-01-31 F 0   0   0   ONGOING
F F 2024-03-02 -          -          -          2025-03-02 T 365 365 365 OVERDUE
F F 2023-03-02 -          -          -          2024-03-01 T 731 731 731 OVERDUE
T F 2024-03-02 2025-03-02 -          -          2025-03-02 T 0   0   0   REPORTED
T F 2024-03-02 2025-03-03 -          -          2025-03-02 T 1   1   1   REPORTED_LATE
T F 2024-03-02 2025-04-02 2025-04-02 2025-04-02 2025-03-02 T 31  31  31  REPORTED_LATE
F F 2024-03-02 -          2025-02-01 2025-02-01 2025-03-02 T 0   0   0   REPORTED
F F 2024-03-02 -          2025-02-01 2025-06-01 2025-03-02 T 0   0   91  REPORTED
F F 2024-03-02 -          2025-04-01 2025-06-01 2025-03-02 T 30  30  91  REPORTED_LATE
F F 2024-03-02 -          2025-04-01 -          2025-03-02 T 30  30  365 OVERDUE_CANCELLED
F F 2024-03-02 -          2025-02-01 -          2025-03-02 T 0   0   365 REPORTED
F T 2024-03-02 -          -          -          2027-03-02 F 0   0   0   ONGOING
F T 2023-01-30 -          -          -          2026-01-30 T 31  31  31  OVERDUE
F T 2023-01-31 -          -          -          2026-01-31 F 0   0   0   ONGOING
T T 2022-03-02 2025-03-02 -          -          2025-03-02 T 0   0   0   REPORTED
T T 2022-03-02 2025-03-12 -          -          2025-03-02 T 10  10  10  REPORTED_LATE
F F -          -          -          -          -          F -   -   -   ONGOING
T F -          2025-03-12 -          -          -          F -   -   -   REPORTED
"""

FLAGS = {"T": True, "F": False, "-": None}
DAYS = {"B": LAW - timedelta(days=1), "L": LAW, "A": LAW + timedelta(days=400), "-": None}


def sql(call: str) -> str:
    return jinja2.Template(f"{SOURCE}{{{{ {call} }}}}").render()


def given(text: str) -> str | None:
    return None if text == "-" else text


def a_day(text: str) -> date | None:
    return None if text == "-" else date.fromisoformat(text)


def trial(line: str) -> dict[str, Any]:
    """One row of ACT_CLASSES as the columns that the macro names."""
    kind, phases, purpose, status, start, completed, drug, device, regulated, us, expected = line.split()
    return {
        "study_type": {"I": "INTERVENTIONAL", "O": "OBSERVATIONAL", "-": None}[kind],
        "phases": None if phases == "-" else phases.split("/"),
        "primary_purpose": given(purpose),
        "overall_status": given(status),
        "start_date_last_day": DAYS[start],
        "completed_on": DAYS[completed],
        "is_fda_regulated_drug": FLAGS[drug],
        "is_fda_regulated_device": FLAGS[device],
        "has_regulated_intervention": FLAGS[regulated],
        "has_us_site": FLAGS[us],
        "expected": given(expected),
    }


@pytest.mark.parametrize("line", ACT_CLASSES.strip().splitlines())
def test_the_class_of_a_trial_by_hand(line: str) -> None:
    one = trial(line)
    with duckdb.connect() as con:
        con.register("trials", pa.Table.from_pylist([one], schema=TRIALS))
        assert con.execute(f"select {sql('act_class()')} from trials").fetchall() == [(one["expected"],)]
    assert act_class(one) == one["expected"]


TRIALS = pa.schema(
    [
        ("study_type", pa.string()),
        ("phases", pa.list_(pa.string())),
        ("primary_purpose", pa.string()),
        ("overall_status", pa.string()),
        ("start_date_last_day", pa.date32()),
        ("completed_on", pa.date32()),
        ("is_fda_regulated_drug", pa.bool_()),
        ("is_fda_regulated_device", pa.bool_()),
        ("has_regulated_intervention", pa.bool_()),
        ("has_us_site", pa.bool_()),
    ]
)


def test_the_class_of_every_combination_of_what_may_be_missing() -> None:
    values: dict[str, list[Any]] = {
        "study_type": ["INTERVENTIONAL", "OBSERVATIONAL", None],
        "phases": [["PHASE2"], ["PHASE1"], ["NA"], None],
        "primary_purpose": ["TREATMENT", "DEVICE_FEASIBILITY", None],
        "overall_status": ["COMPLETED", "WITHDRAWN", None],
        "start_date_last_day": list(DAYS.values()),
        "completed_on": list(DAYS.values()),
        "is_fda_regulated_drug": list(FLAGS.values()),
        "is_fda_regulated_device": list(FLAGS.values()),
        "has_regulated_intervention": [True, False],
        "has_us_site": [True, False],
    }
    trials = [dict(zip(values, each, strict=True)) for each in product(*values.values())]
    with duckdb.connect() as con:
        con.register("trials", pa.Table.from_pylist(trials, schema=TRIALS))
        found = [row for (row,) in con.execute(f"select {sql('act_class()')} from trials").fetchall()]
    assert found == [act_class(one) for one in trials]
    assert {"ACT", "PROBABLE_ACT", "POSSIBLE_ACT", None} == set(found)


@pytest.mark.parametrize("line", OBLIGATIONS.strip().splitlines())
def test_where_an_obligation_stands_by_hand(line: str) -> None:
    results, certificate, completed, reported, started, restarted, due, is_due, *late, status = line.split()
    first_sent = a_day(reported) or a_day(started)
    row = {
        "has_results": FLAGS[results],
        "has_certificate": FLAGS[certificate],
        "completed_on": a_day(completed),
        "reported_on": first_sent,
        "qc_started_on": a_day(started),
        "qc_restarted_on": a_day(restarted),
        "is_cancelled": started != "-" and restarted == "-",
        "today": TODAY,
    }
    strictest = "case when qc_started_on is null then reported_on else qc_restarted_on end"
    dates = ("completed_on", "reported_on", "qc_started_on", "qc_restarted_on", "today")
    schema = pa.schema([(name, pa.date32() if name in dates else pa.bool_()) for name in row])
    with duckdb.connect() as con:
        con.register("rows", pa.Table.from_pylist([row], schema=schema))
        found = con.execute(f"""
            with dated as (
                select
                    *,
                    {sql("results_due_on()")} as due_on,
                    {sql("are_results_due('today')")} as is_due
                from rows
            ),
            measured as (
                select
                    *,
                    {sql("days_late('reported_on', 'today')")} as days_late,
                    {sql("days_late('coalesce(qc_started_on, reported_on)', 'today')")} as min_days_late,
                    {sql(f"days_late('{strictest}', 'today')")} as max_days_late
                from dated
            )
            select
                due_on, is_due, days_late, min_days_late, max_days_late, {sql("obligation_status()")}
            from measured
        """).fetchall()
    days = [None if each == "-" else int(each) for each in late]
    assert found == [(a_day(due), FLAGS[is_due], *days, status)]


def test_the_day_from_which_results_are_overdue_is_the_first_on_which_they_are() -> None:
    """Every day of four years, for every combination of what may have been sent."""
    dates = ("completed_on", "reported_on", "qc_started_on")
    sent = [None, date(2024, 12, 1), date(2025, 3, 2), date(2025, 3, 31), date(2025, 4, 5)]
    rows = [
        {
            "has_results": results,
            "has_certificate": certificate,
            "completed_on": completed,
            "reported_on": reported or started,
            "qc_started_on": started,
            "is_cancelled": started is not None and cancelled,
        }
        for results, certificate, completed, reported, started, cancelled in product(
            [True, False],
            [True, False],
            [None, date(2024, 2, 29), date(2024, 3, 2), date(2023, 12, 31)],
            sent,
            sent,
            [True, False],
        )
    ]
    schema = pa.schema([(name, pa.date32() if name in dates else pa.bool_()) for name in rows[0]])
    with duckdb.connect() as con:
        con.register("rows", pa.Table.from_pylist(rows, schema=schema))
        ((compared, differing, overdue),) = con.execute(f"""
            with dated as (
                select *, days::date as today, {sql("results_due_on()")} as due_on
                from rows
                cross join generate_series(date '2024-01-01', date '2027-12-31', interval 1 day) as _ (days)
            ),
            measured as (
                select
                    *,
                    {sql("are_results_due('today')")} as is_due,
                    {sql("days_late('reported_on', 'today')")} as days_late
                from dated
            ),
            judged as (
                select
                    {sql("obligation_status()")} in ('OVERDUE', 'OVERDUE_CANCELLED') as is_overdue,
                    coalesce(today >= {sql("overdue_from()")}, false) as is_from_then
                from measured
            )
            select count(*), count(*) filter (is_overdue <> is_from_then), count(*) filter (is_overdue)
            from judged
        """).fetchall()
    assert differing == 0
    assert compared > 400_000
    assert overdue > 40_000
