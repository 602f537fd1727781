"""What a message says, and that no registry text can break it or speak through it."""

import json
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialhouse.alerts.messages import StatusChange, message
from trialhouse.code_lists import STATUS, codes
from trialhouse.slack_stand_in import why_refused

LINK = "<https://clinicaltrials.gov/study/NCT90000001|NCT90000001>"


def a_change(**changes: Any) -> StatusChange:
    values: dict[str, Any] = {
        "event_key": "key-1",
        "snapshot_date": date(2026, 2, 18),
        "nct_id": "NCT90000001",
        "previous_status": "RECRUITING",
        "status": "SUSPENDED",
        "observed_after": datetime(2026, 2, 17, 9, 0, 5),
        "observed_at": datetime(2026, 2, 18, 9, 0, 5),
        "brief_title": "A made-up trial",
        "why_stopped": "Drug supply",
        "phase_label": "Phase 2",
        "lead_sponsor_name": "Example Pharma",
        "lead_sponsor_class": "INDUSTRY",
        "enrollment_count": 1200,
        "enrollment_type": "ESTIMATED",
        "sites_count": 3,
        "countries": ["Poland", "Spain"],
    }
    return StatusChange(**(values | changes))


def texts(payload: dict[str, Any]) -> list[str]:
    """Every text of the message's blocks, in reading order."""
    found = []
    for block in payload["blocks"]:
        objects = [block["text"]] if "text" in block else block.get("fields") or block["elements"]
        found += [text["text"] for text in objects]
    return found


def test_a_message_says_all_a_reader_needs() -> None:
    assert texts(message([a_change()])) == [
        "Suspended: NCT90000001",
        f"{LINK}\nwas: Enrolling (Recruiting)  →  now: *Paused (may resume) (Suspended)*",
        "A made-up trial",
        "Reason given: Drug supply",
        "Phase: Phase 2",
        "Sponsor: Example Pharma (Industry)",
        "Enrolment: 1,200 (Estimated)",
        "Sites: 3 sites (2 countries)",
        "Record changed, first seen between 2026-02-17 09:00 and 2026-02-18 09:00 · data 2026-02-18 09:00",
    ]


def test_the_notification_line_says_what_and_since_when() -> None:
    assert message([a_change()])["text"] == (
        "Suspended: NCT90000001, record changed, first seen between 2026-02-17 09:00 and 2026-02-18 09:00"
    )


def test_a_bare_record_still_reads_well() -> None:
    unknown = dict.fromkeys(
        [
            "previous_status",
            "observed_after",
            "brief_title",
            "why_stopped",
            "phase_label",
            "lead_sponsor_name",
            "enrollment_count",
            "sites_count",
            "countries",
        ]
    )
    assert texts(message([a_change(**unknown)]))[1:] == [
        f"{LINK}\nwas: not given  →  now: *Paused (may resume) (Suspended)*",
        "no title",
        "No reason given in this version",
        "Phase: not given",
        "Sponsor: not given",
        "Enrolment: not given",
        "Sites: not given",
        "Record changed, first seen by 2026-02-18 09:00 · data 2026-02-18 09:00",
    ]


@pytest.mark.parametrize(
    ("sites_count", "countries", "words"),
    [
        (0, [], "Sites: 0 sites"),
        (1, ["Poland"], "Sites: 1 site (Poland)"),
        (2500, ["Poland", "Spain", "Peru"], "Sites: 2,500 sites (3 countries)"),
    ],
)
def test_sites_are_counted_and_placed(sites_count: int, countries: list[str], words: str) -> None:
    assert words in texts(message([a_change(sites_count=sites_count, countries=countries)]))


def test_several_changes_of_one_trial_make_one_message() -> None:
    second = a_change(event_key="key-2", previous_status="SUSPENDED", status="TERMINATED")
    payload = message([a_change(), second])
    assert texts(payload)[0] == "Terminated: NCT90000001"
    assert texts(payload)[1].count("was:") == 2


def test_registry_text_is_escaped_and_never_markup() -> None:
    payload = message([a_change(brief_title="<!channel> *A* & <https://example.org|B> :tada:\n>quote")])
    title = payload["blocks"][2]["text"]
    assert title == {
        "type": "plain_text",
        "text": "&lt;!channel&gt; *A* &amp; &lt;https://example.org|B&gt; :tada: &gt;quote",
        "emoji": False,
    }


def test_text_that_turns_the_reading_direction_is_straightened() -> None:
    assert "a b" in texts(message([a_change(brief_title="a\u202e\x00\ud800b")]))


def test_long_text_is_cut_between_characters() -> None:
    title = texts(message([a_change(brief_title="a" * 596 + "&" * 9)]))[2]
    assert title == "a" * 596 + "…"
    assert len(texts(message([a_change(brief_title="long " * 500)]))[2]) == 600


def test_words_that_are_the_registrys_own_are_said_once() -> None:
    assert "now: *Completed*" in texts(message([a_change(status="COMPLETED")]))[1]


def test_an_unknown_code_stands_alone_and_a_broken_one_is_not_shown() -> None:
    assert "now: *ON_HOLD*" in texts(message([a_change(status="ON_HOLD")]))[1]
    assert texts(message([a_change(status="ON_HOLD")]))[0] == "ON_HOLD: NCT90000001"
    assert "Sponsor: Example Pharma (GUILD)" in texts(message([a_change(lead_sponsor_class="GUILD")]))
    assert "now: *not given*" in texts(message([a_change(status="<!here>")]))[1]


any_text = st.none() | st.text(max_size=4000) | st.text("<>&*_~`|!@#:/", max_size=4000)
wild_changes = st.builds(
    a_change,
    nct_id=st.just("NCT90000001") | st.text(max_size=200),
    previous_status=any_text | st.sampled_from(codes(STATUS)),
    status=any_text | st.sampled_from(codes(STATUS)),
    brief_title=any_text,
    why_stopped=any_text,
    phase_label=any_text,
    lead_sponsor_name=any_text,
    lead_sponsor_class=any_text,
    enrollment_count=st.none() | st.integers(-(10**18), 10**18),
    enrollment_type=any_text,
    sites_count=st.none() | st.integers(0, 10**9),
    countries=st.none() | st.lists(st.text(max_size=500), max_size=300),
)


@given(st.lists(wild_changes, min_size=1, max_size=15))
def test_slack_accepts_any_record_and_reads_no_markup_in_it(changes: list[StatusChange]) -> None:
    payload = json.loads(json.dumps(message(changes)))
    assert why_refused(payload) is None
    link, *_ = texts(payload)[1].split("\n")
    everything = json.dumps(payload).replace(link, "")
    assert "<" not in everything
    markup = [
        block["text"]["text"] for block in payload["blocks"] if block.get("text", {}).get("type") == "mrkdwn"
    ]
    assert len(markup) == 1
    assert markup[0].count("<") == 1
    assert link.startswith("<https://clinicaltrials.gov/study/")
