"""What a sponsor may do to a record in one update, given how the trial stands."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import accumulate
from random import Random
from typing import NamedTuple

from trialhouse.local_registry.made_up_words import PAUSE_REASONS, STOP_REASONS
from trialhouse.local_registry.profiles import Profile

OPEN = ("RECRUITING", "ENROLLING_BY_INVITATION")
NO_REASON_SHARE = 0.06

_ONLY_STATUS = {"EXPANDED_ACCESS": "AVAILABLE", "WITHHELD": "WITHHELD"}


class Facts(NamedTuple):
    """What can change in a made-up record.

    A named tuple: replacing a field of one is six times as fast, and a large registry does little else.

    outcome_edition, contact_edition: how often the primary outcome was rewritten, the contact replaced.
    results_submitted: when the results that are posted with this version were sent.
    """

    status: str
    start: date
    start_is_actual: bool
    primary_completion: date
    primary_completion_is_actual: bool
    completion: date
    completion_is_actual: bool
    enrollment: int
    enrollment_is_actual: bool
    sites: int
    why_stopped: str | None = None
    outcome_edition: int = 0
    contact_edition: int = 0
    results_submitted: date | None = None


Action = Callable[[Facts, Random, date, Profile], Facts]


def registered(profile: Profile, rng: Random) -> Facts:
    """The record as first submitted: mostly planned, sometimes running, sometimes over."""
    today, length = profile.first_submitted, timedelta(days=profile.duration_days)
    draw = rng.random()
    if draw < 0.62:
        start = today + timedelta(days=rng.randint(5, 150))
    elif draw < 0.90:
        start = today - timedelta(days=rng.randint(1, min(300, profile.duration_days - 60)))
    else:
        start = today - length - timedelta(days=rng.randint(100, 900))
    is_planned, is_over = draw < 0.62, draw >= 0.90
    completion = start + length
    primary = completion - timedelta(days=rng.choice((0, 0, 30, 90, 60)))
    status = "NOT_YET_RECRUITING" if is_planned else "COMPLETED" if is_over else profile.open_status
    status = _ONLY_STATUS.get(profile.study_type, status)
    return Facts(
        status,
        start,
        not is_planned,
        primary,
        is_over,
        completion,
        is_over,
        profile.target,
        is_over,
        profile.sites,
    )


def act(facts: Facts, rng: Random, today: date, profile: Profile) -> Facts:
    """The next version of the record: what is overdue first, otherwise what chance brings."""
    overdue = _OVERDUE.get(facts.status)
    if overdue is not None and profile.study_type != "EXPANDED_ACCESS":
        due, usual, otherwise = overdue
        if due(facts) < today:
            return (usual if rng.random() < 0.6 else otherwise)(facts, rng, today, profile)
    actions, cumulated = _CHANCES[facts.status]
    return rng.choices(actions, cum_weights=cumulated)[0](facts, rng, today, profile)


def _open(facts: Facts, rng: Random, today: date, profile: Profile) -> Facts:
    start = max(today - timedelta(days=rng.randint(0, 25)), profile.first_submitted)
    delay = max(start - facts.start, timedelta())
    return facts._replace(
        status=profile.open_status,
        start=start,
        start_is_actual=True,
        primary_completion=facts.primary_completion + delay,
        completion=facts.completion + delay,
    )


def _slip(facts: Facts, rng: Random, today: date, profile: Profile) -> Facts:
    """Completion moves to a later date, at least into the future."""
    late = max(today - facts.completion, timedelta())
    moved = late + timedelta(days=rng.choice((31, 61, 92, 153, 184, 365)))
    completion = facts.completion + moved
    if facts.primary_completion_is_actual:
        return facts._replace(completion=completion)
    return facts._replace(completion=completion, primary_completion=facts.primary_completion + moved)


def _slip_start(facts: Facts, rng: Random, today: date, profile: Profile) -> Facts:
    moved = max(today - facts.start, timedelta()) + timedelta(days=rng.choice((31, 61, 92)))
    return facts._replace(
        start=facts.start + moved,
        primary_completion=facts.primary_completion + moved,
        completion=facts.completion + moved,
    )


def _gain_sites(facts: Facts, rng: Random, today: date, profile: Profile) -> Facts:
    return facts._replace(sites=facts.sites + rng.randint(1, 3))


def _change_target(facts: Facts, rng: Random, today: date, profile: Profile) -> Facts:
    changed = round(facts.enrollment * rng.choice((0.5, 0.75, 0.8, 1.25, 1.5, 2.0)))
    return facts._replace(enrollment=changed if changed != facts.enrollment else changed + 4)


def _switch_outcome(facts: Facts, rng: Random, today: date, profile: Profile) -> Facts:
    return facts._replace(outcome_edition=facts.outcome_edition + 1)


def _refresh(facts: Facts, rng: Random, today: date, profile: Profile) -> Facts:
    """Verified again; every second time with another contact."""
    return facts._replace(contact_edition=facts.contact_edition + rng.randint(0, 1))


def _suspend(facts: Facts, rng: Random, today: date, profile: Profile) -> Facts:
    return facts._replace(status="SUSPENDED", why_stopped=_reason(PAUSE_REASONS, rng))


def _resume(facts: Facts, rng: Random, today: date, profile: Profile) -> Facts:
    return facts._replace(status=profile.open_status, why_stopped=None)


def _close(facts: Facts, rng: Random, today: date, profile: Profile) -> Facts:
    """No more enrolment; follow-up goes on, at least for a while."""
    return facts._replace(
        status="ACTIVE_NOT_RECRUITING",
        completion=max(facts.completion, today + timedelta(days=rng.randint(30, 300))),
        enrollment=_enrolled(facts, rng, 0.85),
        enrollment_is_actual=rng.random() < 0.5,
    )


def _end(facts: Facts, today: date, rng: Random) -> Facts:
    """The last visit was some days ago; the primary completion is no later."""
    completion = max(min(facts.completion, today - timedelta(days=rng.randint(1, 60))), facts.start)
    return facts._replace(
        primary_completion=min(facts.primary_completion, completion),
        primary_completion_is_actual=True,
        completion=completion,
        completion_is_actual=True,
        enrollment_is_actual=True,
    )


def _complete(facts: Facts, rng: Random, today: date, profile: Profile) -> Facts:
    ended = _end(facts, today, rng)
    return ended._replace(status="COMPLETED", enrollment=_enrolled(facts, rng, 0.9))


def _terminate(facts: Facts, rng: Random, today: date, profile: Profile) -> Facts:
    ended = _end(facts, today, rng)
    reason = _reason(STOP_REASONS, rng)
    return ended._replace(status="TERMINATED", why_stopped=reason, enrollment=_enrolled(facts, rng, 0.35))


def _withdraw(facts: Facts, rng: Random, today: date, profile: Profile) -> Facts:
    reason = _reason(STOP_REASONS, rng)
    return facts._replace(status="WITHDRAWN", why_stopped=reason, enrollment=0, enrollment_is_actual=True)


def _post_results(facts: Facts, rng: Random, today: date, profile: Profile) -> Facts:
    """Results come at least half a year after the end, from interventional trials that enrolled somebody."""
    can = profile.study_type == "INTERVENTIONAL" and today > facts.completion + timedelta(days=180)
    if facts.results_submitted is not None or not can or facts.enrollment < 2:
        return _refresh(facts, rng, today, profile)
    return facts._replace(results_submitted=today - timedelta(days=rng.randint(0, 60)))


def _reopen(facts: Facts, rng: Random, today: date, profile: Profile) -> Facts:
    """A completion that was entered by mistake; never once results are posted."""
    if facts.results_submitted is not None:
        return _refresh(facts, rng, today, profile)
    later = today + timedelta(days=rng.randint(60, 300))
    return facts._replace(status="ACTIVE_NOT_RECRUITING", completion=later, completion_is_actual=False)


def _to(status: str) -> Action:
    def move(facts: Facts, rng: Random, today: date, profile: Profile) -> Facts:
        return facts._replace(status=status)

    return move


def _reason(reasons: tuple[str, ...], rng: Random) -> str | None:
    """A few sponsors say nothing."""
    return None if rng.random() < NO_REASON_SHARE else rng.choice(reasons)


def _enrolled(facts: Facts, rng: Random, share: float) -> int:
    if facts.enrollment_is_actual:
        return facts.enrollment
    return max(1, round(facts.enrollment * share * rng.uniform(0.6, 1.2)))


_OPEN_OVERDUE = (lambda facts: facts.primary_completion, _close, _slip)
_OPEN_CHANCES: dict[Action, float] = {
    _refresh: 38, _gain_sites: 17, _slip: 15, _change_target: 8, _switch_outcome: 6,
    _close: 8, _suspend: 20, _terminate: 9, _complete: 1,
}  # fmt: skip
_OVERDUE: dict[str, tuple[Callable[[Facts], date], Action, Action]] = {
    "NOT_YET_RECRUITING": (lambda facts: facts.start, _open, _slip_start),
    "RECRUITING": _OPEN_OVERDUE,
    "ENROLLING_BY_INVITATION": _OPEN_OVERDUE,
    "ACTIVE_NOT_RECRUITING": (lambda facts: facts.completion, _complete, _slip),
}
_WEIGHTS: dict[str, dict[Action, float]] = {
    "NOT_YET_RECRUITING": {_refresh: 30, _open: 30, _slip_start: 15, _withdraw: 9, _gain_sites: 8},
    "RECRUITING": _OPEN_CHANCES,
    "ENROLLING_BY_INVITATION": _OPEN_CHANCES,
    "SUSPENDED": {_refresh: 35, _resume: 35, _terminate: 15, _slip: 15},
    "ACTIVE_NOT_RECRUITING": {_refresh: 60, _slip: 15, _complete: 15, _switch_outcome: 4, _terminate: 3},
    "COMPLETED": {_refresh: 80, _post_results: 18, _reopen: 1},
    "TERMINATED": {_refresh: 80, _post_results: 15},
    "WITHDRAWN": {_refresh: 1},
    "AVAILABLE": {_refresh: 70, _to("NO_LONGER_AVAILABLE"): 10, _to("APPROVED_FOR_MARKETING"): 10,
                  _to("TEMPORARILY_NOT_AVAILABLE"): 8},
    "TEMPORARILY_NOT_AVAILABLE": {_refresh: 50, _to("AVAILABLE"): 50},
    "NO_LONGER_AVAILABLE": {_refresh: 1},
    "APPROVED_FOR_MARKETING": {_refresh: 1},
}  # fmt: skip
_CHANCES = {
    status: (list(weights), list(accumulate(weights.values()))) for status, weights in _WEIGHTS.items()
}
