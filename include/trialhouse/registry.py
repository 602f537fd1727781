"""Talk to the registry (ClinicalTrials.gov API v2, or the local registry): one polite request at a time."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType

import httpx
import msgspec
from tenacity import (
    RetryCallState,
    Retrying,
    before_sleep_log,
    retry_if_exception_type,
    stop_after_attempt,
    wait_random_exponential,
)

from trialhouse import __version__
from trialhouse.errors import RegistryChanged, RegistryUnavailable
from trialhouse.pace import LONGEST_WAIT_SECONDS as LONGEST_RETRY_AFTER_SECONDS
from trialhouse.pace import Pace
from trialhouse.records import Page, cut_page, is_whole_json

log = logging.getLogger(__name__)

USER_AGENT = f"trialhouse/{__version__} (clinical-trials warehouse)"
TIMEOUT = httpx.Timeout(120.0, connect=30.0)
TRIES = 6
LONGEST_WAIT_SECONDS = 60.0
PASSING_TROUBLE = {408, 425, 429, 500, 502, 503, 504}
COUNTED_PIECES = ("OverallStatus", "StudyType", "Phase", "LeadSponsorClass")
# Under `/studies`: the tree of fields, and the codes of those that have a list of them.
DESCRIPTIONS = ("metadata", "enums")
API_V2, API_INTERNAL = "/api/v2", "/api/int"


class _Version(msgspec.Struct):
    apiVersion: str
    dataTimestamp: str


class ValueCount(msgspec.Struct, frozen=True):
    """How many studies have a value."""

    value: str
    studiesCount: int


class FieldCounts(msgspec.Struct, frozen=True):
    """The registry's own count of studies by value of one field (`/stats/field/values`)."""

    piece: str
    missingStudiesCount: int
    topValues: list[ValueCount] = []


@dataclass(frozen=True, slots=True)
class DataVersion:
    """The registry's answer to `/version`; `data_timestamp` is UTC and comes without an offset."""

    api_version: str
    data_timestamp: datetime

    @property
    def snapshot_date(self) -> date:
        return self.data_timestamp.date()


@dataclass(frozen=True, slots=True)
class Answer:
    """What the registry said: a whole body of JSON, a redirect or a 404."""

    status: int
    body: bytes
    content_type: str
    location: str | None = None


