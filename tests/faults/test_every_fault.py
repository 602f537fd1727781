"""The suite misses no fault that the local registry knows."""

from faults.answers import STRUCK
from faults.damages import DAMAGES
from faults.test_bad_days import BAD_DAYS
from trialhouse.local_registry.faults import FAULTS


def test_every_fault_of_the_local_registry_strikes() -> None:
    assert {fault.name for fault in STRUCK} == set(FAULTS)


def test_at_least_twenty_five_faults_are_told_apart() -> None:
    names = [
        {each.name for each in STRUCK},
        {each.name for each in DAMAGES},
        {each.name for each in BAD_DAYS},
    ]
    assert len(set.union(*names)) >= 25
