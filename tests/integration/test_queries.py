"""Each file of queries/ runs as it is, returns the columns it declares, and answers as plain Python does.

The answers of the made-up days are written down; those of real records are worked out from the JSON.
"""

import math
import re
from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import duckdb
import pytest

from builders import (
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    MadeUpRegistry,
    a_study,
    build_and_publish,
    home_of,
    with_status,
)
from integration import oracle
from integration.conftest import Outcome
from integration.events_oracle import expected_events
from integration.similar_oracle import similar_trials
from trialhouse.settings import PROJECT, Settings
from trialhouse.sync import sync_day

QUERIES = {int(file.name[:2]): file for file in sorted((PROJECT / "queries").glob("*.sql"))}
QUESTIONS = range(1, 21)
DECLARED = re.compile(r"^--   (\S+) +(\S+)  +\S.*$", re.MULTILINE)
OPEN = ("NOT_YET_RECRUITING", "RECRUITING", "ENROLLING_BY_INVITATION", "ACTIVE_NOT_RECRUITING")
STOPPED = ("SUSPENDED", "TERMINATED", "WITHDRAWN")
BROAD_DAY = date(2025, 10, 31)

Answer = list[tuple[Any, ...]]
Records = dict[str, oracle.Record]


def text_of(number: int, **parameters: str) -> str:
    """The query with other values for some of its parameters, written as SQL."""
    text = QUERIES[number].read_text()
    for name, value in parameters.items():
        text, replaced = re.subn(
            rf"(?m)^(\s+(?:select )?)\S.*( as {name}\b)", rf"\g<1>{value}\2", text, count=1
        )
        assert replaced, name
    return text


def answer(file: Path, number: int, **parameters: str) -> list[dict[str, Any]]:
    with duckdb.connect(str(file), read_only=True) as con:
        found = con.execute(text_of(number, **parameters))
        names = [column[0] for column in found.description or []]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def columns(rows: Iterable[dict[str, Any]], *names: str) -> Answer:
    return [tuple(row[name] for name in names) for row in rows]


# ---------- every file


PAUSED, RESUMED, GONE, MERGED, WAITING = (f"NCT9000000{number}" for number in range(1, 6))
ONCOLOGY = {"conditionBrowseModule": {"meshes": [{"id": "D009369", "term": "Neoplasms"}]}}


def of_oncology(record: oracle.Record) -> oracle.Record:
    return record | {"derivedSection": ONCOLOGY}


