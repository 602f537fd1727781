"""Every fault of the local registry, as a plain client sees it."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from trialhouse.cli import app
from trialhouse.errors import SettingsInvalid
from trialhouse.local_registry import faults as faults_module
from trialhouse.local_registry import server
from trialhouse.local_registry.faults import FAULTS, Fault, endpoint_of, parse_fault
from trialhouse.local_registry.generated import GeneratedRegistry
from trialhouse.local_registry.server import running

SOURCE = GeneratedRegistry(size=9, days=1)
IDS = list(SOURCE.nct_ids(SOURCE.days()[-1]))
STUDIES, VERSION = "/api/v2/studies", "/api/v2/version"
FOR_EVER = 1_000_000


@contextmanager
def struck_by(*faults: Fault) -> Iterator[httpx.Client]:
    with running(SOURCE, faults=faults) as address, httpx.Client(base_url=address, timeout=5) as client:
        yield client


def page(client: httpx.Client, token: str | None = None) -> dict[str, Any]:
    """A page of four records with the total."""
    parameters = {"pageSize": "4", "countTotal": "true"} | ({"pageToken": token} if token else {})
    answer = client.get(STUDIES, params=parameters)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def pages(client: httpx.Client, most: int = 12) -> list[dict[str, Any]]:
    """Every page, or as many as a client puts up with."""
    found = [page(client)]
    while "nextPageToken" in found[-1] and len(found) < most:
        found.append(page(client, found[-1]["nextPageToken"]))
    return found


def ids_of(*answers: dict[str, Any]) -> list[str]:
    return [
        s["protocolSection"]["identificationModule"]["nctId"] for answer in answers for s in answer["studies"]
    ]


@pytest.mark.parametrize("name", ["http_429", "http_500", "http_502", "http_503"])
def test_refusals_pass_after_the_times_asked_for(name: str) -> None:
    with struck_by(Fault(name, first=2, times=2)) as client:
        answers = [client.get(STUDIES) for _ in range(4)]
    status = int(name.removeprefix("http_"))
    assert [answer.status_code for answer in answers] == [200, status, status, 200]
    assert "retry-after" not in answers[1].headers


def test_too_many_requests_can_name_the_seconds_or_the_date_to_come_back() -> None:
    with struck_by(Fault("http_429_retry_after"), Fault("http_429_retry_date", first=2)) as client:
        seconds, moment = client.get(STUDIES), client.get(STUDIES)
    assert (seconds.status_code, seconds.headers["retry-after"]) == (429, "1")
    ahead = parsedate_to_datetime(moment.headers["retry-after"]) - datetime.now(UTC)
    assert timedelta(seconds=-1) < ahead <= timedelta(seconds=1)


def test_cut_body_ends_before_its_announced_length() -> None:
    with (
        struck_by(Fault("cut_body")) as client,
        pytest.raises(httpx.RemoteProtocolError, match="without sending complete"),
    ):
        client.get(STUDIES)


def test_cut_json_is_a_whole_answer_of_half_a_document() -> None:
    with struck_by(Fault("cut_json")) as client:
        half, whole = client.get(STUDIES), client.get(STUDIES)
    assert half.status_code == 200
    assert whole.content.startswith(half.content)
    with pytest.raises(json.JSONDecodeError):
        half.json()


def test_wrong_gzip_cannot_be_decoded() -> None:
    with struck_by(Fault("wrong_gzip")) as client, pytest.raises(httpx.DecodingError):
        client.get(STUDIES)


@pytest.mark.parametrize(
    ("name", "status", "kind", "said"),
    [
        ("html", 200, "text/html", "maintenance"),
        ("text_400", 400, "text/plain", "filter.phase is unknown parameter"),
        ("json_of_another_shape", 200, "application/json", '{"message": "moved"}'),
    ],
)
def test_other_answers_than_a_page(name: str, status: int, kind: str, said: str) -> None:
    with struck_by(Fault(name)) as client:
        answer = client.get(STUDIES)
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith(kind)
    assert said in answer.text


def test_hanging_request_keeps_neither_others_nor_the_end_waiting() -> None:
    with ThreadPoolExecutor() as pool:
        with running(SOURCE, faults=[Fault("hang")]) as address:
            hanging = pool.submit(httpx.get, address + STUDIES, timeout=20)
            time.sleep(0.2)
            assert httpx.get(address + STUDIES).status_code == 200
            assert not hanging.done()
            stopped_at = time.monotonic()
        assert time.monotonic() - stopped_at < 4


def test_client_that_gives_up_on_a_hanging_request_is_answered_next_time() -> None:
    with struck_by(Fault("hang")) as client:
        with pytest.raises(httpx.ReadTimeout):
            client.get(STUDIES, timeout=0.2)
        assert client.get(STUDIES).status_code == 200


def test_hanging_ends_in_a_server_error_when_nobody_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faults_module, "LONGEST_HANG_SECONDS", 0.1)
    with struck_by(Fault("hang")) as client:
        assert client.get(STUDIES).status_code == 500


def test_repeated_token_is_the_one_the_page_was_asked_with() -> None:
    with struck_by(Fault("repeated_token", first=2)) as client:
        token = page(client)["nextPageToken"]
        assert page(client, token)["nextPageToken"] == token


def test_first_page_with_a_repeated_token_leads_to_itself() -> None:
    with struck_by(Fault("repeated_token", times=FOR_EVER)) as client:
        found = pages(client)
    assert len({answer["nextPageToken"] for answer in found}) == 1
    assert all(ids_of(answer) == IDS[:4] for answer in found)


def test_last_page_has_no_token_to_repeat() -> None:
    with struck_by(Fault("repeated_token", first=3)) as client:
        assert ids_of(*pages(client)) == IDS


def test_expired_token_is_refused_in_plain_text_and_a_new_start_is_not() -> None:
    with struck_by(Fault("expired_token", times=2)) as client:
        token = page(client)["nextPageToken"]
        answer = client.get(STUDIES, params={"pageSize": "4", "pageToken": token})
        assert ids_of(*pages(client)) == IDS
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("text/plain")
    assert "expired" in answer.text


@pytest.mark.parametrize(("first", "times"), [(1, 1), (2, 1), (3, 1), (1, 3), (2, 4)])
def test_empty_pages_lose_nothing_and_repeat_no_token(first: int, times: int) -> None:
    with struck_by(Fault("empty_page", first, times)) as client:
        found = pages(client)
    tokens = [answer["nextPageToken"] for answer in found[:-1]]
    assert ids_of(*found) == IDS
    assert sum(not answer["studies"] for answer in found) == times
    assert len(tokens) == len(set(tokens))
    assert found[0]["totalCount"] == len(IDS)


def test_lost_page_leaves_fewer_records_than_the_total() -> None:
    with struck_by(Fault("lost_page", first=2)) as client:
        found = pages(client)
    assert ids_of(*found) == IDS[:4] + IDS[8:]
    assert found[0]["totalCount"] == len(IDS)


def test_duplicate_takes_the_place_of_the_last_record() -> None:
    with struck_by(Fault("duplicate_id")) as client:
        assert ids_of(page(client)) == [*IDS[:3], IDS[0]]


def test_wrong_total_is_one_too_high_where_there_is_a_total() -> None:
    with struck_by(Fault("wrong_total", times=2)) as client:
        found = pages(client)
    assert found[0]["totalCount"] == len(IDS) + 1
    assert "totalCount" not in found[1]


def test_stubs_keep_id_and_title_only() -> None:
    with struck_by(Fault("stub_records")) as client:
        found = page(client)
    assert ids_of(found) == IDS[:4]
    for study in found["studies"]:
        assert list(study) == ["protocolSection"]
        assert list(study["protocolSection"]) == ["identificationModule"]
        assert list(study["protocolSection"]["identificationModule"]) == ["nctId", "briefTitle"]


def test_design_can_be_null_where_it_was_an_object() -> None:
    with struck_by(Fault("null_field")) as client:
        struck, whole = page(client), page(client)
    assert all(study["protocolSection"]["designModule"] is None for study in struck["studies"])
    for study in (*struck["studies"], *whole["studies"]):
        del study["protocolSection"]["designModule"]
    assert struck == whole


@pytest.mark.parametrize(("name", "by"), [("version_moves", "10:00:05"), ("version_goes_back", "11-13T")])
def test_version_stands_elsewhere_for_a_while(name: str, by: str) -> None:
    with struck_by(Fault(name, first=2, times=1)) as client:
        client.get(STUDIES)
        stamps = [client.get(VERSION).json()["dataTimestamp"] for _ in range(3)]
    assert stamps[0] == stamps[2] == "2026-11-20T09:00:05"
    assert by in stamps[1]


@pytest.mark.parametrize("fault", [Fault("lost_page"), Fault("version_moves")])
def test_refusals_have_no_page_and_no_version_to_spoil(fault: Fault) -> None:
    with struck_by(fault) as client:
        path = VERSION if fault.strikes_at == "version" else STUDIES
        spoilt = client.get(f"/days/2020-01-01{path}")
    assert spoilt.status_code == 404


def test_untouched_records_keep_their_bytes() -> None:
    with struck_by(Fault("wrong_total")) as client:
        answer = client.get(STUDIES, params={"countTotal": "true"})
    assert (SOURCE.study(SOURCE.days()[-1], IDS[0]) or b"-") in answer.content


def test_several_faults_strike_one_answer() -> None:
    with struck_by(Fault("html"), Fault("lost_page"), Fault("http_503", first=2)) as client:
        answers = [client.get(STUDIES) for _ in range(3)]
    assert "maintenance" in answers[0].text
    assert [answer.status_code for answer in answers] == [200, 503, 200]


@pytest.mark.parametrize(
    ("endpoint", "path"),
    [
        ("version", VERSION),
        ("study", f"{STUDIES}/{IDS[0]}"),
        ("stats", "/days/2026-11-20/api/v2/stats/size"),
        ("history", f"/api/int/studies/{IDS[0]}/history"),
    ],
)
def test_transport_faults_strike_the_endpoint_they_name(endpoint: str, path: str) -> None:
    with struck_by(Fault("http_503", endpoint=endpoint)) as client:
        assert client.get(STUDIES).status_code == 200
        assert [client.get(path).status_code for _ in range(2)] == [503, 200]


@pytest.mark.parametrize("path", ["/", "/api/v2", "/api/v2/else", "/api/v1/studies"])
def test_paths_of_no_endpoint_are_left_alone(path: str) -> None:
    assert endpoint_of(path) is None
    with struck_by(Fault("http_503")) as client:
        assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("cut_body", Fault("cut_body")),
        ("cut_body:2", Fault("cut_body", 2)),
        ("version_moves:2:9", Fault("version_moves", 2, 9)),
    ],
)
def test_fault_is_written_with_its_first_request_and_times(text: str, fault: Fault) -> None:
    assert parse_fault(text) == fault


@pytest.mark.parametrize("text", ["cut_body:", "cut_body:two", "cut_body:1:2:3", "cut_body:0", "hang:1:0"])
def test_malformed_fault_is_refused(text: str) -> None:
    with pytest.raises(SettingsInvalid):
        parse_fault(text)


def test_unknown_fault_is_refused_with_the_names() -> None:
    with pytest.raises(SettingsInvalid) as refused:
        parse_fault("earthquake")
    assert all(name in str(refused.value) for name in FAULTS)


@pytest.mark.parametrize(("name", "endpoint"), [("lost_page", "study"), ("html", "metadata")])
def test_impossible_endpoint_is_refused(name: str, endpoint: str) -> None:
    with pytest.raises(SettingsInvalid):
        Fault(name, endpoint=endpoint)


def test_command_takes_several_faults(monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[Any] = []
    monkeypatch.setattr(server, "serve", lambda *arguments: served.append(arguments[3]))
    command = ["registry", "serve", "--size", "1", "--fault", "cut_body:2", "--fault", "html"]
    assert CliRunner().invoke(app, command).exit_code == 0
    assert served == [[Fault("cut_body", 2), Fault("html")]]
    assert CliRunner().invoke(app, [*command, "--fault", "x"]).exit_code == SettingsInvalid.exit_code