class _Passing(RegistryUnavailable):
    """Trouble that may pass; `retry_after` is the registry's own wish in seconds."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Registry:
    """A client of one registry; use it as a context manager."""

    def __init__(self, base_url: str, pace: Pace) -> None:
        self.base_url = base_url
        self.requests_count = 0
        self._pace = pace
        self._http = httpx.Client(headers={"User-Agent": USER_AGENT}, timeout=TIMEOUT, follow_redirects=False)

    def __enter__(self) -> "Registry":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def version(self) -> DataVersion:
        """The data version being served now."""
        body = self._ask("/version").body
        try:
            answer = msgspec.json.decode(body, type=_Version)
            stamp = datetime.fromisoformat(answer.dataTimestamp).replace(tzinfo=None)
        except (msgspec.DecodeError, ValueError) as error:
            raise RegistryChanged(f"/version answered something else than a version: {error}") from error
        return DataVersion(api_version=answer.apiVersion, data_timestamp=stamp)

    def studies(self, params: Mapping[str, str]) -> Page:
        """One page of `/studies`."""
        return cut_page(self._ask("/studies", params).body)

    def study(self, nct_id: str) -> Answer:
        """One record (200), the address of the record it was merged into (301), or nothing (404).

        Raises:
            RegistryChanged: a page for people says 404, which is not the registry saying that it has none.
        """
        answer = self._ask(f"/studies/{nct_id}", also=frozenset({301, 404}))
        if answer.status == 404 and answer.content_type.startswith("text/html"):
            raise RegistryChanged(f"/studies/{nct_id} answered 404 with a page of HTML", answer.body)
        return answer

    def value_counts(self) -> list[FieldCounts]:
        """Studies by value of COUNTED_PIECES; empty where the registry publishes no such statistics."""
        params = {"fields": "|".join(COUNTED_PIECES)}
        answer = self._ask("/stats/field/values", params, also=frozenset({400, 404}))
        if answer.status != 200:
            return []
        try:
            return msgspec.json.decode(answer.body, type=list[FieldCounts])
        except msgspec.DecodeError as error:
            raise RegistryChanged(f"/stats/field/values answered something else: {error}") from error

    def description(self, name: str) -> bytes | None:
        """One of DESCRIPTIONS; nothing where the registry does not describe itself."""
        answer = self._ask(f"/studies/{name}", also=frozenset({400, 404}))
        return answer.body if answer.status == 200 else None

    def history(self, nct_id: str) -> Answer:
        """The registry's own list of a trial's versions (undocumented interface); 404 if it has none."""
        return self._ask_internal(f"/studies/{nct_id}/history")

    def past_version(self, nct_id: str, version: int) -> Answer:
        """One version of that list as a record (undocumented interface)."""
        return self._ask_internal(f"/studies/{nct_id}/history/{version}")

    def _ask_internal(self, path: str) -> Answer:
        base = self.base_url.removesuffix(API_V2) + API_INTERNAL
        return self._ask(path, also=frozenset({404}), base=base)

    def _ask(
        self,
        path: str,
        params: Mapping[str, str] | None = None,
        *,
        also: frozenset[int] = frozenset(),
        base: str | None = None,
    ) -> Answer:
        """Ask until there is an answer: JSON, or one of the statuses in `also`."""
        for attempt in Retrying(
            retry=retry_if_exception_type(_Passing),
            stop=stop_after_attempt(TRIES),
            wait=_wait,
            before_sleep=before_sleep_log(log, logging.WARNING),
            reraise=True,
        ):
            with attempt:
                return self._ask_once((base or self.base_url) + path, params or {}, also)
        raise AssertionError("tenacity either returns or raises")  # pragma: no cover

    def _ask_once(self, url: str, params: Mapping[str, str], also: frozenset[int]) -> Answer:
        self._pace.wait()
        self.requests_count += 1
        try:
            response = self._http.get(url, params=dict(params))
        except (httpx.TransportError, httpx.DecodingError) as error:
            raise _Passing(f"{url} did not answer whole: {error!r}") from error
        finally:
            self._pace.asked()
        self._heed(response)
        return _answer_of(response, also)

    def _heed(self, response: httpx.Response) -> None:
        """A `Retry-After` is for every process that asks, also for the next run."""
        retry_after = _retry_after(response)
        if response.status_code in PASSING_TROUBLE and retry_after is not None:
            self._pace.leave_alone(retry_after)


def _answer_of(response: httpx.Response, also: frozenset[int]) -> Answer:
    if response.status_code in PASSING_TROUBLE:
        raise _refusal(response)
    kind = response.headers.get("content-type", "")
    if response.status_code in also:
        return Answer(response.status_code, response.content, kind, response.headers.get("location"))
    if response.status_code != 200 or not kind.startswith("application/json"):
        raise RegistryChanged(
            f"{response.url} answered {response.status_code} {kind}: {response.text[:200]!r}; "
            "a person must compare the registry's API with this client",
            answer=response.content,
            status=response.status_code,
        )
    if not is_whole_json(response.content):
        raise _Passing(f"{response.url} answered JSON that stops in the middle or is none")
    return Answer(200, response.content, kind)


def _refusal(response: httpx.Response) -> RegistryUnavailable:
    """Trouble to wait out here, unless the registry asks to be left alone for longer than a run may wait."""
    message = f"{response.url} answered {response.status_code}"
    retry_after = _retry_after(response)
    if retry_after is not None and retry_after > LONGEST_RETRY_AFTER_SECONDS:
        return RegistryUnavailable(f"{message} and asks to come back in {retry_after:.0f} s: try then")
    return _Passing(message, retry_after)


def _retry_after(response: httpx.Response) -> float | None:
    """Seconds of a `Retry-After`, which is a number of seconds or an HTTP date."""
    text = response.headers.get("retry-after", "")
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        asked_until = parsedate_to_datetime(text)
    except ValueError:
        return None
    if asked_until.tzinfo is None:
        asked_until = asked_until.replace(tzinfo=UTC)
    return float(max(0.0, (asked_until - datetime.now(UTC)).total_seconds()))


def _wait(state: RetryCallState) -> float:
    """Seconds until the next try: what the registry asked for, else exponential with jitter."""
    error = state.outcome.exception() if state.outcome else None
    if isinstance(error, _Passing) and error.retry_after is not None:
        return error.retry_after
    return wait_random_exponential(multiplier=1.0, max=LONGEST_WAIT_SECONDS)(state)
