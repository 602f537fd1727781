"""Five questions to the published file: a few lines of SQL each, a table or a chart, a sentence, its caveat.

.venv/bin/marimo edit examples/five_questions.py    in a browser, to change it
.venv/bin/marimo run examples/five_questions.py     the same, to read
"""

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="Five questions to the trials warehouse")

with app.setup:
    import altair as alt
    import duckdb
    import marimo as mo
    import pyarrow as pa

    from trialhouse.settings import load_settings


@app.function
def total(answer: pa.Table, column: str) -> int:
    return sum(answer[column].to_pylist())


@app.function
def shown(
    question: str, answer: pa.Table, says: str, if_none: str, caveat: str, chart: alt.Chart | None = None
) -> mo.Html:
    """A question with its sentence, chart, table and what they do not say; or why there are no rows."""
    heading = mo.md(f"## {question}")
    if answer.num_rows == 0:
        return mo.vstack([heading, mo.md(f"**No rows.** {if_none}")])
    parts = [heading, mo.md(says), chart, mo.ui.table(answer, selection=None), mo.md(f"*{caveat}*")]
    return mo.vstack([part for part in parts if part is not None])


@app.cell
def _():
    file = load_settings().published_file
    mo.stop(not file.exists(), mo.md(f"Nothing is published at `{file}`. `make run` makes it."))

    def ask(query: str) -> pa.Table:
        """The file is opened for each question alone: the next one meets what was published last."""
        with duckdb.connect(str(file), read_only=True) as con:
            return con.sql(query).to_arrow_table()

    days = ask("""
        select count(*) as days_count, min(snapshot_date) as first_day, max(snapshot_date) as last_day
        from marts.dim_snapshots
    """).to_pylist()[0]
    mo.md(
        f"# Five questions\n\n`{file}`: {days['days_count']} days of the registry, {days['first_day']} to"
        f" {days['last_day']}. What our snapshots saw begins with the first of them. Ids NCT9… are made up."
    )
    return (ask,)


@app.cell
def _(ask):
    reasons = ask("""
        select
            coalesce(trials.phase_label, 'No phase given') as phase,
            reasons.stop_reason_label as reason,
            count(*) as trials_count
        from marts.dim_trials as trials
        inner join marts.dim_stop_reasons as reasons on trials.stop_reason = reasons.stop_reason
        group by phase, reason
        order by phase, trials_count desc, reason
    """)
    shown(
        "1. Why do trials stop, by phase?",
        reasons,
        f"{total(reasons, 'trials_count')} trials stand suspended, terminated or withdrawn; a larger circle"
        " is more of them.",
        "No trial stands suspended, terminated or withdrawn.",
        "The sponsors' own sentences, sorted by rules (decision 0013); one that names two reasons counts"
        " under one of them. A trial that stopped and went on is not here.",
        alt.Chart(reasons).mark_circle().encode(x="reason", y="phase", size="trials_count"),
    )
    return (reasons,)


@app.cell
def _(ask):
    pauses = ask("""
        with stretches as (
            select
                *,
                lead(status) over (partition by nct_id order by status_number) in (
                    'NOT_YET_RECRUITING', 'RECRUITING', 'ENROLLING_BY_INVITATION', 'ACTIVE_NOT_RECRUITING'
                ) as is_resumed
            from marts.fct_status_history
        )
        select
            if(is_start_observed or source = 'HISTORY', 'known', 'before our first snapshot') as pause_began,
            count(*) as pauses_count,
            count(*) filter (is_resumed) as resumed_count,
            count(*) filter (not is_current and not is_resumed) as ended_otherwise_count,
            count(*) filter (is_current) as still_paused_count,
            median(status_days) filter (is_resumed) as median_days_to_resume,
            median(status_days) filter (is_current) as median_days_paused_so_far
        from stretches
        where status = 'SUSPENDED'
        group by pause_began
        order by pause_began
    """)
    shown(
        "2. How many suspended trials resume, and after how long?",
        pauses,
        f"Of {total(pauses, 'pauses_count')} pauses {total(pauses, 'resumed_count')} ended with the trial"
        f" going on, {total(pauses, 'still_paused_count')} last.",
        "No trial was ever seen suspended.",
        "A pause that began before our first snapshot is longer than the days counted. While the file is"
        " young only short pauses can have ended: their median is not how long a pause takes.",
    )
    return (pauses,)


