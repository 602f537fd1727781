"""What a caller asked `/studies` for, read from the query string and checked as the registry checks it."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b

from trialhouse.local_registry.projection import UnknownField, projector, split_list

DEFAULT_PAGE_SIZE = 10
LARGEST_PAGE_SIZE = 1000
LARGEST_SORT = 2

_PAGING = ("countTotal", "pageSize", "pageToken")
_SUPPORTED = (*_PAGING, "format", "markupFormat", "fields", "filter.ids", "filter.advanced", "sort")
_ONLY_VALUE = {"format": "json", "markupFormat": "markdown"}
_OF_THE_LIVE_REGISTRY = re.compile(
    r"query\.(cond|term|locn|titles|intr|outc|spons|lead|id|patient)"
    r"|(filter|postFilter)\.(overallStatus|geo|ids|advanced|synonyms)|aggFilters|geoDecay"
)
_NCT_ID = re.compile(r"[Nn][Cc][Tt]0*([1-9]\d{0,7})")
_POST_DATE_RANGE = re.compile(
    r"AREA\[LastUpdatePostDate\]\s*RANGE\[\s*(MIN|\d{4}-\d\d-\d\d)\s*,\s*(MAX|\d{4}-\d\d-\d\d)\s*\]"
)
_SORT_KEY = re.compile(r"(@relevance|LastUpdatePostDate|NCTId)(?::(asc|desc))?")
_TOKEN_LABEL = b"local"

EXPIRED_TOKEN = "`pageToken` is malformed, expired or belongs to a request with other parameters"


class BadRequest(ValueError):
    """The registry would answer 400 with this text."""


@dataclass(frozen=True, slots=True)
class SortKey:
    """One item of `sort`: LastUpdatePostDate or NCTId."""

    piece: str
    descending: bool


@dataclass(frozen=True, slots=True)
class StudiesQuery:
    """One request for a page of studies.

    ids: none given and an empty set differ: `None` keeps every record.
    post_dates: (first, last) LastUpdatePostDate, both included, all of which must hold.
    fingerprint: of the parameters that must stay the same from page to page.
    """

    page_size: int
    page_token: str | None
    count_total: bool
    fields: tuple[str, ...]
    ids: frozenset[str] | None
    post_dates: tuple[tuple[str, str], ...]
    sort: tuple[SortKey, ...]
    fingerprint: str

    @property
    def selects_all(self) -> bool:
        """Whether the listing is simply the day's, in its own order."""
        return self.ids is None and not self.post_dates and not self.sort


def studies_query(parameters: Mapping[str, str]) -> StudiesQuery:
    """Read and check the query string.

    Raises:
        BadRequest: a parameter is unknown, malformed or not supported here.
    """
    for name in parameters:
        _check_known(name, _SUPPORTED)
    check_formats(parameters)
    return StudiesQuery(
        page_size=_page_size(parameters.get("pageSize", "")),
        page_token=parameters.get("pageToken"),
        count_total=_flag("countTotal", parameters.get("countTotal", "false")),
        fields=fields_asked(parameters),
        ids=_ids(parameters.get("filter.ids")),
        post_dates=_post_dates(parameters.get("filter.advanced")),
        sort=_sort(parameters.get("sort")),
        fingerprint=_fingerprint(parameters),
    )


def single_study_fields(parameters: Mapping[str, str]) -> tuple[str, ...]:
    """The same check for `/studies/{nctId}`, which only takes formats and fields."""
    for name in parameters:
        _check_known(name, ("format", "markupFormat", "fields"))
    check_formats(parameters)
    return fields_asked(parameters)


def nct_id_of(text: str) -> str | None:
    """The id as records write it; the registry also takes lower case and missing or extra zeros."""
    found = _NCT_ID.fullmatch(text)
    return f"NCT{int(found[1]):08d}" if found else None


def fields_asked(parameters: Mapping[str, str]) -> tuple[str, ...]:
    """The names in `fields`, every one known."""
    if "fields" not in parameters:
        return ()
    fields = tuple(split_list(parameters["fields"]))
    try:
        projector(fields)
    except UnknownField as error:
        raise BadRequest(f"`fields` parameter has unknown item: {error}") from None
    return fields


