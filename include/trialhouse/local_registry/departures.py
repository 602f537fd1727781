"""Which made-up trials leave the registry in the sample, when, and whether they come back.

Decided by the index alone, so that listing a day needs no trial's life. Days are counted in the last
fortnight of publishing days: position 0 is the first, 13 the last.
"""

FORTNIGHT = 14
NEVER = 1_000_000

_VANISHES_EVERY, _VANISHES_AT = 211, 17
_MERGES_EVERY, _MERGES_AT = 499, 101


def leaves(seed: int, index: int) -> bool:
    """Whether the trial vanishes, is merged, or takes another one in; such a one is there from long ago."""
    return vanishes(seed, index) or merges(seed, index) or merges(seed, index + 1)


def vanishes(seed: int, index: int) -> bool:
    """About one in two hundred."""
    return (index + seed) % _VANISHES_EVERY == _VANISHES_AT


def merges(seed: int, index: int) -> bool:
    """About one in five hundred turns out to be a double of the trial with the id before."""
    if (index + seed) % _MERGES_EVERY != _MERGES_AT or index == 0:
        return False
    return not vanishes(seed, index) and not vanishes(seed, index - 1)


def absence(seed: int, index: int) -> tuple[int, int]:
    """First position without the trial and first position with it again; every second one comes back."""
    number = (index + seed) // _VANISHES_EVERY
    gone = 2 + number * 4 % 11
    return gone, gone + 1 + number % 3 if number % 2 == 0 else NEVER


def merge_position(seed: int, index: int) -> int:
    """First position at which the trial is only an alias."""
    return 3 + (index + seed) // _MERGES_EVERY * 5 % 10


def merging_indices(seed: int, size: int) -> list[int]:
    """Every trial that is merged in the sample, without looking at the others."""
    first = (_MERGES_AT - seed) % _MERGES_EVERY
    return [index for index in range(first, size, _MERGES_EVERY) if merges(seed, index)]