@pytest.fixture(scope="module")
def made_up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Three days: one trial pauses, one pauses and resumes, one vanishes, one is merged, one opens."""
    paused = of_oncology(with_status("SUSPENDED", PAUSED, statusModule__whyStopped="Drug supply"))
    resumes = [
        of_oncology(with_status(status, RESUMED)) for status in ("RECRUITING", "SUSPENDED", "RECRUITING")
    ]
    waits = [with_status(status, WAITING) for status in ("NOT_YET_RECRUITING", "RECRUITING", "RECRUITING")]
    registry = MadeUpRegistry(
        {
            MONDAY: [of_oncology(a_study(PAUSED)), resumes[0], a_study(GONE), a_study(MERGED), waits[0]],
            TUESDAY: [of_oncology(a_study(PAUSED)), resumes[1], a_study(GONE), a_study(MERGED), waits[1]],
            WEDNESDAY: [paused, resumes[2], waits[2]],
        },
        aliases={MERGED: PAUSED},
    )
    with home_of(registry, tmp_path_factory.mktemp("made_up")) as settings:
        for day in registry.days():
            sync_day(settings, day)
            build_and_publish(settings, day)
        yield settings


@pytest.mark.parametrize("number", QUERIES)
def test_a_query_returns_the_columns_it_declares(made_up: Settings, number: int) -> None:
    text = QUERIES[number].read_text()
    with duckdb.connect(str(made_up.published_file), read_only=True) as con:
        described = [(name, kind) for name, kind, *_ in con.execute(f"describe {text}").fetchall()]
        con.execute(text).fetchall()
    assert DECLARED.findall(text) == described


def test_every_question_is_answered_or_told_why_not() -> None:
    lines = (PROJECT / "queries" / "README.md").read_text().splitlines()
    told = {int(found[1]): found[0] for line in lines if (found := re.match(r"\| (\d+) \| .*", line))}
    assert sorted(told) == list(QUESTIONS)
    linked = {number: re.search(r"\((\S+\.sql)\)", line) for number, line in told.items()}
    assert {n: found[1] for n, found in linked.items() if found} == {n: f.name for n, f in QUERIES.items()}
    assert all(file.read_text().startswith(f"-- Question {n}: ") for n, file in QUERIES.items())


# ---------- answers of the made-up days


def test_the_suspended_lately_are_both_pauses_with_their_reasons(made_up: Settings) -> None:
    rows = answer(made_up.published_file, 1)
    assert columns(rows, "nct_id", "seen_on", "why_stopped", "status_now") == [
        (PAUSED, WEDNESDAY, "Drug supply", "SUSPENDED"),
        (RESUMED, TUESDAY, None, "RECRUITING"),
    ]
    in_area = answer(made_up.published_file, 1, days_back="1", area="'neoplasms'")
    assert columns(in_area, "nct_id") == [(PAUSED,)]
    assert answer(made_up.published_file, 1, area="'migraine'") == []


def test_a_pause_counts_as_resumed_only_once_it_was_followed_long_enough(made_up: Settings) -> None:
    rows = answer(made_up.published_file, 2, days_to_resume="[0, 1, 2]")
    assert [tuple(row.values()) for row in rows] == [(0, 2, 0, 0.0), (1, 1, 1, 100.0), (2, 0, 0, None)]


def test_a_wait_ends_with_the_snapshot_that_shows_another_status(made_up: Settings) -> None:
    days = (TUESDAY - date(2025, 2, 1)).days
    assert [tuple(row.values()) for row in answer(made_up.published_file, 3)] == [
        ("Example Pharma", "INDUSTRY", 1, 0, days, days, 1, days, days)
    ]


def test_a_record_on_a_day_is_that_of_the_snapshot_before(made_up: Settings) -> None:
    asked = {"nct_id": f"'{RESUMED}'", "as_of": f"date '{TUESDAY}'"}
    (row,) = answer(made_up.published_file, 4, **asked)
    assert (row["overall_status"], row["status_now"], row["clock"]) == ("SUSPENDED", "RECRUITING", "OBSERVED")
    assert answer(made_up.published_file, 4, as_of=f"date '{MONDAY - timedelta(1)}'") == []
    assert answer(made_up.published_file, 4, **asked, known_at="timestamp '2000-01-01'") == []


def test_the_vanished_and_the_merged_are_told_apart(made_up: Settings) -> None:
    rows = answer(made_up.published_file, 14)
    assert columns(rows, "nct_id", "departure_type", "departed_on", "merged_into_nct_id") == [
        (GONE, "VANISHED", WEDNESDAY, None),
        (MERGED, "MERGED", WEDNESDAY, PAUSED),
    ]
    assert answer(made_up.published_file, 14, departed_since=f"date '{WEDNESDAY + timedelta(1)}'") == []


# ---------- answers of real records


def records_of(outcome: Outcome) -> Records:
    return oracle.newest_records(outcome.days)


def status_module(record: oracle.Record) -> oracle.Record:
    return oracle.module(record, "statusModule")


def lead(record: oracle.Record) -> oracle.Record:
    found: oracle.Record = oracle.module(record, "sponsorCollaboratorsModule").get("leadSponsor", {})
    return found


def phases(record: oracle.Record) -> tuple[str, ...]:
    return tuple(oracle.module(record, "designModule").get("phases", []))


def mesh_terms(record: oracle.Record, subject: str, *lists: str) -> set[str]:
    browse = record.get("derivedSection", {}).get(f"{subject}BrowseModule", {})
    return {term["term"] for name in lists for term in browse.get(name, []) if "term" in term}


def condition_names(record: oracle.Record) -> set[str]:
    """Conditions, and the MeSH terms of conditions with those above them."""
    given = oracle.module(record, "conditionsModule").get("conditions", [])
    return {*given, *mesh_terms(record, "condition", "meshes", "ancestors")}


def test_real_suspensions_are_those_between_the_files(nine_days: Outcome) -> None:
    rows = answer(nine_days.settings.published_file, 1, days_back="30")
    found = {(str(row["seen_on"]), row["nct_id"], row["status_before"]) for row in rows}
    changes = oracle.status_changes(nine_days.days)
    assert found == {(day, i, was) for day, i, was, now, _ in changes if now == "SUSPENDED"}
    assert len(found) == len(rows) == 1


def test_real_pauses_are_counted(nine_days: Outcome) -> None:
    newest, records = max(nine_days.days), records_of(nine_days)
    expected = []
    for within in (0, 5, 20):
        pauses = [
            until
            for nct_id, status, previous, since, until, *_ in oracle.status_stretches(nine_days.days)
            if status == "SUSPENDED"
            and previous
            and (newest - since).days >= within
            and {"PHASE2", "PHASE3"} & set(phases(records[nct_id]))
            and any("cancer" in name.lower() for name in condition_names(records[nct_id]))
        ]
        assert not any(pauses)
        expected.append((within, len(pauses), 0))
    file = nine_days.settings.published_file
    rows = answer(file, 2, days_to_resume="[0, 5, 20]", areas="['%cancer%']")
    assert columns(rows, "within_days", "pauses_count", "resumed_count") == expected
    assert [pauses_count for _, pauses_count, _ in expected] == [1, 1, 0]


def test_real_waits_are_measured(nine_days: Outcome) -> None:
    waits = defaultdict(list)
    first = {stretch[0]: stretch for stretch in oracle.status_stretches(nine_days.days) if stretch[2] is None}
    last_seen = {i: max(day for day, now in nine_days.days.items() if i in now) for i in first}
    for nct_id, (_, status, _, _, until, *_) in first.items():
        record = records_of(nine_days)[nct_id]
        posted = date.fromisoformat(status_module(record)["studyFirstPostDateStruct"]["date"])
        if status == "NOT_YET_RECRUITING":
            wait = ((until or last_seen[nct_id]) - posted).days
            waits[oracle.normalised(lead(record)["name"])].append((wait, until))
    expected = {
        sponsor: (len(of), sum(not until for _, until in of), median(days for days, _ in of))
        for sponsor, of in waits.items()
    }
    rows = answer(nine_days.settings.published_file, 3)
    found = columns(rows, "lead_sponsor_name", "waits_count", "running_count", "median_days")
    assert {oracle.normalised(name): tuple(rest) for name, *rest in found} == expected
    assert len(found) == len(expected) > 5


@pytest.mark.parametrize("day_number", [0, 4, -1])
def test_real_statuses_of_a_day_are_those_of_its_file(nine_days: Outcome, day_number: int) -> None:
    day = sorted(nine_days.days)[day_number]
    known = nine_days.days[day]
    rows = answer(nine_days.settings.published_file, 4, as_of=f"date '{day}'")
    assert dict(columns(rows, "nct_id", "overall_status")) == {
        nct_id: oracle.status_of(record) for nct_id, record in known.items()
    }


def test_real_departures_are_those_of_the_newest_file(nine_days: Outcome) -> None:
    rows = answer(nine_days.settings.published_file, 14)
    assert {row["nct_id"] for row in rows} == records_of(nine_days).keys() - nine_days.days[
        max(nine_days.days)
    ].keys()
    assert rows


def test_real_days_are_counted_newest_first(nine_days: Outcome) -> None:
    rows = answer(nine_days.settings.published_file, 20)
    counts = sorted(oracle.day_counts(nine_days.days).items(), reverse=True)
    events = Counter(day for day, *_ in oracle.listing_events(nine_days.days))
    events.update(str(day) for _, day, *_ in expected_events(nine_days.days))
    assert columns(
        rows, "snapshot_date", "studies_count", "new_count", "changed_count", "vanished_count", "events_count"
    ) == [(day, n.records, n.new, n.changed, n.vanished, events[str(day)]) for day, n in counts]


def test_real_slips_are_those_of_the_files(nine_days: Outcome) -> None:
    slips = answer(nine_days.settings.published_file, 5)
    assert columns(slips, "nct_id", "seen_on", "before_value", "after_value", "days_moved") == [
        ("NCT05414032", date(2026, 2, 25), "2026-07 ESTIMATED", "2027-09 ESTIMATED", 426)
    ]
    assert columns(slips, "days_since_first", "days_since_launch", "moves_count") == [(426, 426, 1)]
    assert answer(nine_days.settings.published_file, 5, days_moved_at_least="427") == []


def test_real_sites_by_country_and_month_add_up_to_those_of_the_files(nine_days: Outcome) -> None:
    """Per country: what came less what went is what the lists have more; names that changed are neither."""
    rows = answer(nine_days.settings.published_file, 10)
    told: Counter[str] = Counter()
    for row in rows:
        told[row["country"]] += row["added_count"] - row["removed_count"]
    first: dict[str, oracle.Record] = {}
    newest: dict[str, oracle.Record] = {}
    for day in sorted(nine_days.days):
        newest |= nine_days.days[day]
        first = nine_days.days[day] | first
    more: Counter[str] = Counter()
    for trial, record in newest.items():
        interventions = oracle.module(record, "armsInterventionsModule").get("interventions", [])
        if not any(each["type"] == "DRUG" for each in interventions):
            continue
        for sign, version in ((1, record), (-1, first[trial])):
            for site in oracle.module(version, "contactsLocationsModule").get("locations", []):
                more[site["country"]] += sign
    assert {country: count for country, count in told.items() if count} == {
        country: count for country, count in more.items() if count
    }
    assert sum(row["opened_count"] for row in rows) > 0


def kilometres(latitude: float, longitude: float, point: oracle.Record) -> float:
    """By the law of cosines, which the query does not use."""
    north, south = math.radians(latitude), math.radians(point["lat"])
    east = math.radians(point["lon"] - longitude)
    cosine = math.sin(north) * math.sin(south) + math.cos(north) * math.cos(south) * math.cos(east)
    return 6371.0088 * math.acos(min(cosine, 1))


def test_real_recruiting_sites_near_a_point(broad: Outcome) -> None:
    expected = Counter(
        (nct_id, site.get("facility"), site.get("city"))
        for nct_id, record in records_of(broad).items()
        if oracle.status_of(record) == "RECRUITING"
        and any("cancer" in name.lower() for name in condition_names(record))
        for site in oracle.module(record, "contactsLocationsModule").get("locations", [])
        if site.get("status", "RECRUITING") == "RECRUITING"
        and "geoPoint" in site
        and kilometres(48.86, 2.35, site["geoPoint"]) <= 300
    )
    rows = answer(broad.settings.published_file, 11, latitude="48.86", longitude="2.35", kilometres="300")
    assert Counter(columns(rows, "nct_id", "facility", "city")) == expected
    assert len(rows) > 5
    assert [row["distance_km"] for row in rows] == sorted(row["distance_km"] for row in rows)


def test_real_reasons_for_stopping(broad: Outcome) -> None:
    expected = defaultdict(list)
    for record in records_of(broad).values():
        status = status_module(record)
        if oracle.status_of(record) in STOPPED:
            ended = oracle.status_of(record) == "TERMINATED"
            dated = status.get("completionDateStruct" if ended else "lastUpdatePostDateStruct", {}).get(
                "date"
            )
            year = int(dated[:4]) if dated else None
            key = (year, phases(record), lead(record).get("class"), oracle.status_of(record))
            expected[key].append(status.get("whyStopped"))
    rows = answer(broad.settings.published_file, 12, reasons_shown="1000", year_from="1900")
    with broad.connection() as con:
        codes = dict(con.execute("select distinct phase_label, phases from marts.dim_trials").fetchall())
    found = {
        (
            row["year"],
            tuple(codes[row["phase_label"]] or ()),
            row["lead_sponsor_class"],
            row["overall_status"],
        ): (
            row["trials_count"],
            row["reasonless_count"],
            set(row["reasons"]),
        )
        for row in rows
    }
    assert found == {
        key: (len(given), given.count(None), {reason.strip() for reason in given if reason})
        for key, given in expected.items()
    }
    assert len(found) == len(rows) > 20


def unknown_due_on(record: oracle.Record) -> date | None:
    status = status_module(record)
    if "statusVerifiedDate" not in status:
        return None
    year, month, *_ = (int(part) for part in status["statusVerifiedDate"].split("-"))
    verified = date(year + 2, month, monthrange(year + 2, month)[1])
    completion = status.get("completionDateStruct", {}).get("date")
    return max(verified, oracle.last_day(completion) or verified)


def test_real_trials_that_will_be_unknown(broad: Outcome) -> None:
    could = ("RECRUITING", "NOT_YET_RECRUITING", "ACTIVE_NOT_RECRUITING")
    due = {i: unknown_due_on(r) for i, r in records_of(broad).items() if oracle.status_of(r) in could}
    soon = {i: day for i, day in due.items() if day and BROAD_DAY <= day <= BROAD_DAY + timedelta(90)}
    rows = answer(broad.settings.published_file, 13)
    assert dict(columns(rows, "nct_id", "unknown_due_on")) == soon
    assert len(rows) == len(soon) > 5
    # The rule itself: no real trial is open after its day, and every UNKNOWN one is.
    unknown = [unknown_due_on(r) for r in records_of(broad).values() if oracle.status_of(r) == "UNKNOWN"]
    assert len(unknown) > 300
    assert all(day and day < BROAD_DAY for day in unknown)
    assert not [i for i, day in due.items() if day and day < BROAD_DAY]


def test_real_landscape(broad: Outcome) -> None:
    expected = Counter(
        (term, phases(record), lead(record).get("class"))
        for record in records_of(broad).values()
        if oracle.module(record, "designModule").get("studyType") == "INTERVENTIONAL"
        and oracle.status_of(record) in OPEN
        for term in mesh_terms(record, "intervention", "meshes")
    )
    with broad.connection() as con:
        codes = dict(con.execute("select distinct phase_label, phases from marts.dim_trials").fetchall())
    rows = answer(broad.settings.published_file, 15)
    found = {
        (row["mesh_term"], tuple(codes[row["phase_label"]] or ()), row["lead_sponsor_class"]): row[
            "trials_count"
        ]
        for row in rows
    }
    assert found == expected
    assert len(found) == len(rows) > 50


def test_real_identifiers_of_other_registries(broad: Outcome) -> None:
    expected = Counter(
        (nct_id, known.get("id"))
        for nct_id, record in records_of(broad).items()
        for known in oracle.module(record, "identificationModule").get("secondaryIdInfos", [])
        if known.get("type") in ("EUDRACT_NUMBER", "CTIS", "REGISTRY")
        or re.fullmatch(r"ISRCTN *\d{8}", known.get("id", "").strip())
    )
    rows = answer(broad.settings.published_file, 16)
    found = Counter(columns(rows, "nct_id", "identifier"))
    own = Counter(
        (nct_id, number)
        for nct_id, record in records_of(broad).items()
        if re.fullmatch(
            r"ISRCTN *\d{8}",
            (
                number := oracle.module(record, "identificationModule")
                .get("orgStudyIdInfo", {})
                .get("id", "")
            ).strip(),
        )
    )
    assert found == expected + own
    assert {"EudraCT", "CTIS", "ISRCTN"} <= {row["registry"] for row in rows}


def test_real_similar_trials_and_what_became_of_them(broad: Outcome) -> None:
    records = records_of(broad)
    neighbours = similar_trials(records.values())
    asked = [i for i in sorted(neighbours) if len(neighbours[i]) == 10][::500]
    assert len(asked) > 2
    for nct_id in asked:
        rows = answer(broad.settings.published_file, 17, nct_id=f"'{nct_id}'")
        found = columns(rows, "similar_nct_id", "overall_status", "why_stopped", "statuses_seen")
        near = [records[other] for other, *_ in neighbours[nct_id]]
        assert found == [
            (
                oracle.nct_id_of(record),
                oracle.status_of(record),
                status_module(record).get("whyStopped"),
                [oracle.status_of(record)],
            )
            for record in near
        ]


def quartiles(of: list[float]) -> list[float]:
    return quantiles(of, method="inclusive")


def test_real_arms_of_sequential_designs(broad: Outcome) -> None:
    sizes: dict[str | None, list[tuple[int, float]]] = defaultdict(list)
    for record in records_of(broad).values():
        design = oracle.module(record, "designModule")
        arms = len(oracle.module(record, "armsInterventionsModule").get("armGroups", []))
        enrolled = design.get("enrollmentInfo", {})
        is_sequential = design.get("designInfo", {}).get("interventionModel") == "SEQUENTIAL"
        if phases(record) == ("PHASE1",) and is_sequential and arms and "count" in enrolled:
            sizes[enrolled.get("type")].append((arms, enrolled["count"] / arms))
    expected = {
        kind: (len(of), *quartiles([a for a, _ in of]), *quartiles([each for _, each in of]))
        for kind, of in sizes.items()
        if len(of) > 1
    }
    found = {
        kind: tuple(rest)
        for kind, *rest in (row.values() for row in answer(broad.settings.published_file, 18))
    }
    assert {kind: found[kind] for kind in expected} == {
        kind: pytest.approx(row) for kind, row in expected.items()
    }
    assert found.keys() == sizes.keys()
    assert expected
