"""From what a person types to a source of days."""

from pathlib import Path

from trialhouse.local_registry.generated import DEFAULT_DAYS, DEFAULT_SEED, DEFAULT_SIZE, GeneratedRegistry
from trialhouse.local_registry.replayed import ReplayedRegistry
from trialhouse.local_registry.source import StudySource

GENERATED_NAMES = ("sample", "generated")


def open_source(
    text: str, *, seed: int = DEFAULT_SEED, size: int = DEFAULT_SIZE, days: int = DEFAULT_DAYS
) -> StudySource:
    """The words `sample` and `generated` mean made-up trials; anything else is a folder of replayed days.

    Raises:
        SettingsInvalid: no such folder, nothing in it, or an impossible size.
    """
    if text in GENERATED_NAMES:
        return GeneratedRegistry(seed=seed, size=size, days=days)
    return ReplayedRegistry(Path(text).expanduser())
