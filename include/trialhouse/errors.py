"""Every error trialhouse raises on purpose, and who acts on it.

TrialhouseError
├── SettingsInvalid      the person who set the environment or the command's options
├── RegistryUnavailable  nobody: try again later (the only error a task retries)
├── RegistryChanged      a person: the registry answered in a way this code does not know
├── SnapshotIncomplete   nobody at first: the next run reads the day again; a person if it stays
├── SnapshotMissed       nobody can: a live registry has no past
├── LakeDamaged          a person: a file of a finished day differs from its manifest
├── BuildFailed          a person: dbt ended red; the published file is untouched
├── GateFailed           a person: an expectation stopped the day; the published file is untouched
├── DiskFull             an operator: make room; nothing was kept of the work that found no room
├── MemoryFull           an operator: free memory; nothing was kept of the work that found no room
├── DeliveryFailed       nobody: the outbox keeps the message for the next run
├── EventDiffers         a person: the lake makes another event than was published
├── DayNotServed         the person who asked for it: a replayed registry has other days
├── StoreUnavailable     nobody at first: the next run goes on; a person if it stays (bucket, keys, network)
└── ServiceEnded         a person: a part of Airflow ended by itself; read the log it names
"""


class TrialhouseError(Exception):
    """Base of all; `exit_code` is what the CLI ends with."""

    exit_code = 1


class SettingsInvalid(TrialhouseError):
    """An environment variable or an option makes no sense; fix it and run again."""

    exit_code = 2


class RegistryUnavailable(TrialhouseError):
    """The registry did not answer, or answered that it cannot now; trying later may help."""

    exit_code = 3


class RegistryChanged(TrialhouseError):
    """The registry answered something this code does not understand; a person must look.

    answer: the whole body, where there is one to keep for that person. status: of HTTP, if that was odd.
    """

    exit_code = 4

    def __init__(self, message: str, answer: bytes = b"", *, status: int | None = None) -> None:
        super().__init__(message)
        self.answer = answer
        self.status = status


class SnapshotIncomplete(TrialhouseError):
    """What was read is not one whole state of the registry; nothing of it was kept as a day."""

    exit_code = 5


class SnapshotMissed(TrialhouseError):
    """The day asked for is over and this registry only has its present."""

    exit_code = 6


class LakeDamaged(TrialhouseError):
    """A file of a finished day is missing or differs from its manifest."""

    exit_code = 7


class BuildFailed(TrialhouseError):
    """dbt ended red; the published file stays as it was."""

    exit_code = 8


class GateFailed(TrialhouseError):
    """A gate expectation was not met; the published file stays as it was."""

    exit_code = 9


class DeliveryFailed(TrialhouseError):
    """A channel did not accept a message; it stays in the outbox."""

    exit_code = 10


class ServiceEnded(TrialhouseError):
    """A part of Airflow ended by itself; a person reads the log the message names."""

    exit_code = 11


class DayNotServed(TrialhouseError):
    """A registry that replays stored or made-up days has not the day asked for."""

    exit_code = 15


class EventDiffers(TrialhouseError):
    """An event made again from the lake is not the one that was published."""

    exit_code = 14


class StoreUnavailable(TrialhouseError):
    """The object store did not take or give something; the lake here is whole and the next run goes on."""

    exit_code = 16


class DiskFull(TrialhouseError):
    """There is too little room for the work, found out before or during it; nothing half-written stays."""

    exit_code = 12


class MemoryFull(TrialhouseError):
    """The work needs more memory than it may take, spilled what it could; nothing half-written stays."""

    exit_code = 13
