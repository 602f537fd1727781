"""Answers that break on the way: which fault strikes which request, and how that ends."""

from typing import Any

from faults.registries import FIRST_READ_BY_ID, FOR_EVER
from trialhouse.errors import RegistryChanged, RegistryUnavailable, SnapshotIncomplete, TrialhouseError
from trialhouse.local_registry.faults import Fault

WAITED_OUT = [
    Fault("http_429_retry_after", 2),
    Fault("http_429_retry_date", 3),
    Fault("http_500", 1, 5),
    Fault("http_502", 5),
    Fault("hang", 2),
    Fault("cut_body", 2, 2),
    Fault("cut_json", 3),
    Fault("wrong_gzip", 2),
    Fault("empty_page", 2, 3),
]
WAITED_OUT_BY_ID = [
    Fault("http_429", FIRST_READ_BY_ID, 5),
    Fault("cut_body", FIRST_READ_BY_ID + 1),
    Fault("cut_json", FIRST_READ_BY_ID + 1),
    Fault("empty_page", FIRST_READ_BY_ID),
    Fault("lost_page", FIRST_READ_BY_ID),
    Fault("duplicate_id", FIRST_READ_BY_ID),
    Fault("repeated_token", FIRST_READ_BY_ID),
]
WAITED_OUT_ELSEWHERE = [
    Fault("http_500", endpoint="version"),
    Fault("cut_json", 2, endpoint="version"),
    Fault("http_429", endpoint="study"),
    Fault("cut_body", 2, endpoint="study"),
    Fault("http_502", endpoint="stats"),
]
READ_AGAIN = [
    (Fault("repeated_token", 2), "repeated page token"),
    (Fault("expired_token", 2), "refused a page token it gave itself"),
    (Fault("text_400", 4), "refused a page token it gave itself"),
    (Fault("lost_page", 3), "read 32 rows of 40"),
    (Fault("duplicate_id", 1), "1 ids twice in one listing"),
    (Fault("wrong_total"), "read 40 rows of 41"),
    (Fault("version_moves", 2), "the registry moved from 2026-01-06 09:00:05 to 2026-01-06 10:00:05"),
    (Fault("version_goes_back", 2), "the registry moved from 2026-01-06 09:00:05 to 2025-12-30 09:00:05"),
]
Hopeless = tuple[Fault, type[TrialhouseError], str]
GIVEN_UP: list[Hopeless] = [
    (Fault("http_503", 3, FOR_EVER), RegistryUnavailable, "answered 503"),
    (Fault("http_429", 1, FOR_EVER), RegistryUnavailable, "answered 429"),
    (Fault("cut_json", 2, FOR_EVER), RegistryUnavailable, "stops in the middle"),
    (Fault("html", 2), RegistryChanged, "answered 200 text/html"),
    (Fault("text_400"), RegistryChanged, "filter.phase is unknown parameter"),
    (Fault("json_of_another_shape", 3), RegistryChanged, "not a page of studies"),
]
NEVER_WHOLE: list[Hopeless] = [
    (Fault("expired_token", 2, FOR_EVER), SnapshotIncomplete, "none of 3 readings was whole"),
    (Fault("repeated_token", 1, FOR_EVER), SnapshotIncomplete, "none of 3 readings was whole"),
    (Fault("lost_page", 1, FOR_EVER), SnapshotIncomplete, "read 0 rows of 40"),
    (Fault("duplicate_id", 1, FOR_EVER), SnapshotIncomplete, "5 ids twice"),
    (Fault("wrong_total", 1, FOR_EVER), SnapshotIncomplete, "read 40 rows of 41"),
]
GIVEN_UP_ELSEWHERE: list[Hopeless] = [
    (Fault("version_goes_back", 1, FOR_EVER), SnapshotIncomplete, "the registry serves 2025-12-30"),
    (Fault("version_goes_back", 2, FOR_EVER), SnapshotIncomplete, "the registry serves 2025-12-30"),
    (Fault("html", endpoint="version"), RegistryChanged, "answered 200 text/html"),
    (Fault("json_of_another_shape", 2, endpoint="version"), RegistryChanged, "something else than a version"),
]
NO_CLEAR_ANSWER = [Fault("html", endpoint="study"), Fault("http_500", 1, FOR_EVER, endpoint="study")]
SPOILT_SKELETONS = [Fault(name, 1, FIRST_READ_BY_ID - 1) for name in ("stub_records", "null_field")]
NO_STATISTICS = ["html", "text_400"]

STRUCK = [
    *(WAITED_OUT + WAITED_OUT_BY_ID + WAITED_OUT_ELSEWHERE + SPOILT_SKELETONS + NO_CLEAR_ANSWER),
    *(fault for fault, *_ in READ_AGAIN + GIVEN_UP + NEVER_WHOLE + GIVEN_UP_ELSEWHERE),
]


def named(case: Any) -> str:
    """A fault as the name of its test."""
    if isinstance(case, Fault):
        return "-".join(map(str, filter(None, (case.name, case.endpoint, case.first))))
    return case.__name__ if isinstance(case, type) else ""
