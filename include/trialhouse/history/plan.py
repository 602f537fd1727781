"""Which versions of a trial are worth a request each. No I/O.

`Study Status` stands beside nearly every version, for each moves at least the date of verification: the
default labels leave almost nothing out. Narrower labels do, and lose no change of status: the index names it.
"""

from collections.abc import Sequence

from trialhouse.history.answers import Change

WANTED_LABELS = ("Study Status", "Outcome Measures", "Study Design", "Contacts/Locations")


def wanted_versions(changes: Sequence[Change], labels: Sequence[str]) -> list[int]:
    """Versions to read, of an index in order: the registration, those that touch a label, and each at which
    the status moved, because the reason for stopping stands there."""
    wanted = []
    for before, change in zip([None, *changes], changes, strict=False):
        is_status_change = before is None or before.status != change.status
        if is_status_change or not set(labels).isdisjoint(change.module_labels):
            wanted.append(change.version_number)
    return wanted
