"""How much of a registry may change between two days that are compared."""

# 2026-11-23: after a longer pause nobody can tell a year's changes from a fault; a person looks.
MOST_DAYS_COUNTED = 30


def allowed_in_days(records: int, share_a_day: float, least: int, days: int) -> int:
    """A share of the records for each day between, but at least a few: small registries change in leaps."""
    return max(least, int(records * share_a_day * min(max(days, 1), MOST_DAYS_COUNTED)))
