"""What each fault makes of a finished answer: pure functions, so that the endpoints know of no fault."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import msgspec

from trialhouse.local_registry.studies_query import EXPIRED_TOKEN

AGAIN = ".again"

_PLAIN, _HTML, _JSON = "text/plain; charset=utf-8", "text/html; charset=utf-8", "application/json"
_MAINTENANCE = b"<!DOCTYPE html><html><title>ClinicalTrials.gov</title><h1>Down for maintenance</h1></html>"


@dataclass(frozen=True, slots=True)
class Answer:
    """A finished answer; a cut one announces its whole length and ends half way."""

    status: int
    headers: dict[str, str]
    body: bytes
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What faults need to know of a request: its page token (empty: the first page) and its number."""

    token: str
    number: int


class _Page(msgspec.Struct, rename="camel", kw_only=True):
    """A page whose records stay the registry's bytes."""

    total_count: int | msgspec.UnsetType = msgspec.UNSET
    studies: list[msgspec.Raw]
    next_page_token: str | msgspec.UnsetType = msgspec.UNSET


class _Version(msgspec.Struct, rename="camel"):
    api_version: str
    data_timestamp: datetime


AnswerFault = Callable[[Answer, Asked], Answer]
_PageFault = Callable[[_Page, Asked], None]


def token_again(token: str, number: int | str) -> str:
    """Another token for the page of this one; the first page's is empty."""
    return f"{token.partition(AGAIN)[0]}{AGAIN}{number}"


def _text(status: int, text: str, **headers: str) -> AnswerFault:
    answer = Answer(status, {"content-type": _PLAIN, **headers}, text.encode())
    return lambda _answer, _asked: answer


def _retry_date(answer: Answer, asked: Asked) -> Answer:
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=1), usegmt=True)
    return Answer(429, {"content-type": _PLAIN, "retry-after": soon}, b"Too Many Requests")


def _cut_body(answer: Answer, asked: Asked) -> Answer:
    return replace(answer, is_cut=True)


def _cut_json(answer: Answer, asked: Asked) -> Answer:
    return replace(answer, body=answer.body[: len(answer.body) // 2])


def _wrong_gzip(answer: Answer, asked: Asked) -> Answer:
    return replace(answer, headers=answer.headers | {"content-encoding": "gzip"})


def _html(answer: Answer, asked: Asked) -> Answer:
    return Answer(200, {"content-type": _HTML}, _MAINTENANCE)


def _other_shape(answer: Answer, asked: Asked) -> Answer:
    return Answer(200, {"content-type": _JSON}, b'{"message": "moved"}')


def _expired_token(answer: Answer, asked: Asked) -> Answer:
    return Answer(400, {"content-type": _PLAIN}, EXPIRED_TOKEN.encode()) if asked.token else answer


TRANSPORT_FAULTS: dict[str, AnswerFault] = {
    "http_429": _text(429, "Too Many Requests"),
    "http_429_retry_after": _text(429, "Too Many Requests", **{"retry-after": "1"}),
    "http_429_retry_date": _retry_date,
    "http_500": _text(500, "Internal Server Error"),
    "http_502": _text(502, "Bad Gateway"),
    "http_503": _text(503, "Service Unavailable"),
    "cut_body": _cut_body,
    "cut_json": _cut_json,
    "wrong_gzip": _wrong_gzip,
    "html": _html,
    "text_400": _text(400, "filter.phase is unknown parameter"),
    "json_of_another_shape": _other_shape,
}


def _on_page(change: _PageFault) -> AnswerFault:
    """The fault of a page as one of the answer; refusals are left alone."""

    def change_answer(answer: Answer, asked: Asked) -> Answer:
        if answer.status != 200:
            return answer
        page = msgspec.json.decode(answer.body, type=_Page)
        change(page, asked)
        return replace(answer, body=msgspec.json.encode(page))

    return change_answer


def _repeated_token(page: _Page, asked: Asked) -> None:
    """The next page is this one."""
    if page.next_page_token is not msgspec.UNSET:
        page.next_page_token = asked.token or token_again("", "")


def _empty_page(page: _Page, asked: Asked) -> None:
    page.studies = []
    page.next_page_token = token_again(asked.token, asked.number)


def _lost_page(page: _Page, asked: Asked) -> None:
    page.studies = []


def _duplicate_id(page: _Page, asked: Asked) -> None:
    page.studies[-1:] = page.studies[:1]


def _wrong_total(page: _Page, asked: Asked) -> None:
    if page.total_count is not msgspec.UNSET:
        page.total_count += 1


def _stub_records(page: _Page, asked: Asked) -> None:
    for place, study in enumerate(page.studies):
        whole = msgspec.json.decode(study).get("protocolSection", {}).get("identificationModule", {})
        stub = {name: whole[name] for name in ("nctId", "briefTitle") if name in whole}
        page.studies[place] = _raw({"protocolSection": {"identificationModule": stub}})


def _null_field(page: _Page, asked: Asked) -> None:
    for place, study in enumerate(page.studies):
        whole = msgspec.json.decode(study)
        whole.setdefault("protocolSection", {})["designModule"] = None
        page.studies[place] = _raw(whole)


def _raw(value: object) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode(value))


LISTING_FAULTS: dict[str, AnswerFault] = {
    "repeated_token": _on_page(_repeated_token),
    "expired_token": _expired_token,
    "empty_page": _on_page(_empty_page),
    "lost_page": _on_page(_lost_page),
    "duplicate_id": _on_page(_duplicate_id),
    "wrong_total": _on_page(_wrong_total),
    "stub_records": _on_page(_stub_records),
    "null_field": _on_page(_null_field),
}


def _version_moved(by: timedelta) -> AnswerFault:
    def change_answer(answer: Answer, asked: Asked) -> Answer:
        if answer.status != 200:
            return answer
        version = msgspec.json.decode(answer.body, type=_Version)
        version.data_timestamp += by
        return replace(answer, body=msgspec.json.encode(version))

    return change_answer


VERSION_FAULTS: dict[str, AnswerFault] = {
    "version_moves": _version_moved(timedelta(hours=1)),
    "version_goes_back": _version_moved(timedelta(days=-7)),
}
