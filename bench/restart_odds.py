"""Score how well the reason of a suspension tells whether the trial will restart within a year.

python bench/restart_odds.py [FOLDER]     files of bgcarlisle/ctcovidstop (CC BY 4.0); default: the real data
python bench/restart_odds.py --seed       print dbt_project/seeds/restart_odds.csv made from them

Shares of the earlier period (stops up to 2019-11) are the forecast, the suspensions of the later one that
the pandemic did not cause are what it is scored on. Brier score: the mean of (forecast - outcome)².
"""

import sys
from pathlib import Path

import duckdb
import jinja2

from trialhouse.settings import PROJECT

MACRO = PROJECT / "dbt_project" / "macros" / "stop_reason.sql"
REAL_DATA = PROJECT.parent / "shared" / "data" / "stopped_trials"
FILES = {"2016-12 to 2019-11": "comparator.csv", "2019-12 to 2022-11": "c19stoppedtrials.csv"}
EARLIER, LATER = FILES
# Restarted: any other status, as the source counts; resumed: one in which the trial goes on.
RESUMED = ("Recruiting", "Not yet recruiting", "Active, not recruiting", "Enrolling by invitation")


def main() -> None:
    """Print the seed, or the score."""
    arguments = [each for each in sys.argv[1:] if each != "--seed"]
    with duckdb.connect() as con:
        create_stops(con, Path(arguments[0]) if arguments else REAL_DATA)
        if "--seed" in sys.argv:
            sys.stdout.write(seed(con))
            return
        print_shares(con)
        constant, by_reason, count = brier_scores(con)
        print(f"\nBrier score of {count} suspensions: constant {constant:.4f}, by reason {by_reason:.4f}")


def create_stops(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Table `stops`: a row a stopped trial, with the reason the macro reads and the days until a restart."""
    reason = jinja2.Template(
        f"""{MACRO.read_text()}{{{{ stop_reason("nullif(why_stopped, 'NA')", "upper(stop_status)") }}}}"""
    ).render()
    periods = " union all by name ".join(
        f"select '{period}' as period, * from read_csv('{folder / file}', all_varchar = true)"
        for period, file in FILES.items()
    )
    con.execute(f"""
        create table stops as
        select
            period,
            nctid as nct_id,
            upper(stop_status) as status,
            nullif(why_stopped, 'NA') as why_stopped,
            {reason} as stop_reason,
            covid19_explicit = 'TRUE' as is_pandemic_by_hand,
            date_diff('day', cast(stop_date as date), try_cast(restart_date as date)) as days_until_restart,
            restart_status in {RESUMED} as is_resumed
        from ({periods})
    """)


def seed(con: duckdb.DuckDBPyConnection) -> str:
    """CSV: how many trials were suspended for a reason in a period, how many restarted within some days."""
    rows = con.execute("""
        select
            stop_reason,
            period,
            count(*),
            count(*) filter (days_until_restart <= 90),
            count(*) filter (days_until_restart <= 180),
            count(*) filter (days_until_restart <= 365),
            count(*) filter (days_until_restart <= 365 and is_resumed)
        from stops
        where status = 'SUSPENDED'
        group by stop_reason, period
        order by stop_reason, period
    """).fetchall()
    head = (
        "stop_reason,period,suspended_count,restarted_within_90_days,restarted_within_180_days,"
        "restarted_within_365_days,resumed_within_365_days"
    )
    return "\n".join([head, *(",".join(map(str, row)) for row in rows), ""])


def print_shares(con: duckdb.DuckDBPyConnection) -> None:
    """Each period's shares side by side, without what the source marks as stopped by the pandemic."""
    print(f"{'reason':<26}{EARLIER:>22}{LATER:>22}")
    for reason, *cells in con.execute(f"""
        select
            stop_reason,
            avg(coalesce(days_until_restart <= 365, false)::int) filter (period = '{EARLIER}'),
            count(*) filter (period = '{EARLIER}'),
            avg(coalesce(days_until_restart <= 365, false)::int) filter (period = '{LATER}'),
            count(*) filter (period = '{LATER}')
        from stops
        where status = 'SUSPENDED' and is_pandemic_by_hand is not true
        group by stop_reason
        order by 2 desc nulls last
    """).fetchall():
        shares = [
            f"{share:.2f} ({count})" if count else ""
            for share, count in zip(cells[::2], cells[1::2], strict=True)
        ]
        print(f"{reason:<26}{shares[0]:>22}{shares[1]:>22}")


def brier_scores(con: duckdb.DuckDBPyConnection) -> tuple[float, float, int]:
    """Of a constant share and of the share by reason, both of the earlier period; and on how many scored."""
    (scores,) = con.execute(f"""
        with suspensions as (
            select *, coalesce(days_until_restart <= 365, false)::int as outcome
            from stops
            where status = 'SUSPENDED' and is_pandemic_by_hand is not true
        ),
        constant as (select avg(outcome) as share from suspensions where period = '{EARLIER}'),
        by_reason as (
            select stop_reason, avg(outcome) as share
            from suspensions
            where period = '{EARLIER}'
            group by stop_reason
        )
        select
            avg(pow(constant.share - outcome, 2)),
            avg(pow(coalesce(by_reason.share, constant.share) - outcome, 2)),
            count(*)
        from suspensions
        cross join constant
        left join by_reason using (stop_reason)
        where period = '{LATER}'
    """).fetchall()
    return scores


if __name__ == "__main__":
    main()
