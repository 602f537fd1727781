"""What never changes about a made-up trial: what kind it is, who runs it, when it was registered."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from random import Random

from trialhouse.local_registry.departures import leaves
from trialhouse.local_registry.made_up_words import SPONSOR_WEIGHTS, SPONSORS, Sponsor
from trialhouse.local_registry.mesh_terms import CONDITIONS, MeshTerm
from trialhouse.local_registry.publishing_days import first_publishing_day, publishing_day_before
from trialhouse.local_registry.seeds import mixed, random_for

RECENT_SHARE = 0.10
RECENT_PUBLISHING_DAYS = 50
RECENT_DAYS = 70
OLDEST_DAYS = 4_300

_REGISTRATION, _PROFILE = 1, 2
_SPONSOR_WEIGHTS = list(accumulate(SPONSOR_WEIGHTS))
_STUDY_TYPES = ("INTERVENTIONAL", "OBSERVATIONAL", "EXPANDED_ACCESS", "WITHHELD")
_STUDY_TYPE_WEIGHTS = (76, 98.6, 99.7, 100)
_PHASES: tuple[tuple[str, ...], ...] = (
    ("NA",), ("PHASE2",), ("PHASE1",), ("PHASE3",), ("PHASE4",),
    ("PHASE1", "PHASE2"), ("PHASE2", "PHASE3"), ("EARLY_PHASE1",),
)  # fmt: skip
_PHASE_WEIGHTS = (50, 65, 76, 85, 93, 97, 98.8, 100)


@dataclass(frozen=True, slots=True)
class Profile:
    """One made-up trial.

    study_type: the registry's, or WITHHELD for a record that hides everything.
    has_month_dates: the sponsor writes months where a day is allowed.
    has_untyped_dates: an old record whose start date never said whether it is actual or estimated.
    """

    index: int
    nct_id: str
    first_submitted: date
    first_posted: date
    study_type: str
    phases: tuple[str, ...]
    sponsor: Sponsor
    conditions: tuple[MeshTerm, ...]
    target: int
    sites: int
    duration_days: int
    open_status: str
    has_month_dates: bool
    has_untyped_dates: bool


def nct_id_of_index(index: int) -> str:
    """NCT9xxxxxxx: nobody takes it for a real trial."""
    return f"NCT9{index:07d}"


def first_posted(seed: int, index: int, last_day: date) -> date:
    """The day the trial enters the registry: a tenth of them lately, the rest over twelve years.

    A trial that leaves in the sample was there before it.
    """
    bits = mixed(seed, index, _REGISTRATION)
    share, place = (bits & 0xFFFF) / 0x1_0000, (bits >> 32) / 0x1_0000_0000
    if share < RECENT_SHARE and not leaves(seed, index):
        return publishing_day_before(last_day, int(place * RECENT_PUBLISHING_DAYS))
    return first_publishing_day(last_day - timedelta(days=RECENT_DAYS + int(place * OLDEST_DAYS)))


def profile(seed: int, index: int, last_day: date) -> Profile:
    """Draw everything about the trial that stays."""
    rng = random_for(seed, index, _PROFILE)
    posted = first_posted(seed, index, last_day)
    study_type = rng.choices(_STUDY_TYPES, cum_weights=_STUDY_TYPE_WEIGHTS)[0]
    phases = rng.choices(_PHASES, cum_weights=_PHASE_WEIGHTS)[0]
    return Profile(
        index=index,
        nct_id=nct_id_of_index(index),
        first_submitted=posted - timedelta(days=rng.randint(1, 5)),
        first_posted=posted,
        study_type=study_type,
        phases=phases if study_type == "INTERVENTIONAL" else (),
        sponsor=rng.choices(SPONSORS, cum_weights=_SPONSOR_WEIGHTS)[0],
        conditions=tuple(rng.sample(CONDITIONS, 1 if rng.random() < 0.8 else 2)),
        target=_target(rng),
        sites=_sites(rng),
        duration_days=rng.randint(120, 1_800),
        open_status="ENROLLING_BY_INVITATION" if rng.random() < 0.05 else "RECRUITING",
        has_month_dates=rng.random() < 0.25,
        has_untyped_dates=posted.year < 2017 and rng.random() < 0.4,
    )


def _target(rng: Random) -> int:
    """Planned participants: mostly tens, sometimes thousands."""
    return max(4, round(rng.lognormvariate(4.2, 1.1)))


def _sites(rng: Random) -> int:
    """Most trials have one site, one in thirty none yet."""
    return rng.choices((0, 1, 2, 4, 9, 18), cum_weights=(3, 63, 74, 86, 95, 100))[0]
