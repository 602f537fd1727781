"""Run days in a process of its own, which may be killed: `one_run.py sync|publish DAY ...`.

Before each step it says on stdout what it does next, so that a killer can count from there.
"""

import sys
from datetime import date

from trialhouse import gates
from trialhouse.errors import TrialhouseError
from trialhouse.publish import publish
from trialhouse.settings import Settings, load_settings
from trialhouse.sync import sync_day
from trialhouse.warehouse import awaits_build, build_marts


def run_day(settings: Settings, day: date, *, with_build: bool) -> None:
    tell("sync", day)
    sync_day(settings, day)
    if not with_build or not awaits_build(settings, day):
        return
    tell("prepare", day)
    import dbt.cli.main
    import great_expectations  # noqa: F401

    tell("check_raw", day)
    gates.check_raw(settings, day)
    tell("build", day)
    build_marts(settings, day)
    tell("check_marts", day)
    gates.check_marts(settings, day)
    tell("flag", day)
    gates.flag_status_changes(settings, day)
    tell("publish", day)
    publish(settings)


def tell(step: str, day: date) -> None:
    print(step, day, flush=True)


def main(last_step: str, days: list[str]) -> None:
    settings = load_settings()
    for day in days:
        run_day(settings, date.fromisoformat(day), with_build=last_step == "publish")


if __name__ == "__main__":
    try:
        main(sys.argv[1], sys.argv[2:])
    except TrialhouseError as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
