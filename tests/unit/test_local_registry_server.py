"""The registry's HTTP interface, asked over loopback as any client asks it."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from trialhouse.local_registry.replayed import ReplayedRegistry
from trialhouse.local_registry.server import running, serve

FIRST_DAY, SECOND_DAY = "2026-11-19", "2026-11-20"
SIZE = 25


def a_study(number: int, **status: Any) -> dict[str, Any]:
    """A small record with a list of objects, an alias now and then, and text beyond ASCII."""
    identification: dict[str, Any] = {"nctId": f"NCT{number:08d}", "briefTitle": f"Trial n° {number}"}
    if number == 3:
        identification["nctIdAliases"] = ["NCT00000999"]
    posted = f"2026-11-{number % 20 + 1:02d}"
    return {
        "protocolSection": {
            "identificationModule": identification,
            "statusModule": {
                "overallStatus": "RECRUITING",
                "lastUpdatePostDateStruct": {"date": posted, "type": "ACTUAL"},
            }
            | status,
            "sponsorCollaboratorsModule": {"leadSponsor": {"name": "Norvane", "class": "INDUSTRY"}},
            "contactsLocationsModule": {
                "locations": [{"city": "Besançon", "country": "France"}, {"country": "Poland"}]
            },
        },
        "derivedSection": {"miscInfoModule": {"versionHolder": SECOND_DAY}},
        "hasResults": False,
    }


def spaced_line(study: dict[str, Any]) -> bytes:
    """JSON as no encoder of ours would write it, so that re-encoding shows."""
    return json.dumps(study, ensure_ascii=False, separators=(" , ", " : ")).encode()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("days")
    lines = [spaced_line(a_study(number)) for number in range(1, SIZE + 1)]
    (folder / f"{FIRST_DAY}.jsonl").write_bytes(b"\n".join(lines[:5]) + b"\n")
    (folder / f"{SECOND_DAY}.jsonl.gz").write_bytes(gzip.compress(b"\n".join(lines)))
    return folder


@pytest.fixture(scope="module")
def client(folder: Path) -> Iterator[httpx.Client]:
    with running(ReplayedRegistry(folder)) as address, httpx.Client(base_url=address) as client:
        yield client


def pages(client: httpx.Client, path: str, **parameters: Any) -> list[dict[str, Any]]:
    """Every page of a listing, first to last."""
    found: list[dict[str, Any]] = []
    token: dict[str, str] = {}
    while True:
        answer = client.get(path, params=parameters | token)
        assert answer.status_code == 200, answer.text
        found.append(answer.json())
        if "nextPageToken" not in found[-1]:
            return found
        token = {"pageToken": found[-1]["nextPageToken"]}


def ids_of(answers: list[dict[str, Any]]) -> list[str]:
    return [
        s["protocolSection"]["identificationModule"]["nctId"] for page in answers for s in page["studies"]
    ]


def refused(client: httpx.Client, path: str) -> str:
    """The text of a 400, which the registry sends as plain text."""
    answer = client.get(path)
    assert answer.status_code == 400, answer.text
    assert answer.headers["content-type"].startswith("text/plain")
    return answer.text


def test_version_of_a_day_carries_that_day(client: httpx.Client) -> None:
    newest = client.get("/api/v2/version").json()
    first = client.get(f"/days/{FIRST_DAY}/api/v2/version").json()
    assert newest == {"apiVersion": "2.0.5", "dataTimestamp": f"{SECOND_DAY}T09:00:05"}
    assert first["dataTimestamp"] == f"{FIRST_DAY}T09:00:05"


@pytest.mark.parametrize("day", ["2026-11-18", "yesterday", "2026-13-01"])
def test_day_the_source_lacks_is_not_found(client: httpx.Client, day: str) -> None:
    answer = client.get(f"/days/{day}/api/v2/version")
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize("page_size", [1, 7, 24, 25, 1000])
def test_paging_covers_every_id_exactly_once(client: httpx.Client, page_size: int) -> None:
    answers = pages(client, "/api/v2/studies", pageSize=page_size)
    assert ids_of(answers) == [f"NCT{number:08d}" for number in range(1, SIZE + 1)]
    assert len(answers) == -(-SIZE // page_size)


def test_page_size_may_differ_from_page_to_page(client: httpx.Client) -> None:
    first = client.get("/api/v2/studies?pageSize=4").json()
    second = client.get(f"/api/v2/studies?pageSize=6&pageToken={first['nextPageToken']}").json()
    assert ids_of([second]) == [f"NCT{number:08d}" for number in range(5, 11)]


@pytest.mark.parametrize(("asked", "given"), [("", 10), ("0", 10), ("3", 3), ("1001", SIZE), ("99999", SIZE)])
def test_page_size_has_a_default_and_a_largest(client: httpx.Client, asked: str, given: int) -> None:
    assert len(client.get(f"/api/v2/studies?pageSize={asked}").json()["studies"]) == given


def test_total_is_counted_on_the_first_page_only(client: httpx.Client) -> None:
    answers = pages(client, "/api/v2/studies", countTotal="true", pageSize=20)
    assert [page.get("totalCount") for page in answers] == [SIZE, None]
    assert "totalCount" not in client.get("/api/v2/studies").json()


def test_token_belongs_to_its_day_and_parameters(client: httpx.Client) -> None:
    token = client.get(f"/days/{FIRST_DAY}/api/v2/studies?pageSize=2&fields=NCTId").json()["nextPageToken"]
    assert client.get(f"/days/{FIRST_DAY}/api/v2/studies?fields=NCTId&pageToken={token}").status_code == 200
    assert "pageToken" in refused(client, f"/api/v2/studies?fields=NCTId&pageToken={token}")
    assert "pageToken" in refused(client, f"/days/{FIRST_DAY}/api/v2/studies?pageToken={token}")
    assert "pageToken" in refused(client, "/api/v2/studies?pageToken=nonsense")
    assert "pageToken" in refused(client, "/api/v2/studies?pageToken=é")


def test_listing_carries_the_files_bytes(client: httpx.Client, folder: Path) -> None:
    content = client.get(f"/days/{FIRST_DAY}/api/v2/studies").content
    for line in (folder / f"{FIRST_DAY}.jsonl").read_bytes().splitlines():
        assert line in content


def test_single_study_is_the_files_bytes(client: httpx.Client) -> None:
    answer = client.get("/api/v2/studies/NCT00000007")
    assert answer.content == spaced_line(a_study(7))
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize("asked", ["nct00000007", "NCT7", "NCT0000000007"])
def test_id_is_understood_in_the_forms_the_registry_takes(client: httpx.Client, asked: str) -> None:
    assert client.get(f"/api/v2/studies/{asked}").content == spaced_line(a_study(7))


def test_alias_redirects_within_the_same_base(client: httpx.Client) -> None:
    answer = client.get(f"/days/{FIRST_DAY}/api/v2/studies/NCT00000999?fields=NCTId")
    assert answer.status_code == 301
    assert answer.headers["location"] == f"/days/{FIRST_DAY}/api/v2/studies/NCT00000003?fields=NCTId"
    followed = client.get("/api/v2/studies/NCT00000999", follow_redirects=True)
    assert followed.content == spaced_line(a_study(3))


def test_absent_study_is_not_found(client: httpx.Client) -> None:
    answer = client.get(f"/days/{FIRST_DAY}/api/v2/studies/NCT00000007")
    assert answer.status_code == 404
    assert "NCT00000007" in answer.text


@pytest.mark.parametrize("asked", ["NCT", "NCT123456789", "12345678", "NCT00000000", "sizes"])
def test_malformed_id_is_a_bad_request(client: httpx.Client, asked: str) -> None:
    assert asked in refused(client, f"/api/v2/studies/{asked}")


def test_fields_bring_the_asked_paths_with_their_parents_only(client: httpx.Client) -> None:
    fields = "NCTId,OverallStatus|LastUpdatePostDate,LeadSponsorName,WhyStopped,HasResults"
    study = client.get("/api/v2/studies", params={"fields": fields, "pageSize": 1}).json()["studies"][0]
    assert study == {
        "protocolSection": {
            "identificationModule": {"nctId": "NCT00000001"},
            "statusModule": {
                "overallStatus": "RECRUITING",
                "lastUpdatePostDateStruct": {"date": "2026-11-02"},
            },
            "sponsorCollaboratorsModule": {"leadSponsor": {"name": "Norvane"}},
        },
        "hasResults": False,
    }


def test_single_study_takes_fields_too(client: httpx.Client) -> None:
    study = client.get("/api/v2/studies/NCT00000001?fields=protocolSection.identificationModule.nctId").json()
    assert study == {"protocolSection": {"identificationModule": {"nctId": "NCT00000001"}}}


@pytest.mark.parametrize(
    "field", ["nctid", "NctId", "", "protocolSection.noModule.x", "statusModule..x", "foo"]
)
def test_unknown_field_is_a_bad_request(client: httpx.Client, field: str) -> None:
    assert "fields" in refused(client, f"/api/v2/studies?fields={field}")


def test_ids_filter_follows_aliases(client: httpx.Client) -> None:
    answers = pages(client, "/api/v2/studies", **{"filter.ids": "NCT00000999|nct5,NCT00000777"})
    assert ids_of(answers) == ["NCT00000003", "NCT00000005"]


def test_one_malformed_id_fails_the_whole_filter(client: httpx.Client) -> None:
    assert "NCTx" in refused(client, "/api/v2/studies?filter.ids=NCT00000001,NCTx")


@pytest.mark.parametrize(
    ("expression", "count"),
    [
        ("AREA[LastUpdatePostDate]RANGE[2026-11-19,MAX]", 2),
        ("AREA[LastUpdatePostDate]RANGE[MIN,2026-11-02]", 3),
        (
            "AREA[LastUpdatePostDate]RANGE[2026-11-05,MAX] AND AREA[LastUpdatePostDate]RANGE[MIN,2026-11-06]",
            4,
        ),
    ],
)
def test_post_date_ranges_include_both_ends(client: httpx.Client, expression: str, count: int) -> None:
    answers = pages(client, "/api/v2/studies", **{"filter.advanced": expression, "fields": "NCTId"})
    assert len(ids_of(answers)) == count


def test_other_expressions_are_refused_with_the_reason(client: httpx.Client) -> None:
    assert "only supports" in refused(client, "/api/v2/studies?filter.advanced=AREA[Phase]PHASE3")


def test_newest_post_date_sorts_first_and_ids_break_ties(client: httpx.Client) -> None:
    answers = pages(client, "/api/v2/studies", sort="LastUpdatePostDate,NCTId:desc", pageSize=2)
    assert ids_of(answers)[:4] == ["NCT00000019", "NCT00000018", "NCT00000017", "NCT00000016"]
    ascending = pages(client, "/api/v2/studies", sort="LastUpdatePostDate:asc|NCTId:desc", pageSize=2)
    assert ids_of(ascending)[:3] == ["NCT00000020", "NCT00000021", "NCT00000001"]


def test_relevance_keeps_the_order_of_the_source(client: httpx.Client) -> None:
    assert ids_of(pages(client, "/api/v2/studies", sort="@relevance"))[0] == "NCT00000001"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("filter.phase=PHASE1", "filter.phase is unknown parameter"),
        ("query.cond=pain", "not supported"),
        ("format=csv", "not supported"),
        ("markupFormat=legacy", "not supported"),
        ("pageSize=-1", "pageSize"),
        ("pageSize=many", "pageSize"),
        ("countTotal=yes", "countTotal"),
        ("sort=EnrollmentCount", "sort"),
        ("sort=NCTId,NCTId,NCTId", "sort"),
    ],
)
def test_what_is_unknown_or_malformed_is_refused_in_plain_text(
    client: httpx.Client, query: str, said: str
) -> None:
    assert said in refused(client, f"/api/v2/studies?{query}")


def test_single_study_and_sizes_refuse_parameters_of_others(client: httpx.Client) -> None:
    assert "unknown parameter" in refused(client, "/api/v2/studies/NCT00000001?pageSize=1")
    assert "unknown parameter" in refused(client, "/api/v2/stats/size?pageSize=1")


def test_sizes_have_the_documented_shape(client: httpx.Client) -> None:
    sizes = client.get("/api/v2/stats/size").json()
    assert set(sizes) == {"averageSizeBytes", "largestStudies", "percentiles", "ranges", "totalStudies"}
    assert sizes["totalStudies"] == SIZE
    assert sizes["largestStudies"][0]["id"] == "NCT00000003"
    assert sum(span["studiesCount"] for span in sizes["ranges"]) == SIZE


def test_damaged_day_is_a_server_error_that_names_the_file(tmp_path: Path) -> None:
    (tmp_path / "2026-11-20.jsonl").write_text("{broken\n")
    with running(ReplayedRegistry(tmp_path)) as address:
        answer = httpx.get(f"{address}/api/v2/studies")
    assert answer.status_code == 500
    assert "2026-11-20.jsonl, line 1" in answer.text


def test_stopped_server_frees_its_port(folder: Path) -> None:
    with running(ReplayedRegistry(folder)) as address:
        port = int(address.rpartition(":")[2])
    with running(ReplayedRegistry(folder), port=port) as again:
        assert httpx.get(f"{again}/api/v2/version").status_code == 200


def test_serving_runs_until_stopped(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[uvicorn.Config] = []
    monkeypatch.setattr(uvicorn.Server, "run", lambda server: served.append(server.config))
    serve(ReplayedRegistry(folder), port=8601)
    assert [(config.host, config.port, config.access_log) for config in served] == [
        ("127.0.0.1", 8601, False)
    ]


def test_server_that_does_not_start_says_so(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uvicorn.Server, "run", lambda server, sockets: None)
    with pytest.raises(RuntimeError, match="did not start"), running(ReplayedRegistry(folder)):
        pass


def test_listed_record_that_is_missing_is_an_error(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = ReplayedRegistry(folder)
    monkeypatch.setattr(source, "study", lambda day, nct_id: None)
    with running(source) as address:
        assert httpx.get(f"{address}/api/v2/studies").status_code == 500
        assert httpx.get(f"{address}/api/v2/stats/size").json()["averageSizeBytes"] == 0


@pytest.mark.parametrize("records", [0, 1])
def test_sizes_of_tiny_days(tmp_path: Path, records: int) -> None:
    (tmp_path / "2026-11-20.jsonl").write_bytes(spaced_line(a_study(1)) * records)
    with running(ReplayedRegistry(tmp_path)) as address:
        sizes = httpx.get(f"{address}/api/v2/stats/size").json()
    assert sizes["totalStudies"] == len(sizes["largestStudies"]) == records
    assert set(sizes["percentiles"].values()) == {len(spaced_line(a_study(1)))} if records else True