@app.cell
def _(ask):
    slips = ask("""
        with moves as (
            select nct_id, days_moved, change_type = 'MOVED_LATER' as is_slip
            from marts.fct_date_moves
            where date_field = 'primary_completion_date' and source = 'SNAPSHOTS'
        )
        select
            coalesce(trials.lead_sponsor_class, 'not given') as sponsor_class,
            count(distinct trials.nct_id) as planned_count,
            count(distinct trials.nct_id) filter (moves.is_slip) as slipped_count,
            round(100 * slipped_count / planned_count, 1) as slipped_percent,
            median(moves.days_moved) filter (moves.is_slip) as median_slip_days,
            max(moves.days_moved) filter (moves.is_slip) as longest_slip_days
        from marts.dim_trials as trials
        left join moves on trials.nct_id = moves.nct_id
        where trials.primary_completion_date_type = 'ESTIMATED' or moves.nct_id is not null
        group by sponsor_class
        order by slipped_percent desc, sponsor_class
    """)
    shown(
        "3. Whose primary completion slips?",
        slips,
        f"{total(slips, 'slipped_count')} of {total(slips, 'planned_count')} trials with a planned primary"
        " completion moved it to a later day while we looked.",
        "No trial has a planned primary completion.",
        "Only slips between two snapshots of ours: who was watched for longer had more days to slip on. A"
        " small class soon has a large share.",
        alt.Chart(slips).mark_bar().encode(x="slipped_percent", y=alt.Y("sponsor_class", sort="-x")),
    )
    return (slips,)


@app.cell
def _(ask):
    outcomes = ask(r"""
        select
            event_type,
            count(*) as changes_count,
            count(distinct nct_id) as trials_count,
            count(*) filter (cast(details ->> '$.is_after_start' as boolean)) as after_start_count,
            count(*) filter (cast(details ->> '$.is_after_completion' as boolean)) as after_completion_count,
            count(*) filter (cast(details ->> '$.needs_review' as boolean)) as to_be_read_count
        from marts.fct_trial_events
        where event_type like '%\_OUTCOME\_%' escape '\'
        group by event_type
        order by changes_count desc, event_type
    """)
    shown(
        "4. Which outcomes are switched after the start?",
        outcomes,
        f"{total(outcomes, 'after_start_count')} of {total(outcomes, 'changes_count')} changes of outcomes"
        " came in a version submitted after the start that the record gave before.",
        "No snapshot of ours shows a primary outcome that changed, or a secondary one that became primary.",
        "Rules pair the outcomes of two versions (decision 0016). Those to be read may be reworded or"
        " replaced: a person tells which; queries/08 lists them one by one.",
    )
    return (outcomes,)


@app.cell
def _(ask):
    overdue = ask("""
        select
            coalesce(trials.lead_sponsor_class, 'not given') as sponsor_class,
            count(*) as due_count,
            count(*) filter (obligations.obligation_status like 'OVERDUE%') as overdue_count,
            round(100 * overdue_count / due_count, 1) as overdue_percent,
            median(obligations.days_late) filter (
                obligations.obligation_status like 'OVERDUE%'
            ) as median_days_overdue
        from marts.fct_results_obligations as obligations
        inner join marts.dim_trials as trials on obligations.nct_id = trials.nct_id
        where obligations.is_due and obligations.obligation_status <> 'NO_LONGER_OBLIGED'
        group by sponsor_class
        order by overdue_count desc, sponsor_class
    """)
    shown(
        "5. Whose results seem overdue?",
        overdue,
        f"Of {total(overdue, 'due_count')} trials whose results the law may ask for by now,"
        f" {total(overdue, 'overdue_count')} show none.",
        "No trial has results that the law may ask for by now.",
        "Estimates from the public record, never findings (decision 0015): who is obliged is known to the"
        " sponsor and the FDA alone, and a planned completion counts until the sponsor moves it.",
        alt.Chart(overdue).mark_bar().encode(x="overdue_count", y=alt.Y("sponsor_class", sort="-x")),
    )
    return (overdue,)


if __name__ == "__main__":
    app.run()