def check_formats(parameters: Mapping[str, str]) -> None:
    """Only what the warehouse reads: JSON with markdown."""
    for name, only in _ONLY_VALUE.items():
        if parameters.get(name, only) != only:
            raise BadRequest(f"{name}={parameters[name]} is not supported by the local registry, only {only}")


def token_for(offset: int, day: date, fingerprint: str) -> str:
    """An opaque name for the page that starts at `offset`."""
    sealed = blake2b(f"{offset} {day} {fingerprint}".encode(), digest_size=12, key=_TOKEN_LABEL).digest()
    return urlsafe_b64encode(offset.to_bytes(4, "big") + sealed).decode().rstrip("=")


def offset_of(token: str, day: date, fingerprint: str) -> int:
    """Where the token's page starts.

    Raises:
        BadRequest: not a token, or one of another day or of other parameters.
    """
    try:
        offset = int.from_bytes(urlsafe_b64decode(token + "=" * (-len(token) % 4))[:4], "big")
    except ValueError:
        offset = 0
    if token != token_for(offset, day, fingerprint):
        raise BadRequest(EXPIRED_TOKEN)
    return offset


def _check_known(name: str, supported: tuple[str, ...]) -> None:
    if name in supported:
        return
    if _OF_THE_LIVE_REGISTRY.fullmatch(name):
        raise BadRequest(f"{name} is not supported by the local registry")
    raise BadRequest(f"{name} is unknown parameter")


def _page_size(text: str) -> int:
    """Up to 1 000; 0 or nothing means the default, as the OpenAPI description says."""
    if text and not re.fullmatch(r"\d{1,9}", text):
        raise BadRequest(f"`pageSize` must be a number of at least 0, not {text}")
    return min(int(text or 0) or DEFAULT_PAGE_SIZE, LARGEST_PAGE_SIZE)


def _flag(name: str, text: str) -> bool:
    if text not in ("true", "false"):
        raise BadRequest(f"`{name}` must be true or false, not {text}")
    return text == "true"


def _ids(text: str | None) -> frozenset[str] | None:
    """One malformed id fails the whole request, as it does at the live registry."""
    if not text:
        return None
    ids = set()
    for item in split_list(text):
        nct_id = nct_id_of(item)
        if nct_id is None:
            raise BadRequest(f"`filter.ids` parameter has incorrect format: {item}")
        ids.add(nct_id)
    return frozenset(ids)


def _post_dates(expression: str | None) -> tuple[tuple[str, str], ...]:
    if not expression:
        return ()
    ranges = []
    for part in re.split(r"\s+AND\s+", expression.strip()):
        found = _POST_DATE_RANGE.fullmatch(part)
        if found is None:
            raise BadRequest(
                f"`filter.advanced`: the local registry only supports AREA[LastUpdatePostDate]RANGE[from,to]"
                f" joined by AND, not: {part}"
            )
        first, last = found.groups()
        ranges.append(("0000-00-00" if first == "MIN" else first, "9999-99-99" if last == "MAX" else last))
    return tuple(ranges)


def _sort(text: str | None) -> tuple[SortKey, ...]:
    """Dates sort newest first unless told otherwise; relevance says nothing without a search."""
    if not text:
        return ()
    keys = []
    for item in split_list(text):
        found = _SORT_KEY.fullmatch(item)
        if found is None:
            raise BadRequest(f"`sort`: the local registry supports LastUpdatePostDate and NCTId, not: {item}")
        piece, direction = found.groups()
        if piece != "@relevance":
            keys.append(SortKey(piece, (direction or ("asc" if piece == "NCTId" else "desc")) == "desc"))
    if len(keys) > LARGEST_SORT:
        raise BadRequest(f"`sort` takes at most {LARGEST_SORT} items")
    return tuple(keys)


def _fingerprint(parameters: Mapping[str, str]) -> str:
    same = sorted((name, value) for name, value in parameters.items() if name not in _PAGING)
    return blake2b(repr(same).encode(), digest_size=12).hexdigest()
