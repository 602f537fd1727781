"""The registry's HTTP interface (API v2.0.5) over any source of days.

`/api/v2/…` is the newest day, as at the live registry; `/days/2026-11-20/api/v2/…` is that day.
Beside it, under `/api/int`, is the registry's undocumented history interface.
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from functools import lru_cache, partial
from typing import Any
from urllib.parse import quote

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from trialhouse.errors import TrialhouseError
from trialhouse.local_registry.descriptions import enums, field_tree
from trialhouse.local_registry.faults import Fault, FaultyAnswers
from trialhouse.local_registry.past_versions import version_list
from trialhouse.local_registry.projection import projector
from trialhouse.local_registry.sizes import size_statistics
from trialhouse.local_registry.source import StudySource
from trialhouse.local_registry.studies_query import (
    BadRequest,
    StudiesQuery,
    nct_id_of,
    offset_of,
    single_study_fields,
    studies_query,
    token_for,
)
from trialhouse.local_registry.value_counts import pieces_asked, value_counts
from trialhouse.loopback import server_of, serving

API_VERSION = "2.0.5"
DATA_TIME = "T09:00:05"

log = logging.getLogger(__name__)


def make_app(source: StudySource, faults: Sequence[Fault] = ()) -> Starlette:
    """The web application that serves every day of the source, with the faults asked for."""
    registry = _Registry(source)
    routes = [
        Route(base + path, endpoint)
        for base in ("", "/days/{day}")
        for path, endpoint in (
            ("/api/v2/version", registry.version),
            ("/api/v2/studies", registry.studies),
            ("/api/v2/studies/metadata", registry.field_tree),
            ("/api/v2/studies/enums", registry.enums),
            ("/api/v2/studies/{nct_id}", registry.study),
            ("/api/v2/stats/size", registry.sizes),
            ("/api/v2/stats/field/values", registry.value_counts),
            ("/api/int/studies/{nct_id}", registry.study_with_history),
            ("/api/int/studies/{nct_id}/history", registry.history),
            ("/api/int/studies/{nct_id}/history/{version:int}", registry.past_version),
        )
    ]
    return Starlette(
        routes=routes,
        middleware=[Middleware(FaultyAnswers, faults=faults)] if faults else [],
        exception_handlers={BadRequest: _bad_request, TrialhouseError: _source_failed},
    )


def serve(
    source: StudySource, host: str = "127.0.0.1", port: int = 8600, faults: Sequence[Fault] = ()
) -> None:
    """Serve until Ctrl-C or a signal to stop."""
    log.info("serving url=http://%s:%d/api/v2 days=%d", host, port, len(source.days()))
    with suppress(KeyboardInterrupt):
        server_of(make_app(source, faults), host, port).run()


@contextmanager
def running(source: StudySource, port: int = 0, faults: Sequence[Fault] = ()) -> Iterator[str]:
    """Serve from a background thread; yields the base address (port 0: any free one)."""
    with serving(make_app(source, faults), port) as address:
        yield address


class _Registry:
    """The endpoints. They answer one after another, so the source needs no locks."""

    def __init__(self, source: StudySource) -> None:
        self._source = source
        self._days = frozenset(source.days())
        self._newest = max(self._days)
        self._selected: tuple[tuple[date, str], Sequence[str]] | None = None
        self._counted = lru_cache(maxsize=1)(partial(value_counts, source))

    async def version(self, request: Request) -> Response:
        day = self._day(request)
        return JSONResponse({"apiVersion": API_VERSION, "dataTimestamp": f"{day}{DATA_TIME}"})

    async def studies(self, request: Request) -> Response:
        day = self._day(request)
        query = studies_query(request.query_params)
        selected = self._selection(day, query)
        start = offset_of(query.page_token, day, query.fingerprint) if query.page_token else 0
        end = start + query.page_size
        head = f'"totalCount":{len(selected)},' if query.count_total and not query.page_token else ""
        more = end < len(selected)
        tail = f',"nextPageToken":"{token_for(end, day, query.fingerprint)}"' if more else ""
        records = self._records(day, selected[start:end], query.fields)
        page = b'{%b"studies":[%b]%b}' % (head.encode(), b",\n".join(records), tail.encode())
        return Response(page, media_type="application/json")

    async def study(self, request: Request) -> Response:
        day = self._day(request)
        nct_id = _asked_id(request)
        fields = single_study_fields(request.query_params)
        record = self._source.study(day, nct_id)
        if record is not None:
            return Response(projector(fields)(record) if fields else record, media_type="application/json")
        target = self._source.aliases(day).get(nct_id)
        if target is None:
            raise _not_found(nct_id)
        path = request.url.path.rpartition("/")[0]
        parameters = f"?{request.url.query}" if request.url.query else ""
        return Response(status_code=301, headers={"Location": f"{quote(path)}/{target}{parameters}"})

    async def field_tree(self, request: Request) -> Response:
        self._day(request)
        return _json(field_tree())

    async def enums(self, request: Request) -> Response:
        self._day(request)
        return _json(enums())

    async def sizes(self, request: Request) -> Response:
        day = self._day(request)
        for name in request.query_params:
            raise BadRequest(f"{name} is unknown parameter")
        return _json(size_statistics(self._source, day))

    async def value_counts(self, request: Request) -> Response:
        day = self._day(request)
        pieces = pieces_asked(request.query_params)
        counted = self._counted(day)
        return _json([counted[piece] for piece in pieces])

    async def study_with_history(self, request: Request) -> Response:
        day, nct_id = self._day(request), _asked_id(request)
        answer: dict[str, Any] = {"study": self._listed(day, nct_id)}
        if request.query_params.get("history") == "true":
            answer["history"] = {"changes": version_list(self._source.history(day, nct_id))}
        return _json(answer)

    async def history(self, request: Request) -> Response:
        day, nct_id = self._day(request), _asked_id(request)
        self._listed(day, nct_id)
        return _json({"changes": version_list(self._source.history(day, nct_id))})

    async def past_version(self, request: Request) -> Response:
        day, nct_id = self._day(request), _asked_id(request)
        number: int = request.path_params["version"]
        versions = self._source.history(day, nct_id)
        if number >= len(versions):
            raise HTTPException(404, f"{nct_id} has no version {number}")
        return _json({"studyVersion": number, "study": msgspec.Raw(versions[number].record)})

    def _listed(self, day: date, nct_id: str) -> msgspec.Raw:
        """The record, which must be in the registry that day."""
        record = self._source.study(day, nct_id)
        if record is None:
            raise _not_found(nct_id)
        return msgspec.Raw(record)

    def _day(self, request: Request) -> date:
        """The day in the path, or the newest."""
        text = request.path_params.get("day")
        if text is None:
            return self._newest
        try:
            day = date.fromisoformat(text)
        except ValueError:
            raise HTTPException(404, f"{text} is not a day (YYYY-MM-DD)") from None
        if day not in self._days:
            raise HTTPException(404, f"this registry has no day {day}")
        return day

    def _records(self, day: date, nct_ids: Sequence[str], fields: tuple[str, ...]) -> Iterator[bytes]:
        project = projector(fields) if fields else None
        for nct_id in nct_ids:
            record = self._source.study(day, nct_id)
            if record is None:
                raise KeyError(f"{nct_id} is listed on {day} but has no record")
            yield project(record) if project else record

    def _selection(self, day: date, query: StudiesQuery) -> Sequence[str]:
        """The filtered and sorted ids; the last one is kept, so that paging does not sort again."""
        if query.selects_all:
            return self._source.nct_ids(day)
        key = (day, query.fingerprint)
        if self._selected is None or self._selected[0] != key:
            self._selected = (key, self._select(day, query))
        return self._selected[1]

    def _select(self, day: date, query: StudiesQuery) -> list[str]:
        nct_ids = list(self._source.nct_ids(day))
        if query.ids is not None:
            aliases = self._source.aliases(day)
            wanted = query.ids | {aliases[nct_id] for nct_id in query.ids if nct_id in aliases}
            nct_ids = [nct_id for nct_id in nct_ids if nct_id in wanted]
        for first, last in query.post_dates:
            nct_ids = [i for i in nct_ids if first <= self._source.posted_on(day, i) <= last]
        for key in reversed(query.sort):
            posted = key.piece == "LastUpdatePostDate"
            nct_ids.sort(
                key=lambda i, posted=posted: self._source.posted_on(day, i) if posted else i,  # type: ignore[misc]
                reverse=key.descending,
            )
        return nct_ids


def _asked_id(request: Request) -> str:
    asked: str = request.path_params["nct_id"]
    nct_id = nct_id_of(asked)
    if nct_id is None:
        raise BadRequest(f"`nctId` parameter has incorrect format: {asked}")
    return nct_id


def _not_found(nct_id: str) -> HTTPException:
    return HTTPException(404, f"NCT number {nct_id} not found")


def _json(content: object) -> Response:
    return Response(msgspec.json.encode(content), media_type="application/json")


async def _bad_request(request: Request, error: Exception) -> Response:
    return PlainTextResponse(str(error), status_code=400)


async def _source_failed(request: Request, error: Exception) -> Response:
    """A damaged file behind a day: the reader of the answer is told which."""
    log.error("day not served path=%s error=%s", request.url.path, error)
    return PlainTextResponse(str(error), status_code=500)
