"""What a message says, and that no registry text can break it or speak through it."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alert_builders import news_of
from trialhouse.alerts.bulletins import digest_message, gate_message, quiet_message, storm_message
from trialhouse.alerts.channels.plain_page import page_of
from trialhouse.alerts.messages import Payload, trial_message
from trialhouse.alerts.news import News
from trialhouse.alerts.watchlists import event_words
from trialhouse.code_lists import STATUS, codes
from trialhouse.slack_blocks import why_refused

LINKS = (
    "<https://clinicaltrials.gov/study/NCT90000001|NCT90000001>"
    " · <https://clinicaltrials.gov/study/NCT90000001?tab=history|history>"
)
BUILD = "4c1e0000aaaa"


def message(news: list[News]) -> Payload:
    return trial_message(news, BUILD)


def texts(payload: dict[str, Any]) -> list[str]:
    """Every text of the message's blocks, in reading order."""
    found = []
    for block in payload["blocks"]:
        objects = [block["text"]] if "text" in block else block.get("fields") or block["elements"]
        found += [text["text"] for text in objects]
    return found


def test_a_message_says_all_a_reader_needs() -> None:
    suspended = news_of(
        details={"days_in_previous_status": 212, "is_previous_status_start_known": True},
        stop_reason_label="Supply or logistics",
        similar_pauses_count=1415,
        share_restarted_within_365_days=0.379,
        quality_flags=["randomized_single_group", "retro_registration_5y"],
    )
    assert texts(message([suspended])) == [
        "Suspended: NCT90000001",
        f"{LINKS}\nwas: Enrolling (Recruiting) for 212 d  →  now: *Paused (may resume) (Suspended)*",
        "A made-up trial",
        "Reason given: Drug supply",
        "Odds: of 1,415 suspensions with such a reason (Supply or logistics) 38% went on within a year;"
        " records that ctcovidstop collected 2010 to 2022",
        "Phase: Phase 2",
        "Sponsor: Example Pharma (Industry)",
        "Enrolment: 1,200 (Estimated)",
        "Sites: 3 sites (2 countries)",
        "Primary completion: 2027-12-31",
        "Flags: randomized single group, retro registration 5y",
        "Record changed, first seen between 2026-02-17 09:00 and 2026-02-18 09:00"
        " · data 2026-02-18 09:00 · run 4c1e0000 · event key-1",
    ]


def test_a_trial_that_goes_on_again_is_said_to_and_needs_no_reason() -> None:
    resumed = news_of(event_type="STATUS_RESUMED", before_value="SUSPENDED", after_value="RECRUITING")
    shown = texts(message([resumed]))
    assert shown[0] == "Resumed, now Recruiting: NCT90000001"
    assert not any("reason" in text.lower() for text in shown)


def test_a_reason_is_that_of_the_stop_whatever_else_changed() -> None:
    moved = news_of(event_type="PCD_MOVED", severity="P3", why_stopped=None)
    assert "Reason given: Drug supply" in texts(message([news_of(), moved]))
    added = news_of(event_type="WHY_STOPPED_ADDED", why_stopped=None, before_value=None, after_value="Funds")
    assert "Reason given: Funds" in texts(message([added]))


def test_the_dashboard_is_linked_where_there_is_one() -> None:
    payload = trial_message([news_of()], BUILD, "https://bi.example.org/trial/?nct={nct_id}")
    assert "<https://bi.example.org/trial/?nct=NCT90000001|dashboard>" in texts(payload)[1]


def test_how_long_the_former_status_stood_is_a_lower_bound_where_its_start_is_unknown() -> None:
    assert "for at least 14 d" in texts(message([news_of(details={"days_in_previous_status": 14})]))[1]


def test_a_date_that_moved_is_a_line_with_its_days() -> None:
    moved = news_of(
        event_type="PCD_MOVED",
        before_value="2026-05 ESTIMATED",
        after_value="2027-02 ESTIMATED",
        details={"days_moved": 276},
        status_now="RECRUITING",
    )
    payload = message([moved])
    assert texts(payload)[0] == "Primary completion moved (Recruiting): NCT90000001"
    assert (
        "The primary completion date moved: 2026-05 ESTIMATED → 2027-02 ESTIMATED (+276 days)"
        in texts(payload)[3]
    )
    assert not any("reason" in text.lower() for text in texts(payload))


def test_the_notification_line_says_what_and_since_when() -> None:
    assert message([news_of()])["text"] == (
        "Suspended: NCT90000001, record changed, first seen between 2026-02-17 09:00 and 2026-02-18 09:00"
    )


def test_a_bare_record_still_reads_well() -> None:
    unknown = dict.fromkeys(
        [
            "before_value",
            "observed_after",
            "brief_title",
            "why_stopped",
            "phase_label",
            "lead_sponsor_name",
            "enrollment_count",
            "primary_completion_date_text",
            "sites_count",
            "countries",
        ]
    )
    assert texts(message([news_of(**unknown)]))[1:] == [
        f"{LINKS}\nwas: not given  →  now: *Paused (may resume) (Suspended)*",
        "no title",
        "No reason given in this version",
        "Phase: not given",
        "Sponsor: not given",
        "Enrolment: not given",
        "Sites: not given",
        "Primary completion: not given",
        "Flags: none",
        "Record changed, first seen by 2026-02-18 09:00 · data 2026-02-18 09:00 · run 4c1e0000 · event key-1",
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
    assert words in texts(message([news_of(sites_count=sites_count, countries=countries)]))


def test_several_changes_of_one_trial_make_one_message() -> None:
    second = news_of(event_key="key-2", before_value="SUSPENDED", after_value="TERMINATED")
    payload = message([news_of(), second])
    assert texts(payload)[0] == "Terminated: NCT90000001"
    assert texts(payload)[1].count("was:") == 2


def test_registry_text_is_escaped_and_never_markup() -> None:
    payload = message([news_of(brief_title="<!channel> *A* & <https://example.org|B> :tada:\n>quote")])
    title = payload["blocks"][2]["text"]
    assert title == {
        "type": "plain_text",
        "text": "&lt;!channel&gt; *A* &amp; &lt;https://example.org|B&gt; :tada: &gt;quote",
        "emoji": False,
    }


def test_text_that_turns_the_reading_direction_is_straightened() -> None:
    assert "a b" in texts(message([news_of(brief_title="a\u202e\x00\ud800b")]))


def test_long_text_is_cut_between_characters() -> None:
    title = texts(message([news_of(brief_title="a" * 596 + "&" * 9)]))[2]
    assert title == "a" * 596 + "…"
    assert len(texts(message([news_of(brief_title="long " * 500)]))[2]) == 600


def test_words_that_are_the_registrys_own_are_said_once() -> None:
    assert "now: *Completed*" in texts(message([news_of(after_value="COMPLETED")]))[1]


def test_an_unknown_code_stands_alone_and_a_broken_one_is_not_shown() -> None:
    assert "now: *ON_HOLD*" in texts(message([news_of(after_value="ON_HOLD")]))[1]
    assert texts(message([news_of(after_value="ON_HOLD")]))[0] == "ON_HOLD: NCT90000001"
    assert "Sponsor: Example Pharma (GUILD)" in texts(message([news_of(lead_sponsor_class="GUILD")]))
    assert "now: *not given*" in texts(message([news_of(after_value="<!here>")]))[1]


any_text = st.none() | st.text(max_size=4000) | st.text("<>&*_~`|!@#:/", max_size=4000)
wild_news = st.builds(
    news_of,
    nct_id=st.just("NCT90000001") | st.text(max_size=200),
    event_type=st.sampled_from(sorted(event_words())),
    before_value=any_text | st.sampled_from(codes(STATUS)),
    after_value=any_text | st.sampled_from(codes(STATUS)),
    brief_title=any_text,
    why_stopped=any_text,
    phase_label=any_text,
    lead_sponsor_name=any_text,
    lead_sponsor_class=any_text,
    enrollment_count=st.none() | st.integers(-(10**18), 10**18),
    enrollment_type=any_text,
    primary_completion_date_text=any_text,
    sites_count=st.none() | st.integers(0, 10**9),
    countries=st.none() | st.lists(st.text(max_size=500), max_size=300),
    quality_flags=st.lists(st.text(max_size=100), max_size=9),
    stop_reason_label=any_text,
    similar_pauses_count=st.just(9),
    share_restarted_within_365_days=st.none() | st.just(0.5),
)


@given(st.lists(wild_news, min_size=1, max_size=15))
def test_slack_accepts_any_record_and_reads_no_markup_in_it(news: list[News]) -> None:
    assert _is_harmless(message(news))


@given(st.lists(wild_news, min_size=1, max_size=60))
def test_slack_accepts_bulletins_of_any_records(news: list[News]) -> None:
    assert _is_harmless(digest_message("Trials that stopped", news, "warehouse/alerts/x.csv"))
    assert _is_harmless(storm_message("Trials that stopped", news, "warehouse/alerts/x.csv"))


@given(st.text(max_size=9000))
def test_slack_accepts_whatever_a_gate_says(failure: str) -> None:
    assert _is_harmless(gate_message(date(2026, 2, 18), failure, "gates/snapshot_date=2026-02-18/index.html"))


def test_a_storm_counts_by_reason_and_by_sponsor() -> None:
    many = [
        news_of(
            event_key=f"key-{number}",
            nct_id=f"NCT900{number:05}",
            lead_sponsor_name=f"Sponsor {number % 3}",
            stop_reason_label="Enrolment",
        )
        for number in range(68)
    ]
    shown = texts(storm_message("Trials that stopped", many, "warehouse/alerts/storm.csv"))
    assert shown[0] == "Storm: 68 trials at once. Trials that stopped"
    assert "68 x Suspended" in shown
    assert "68 x Enrolment" in shown
    assert "23 x Sponsor 0\n23 x Sponsor 1\n22 x Sponsor 2" in shown
    assert "every event: warehouse/alerts/storm.csv" in shown


def test_a_digest_goes_by_type_the_most_urgent_first() -> None:
    later = news_of(event_key="k2", event_type="SITES_ADDED", severity="P3", snapshot_date=date(2026, 2, 20))
    shown = texts(digest_message("Oncology", [later, news_of()], "f.csv"))
    assert shown[0] == "Oncology: 2 events of 1 trial, 2026-02-18 to 2026-02-20"
    assert shown[1].startswith("*Suspended* (1)\n<https://clinicaltrials.gov/study/NCT90000001|")
    assert shown[3].startswith("*Sites added* (1)")


def test_a_quiet_day_is_one_line() -> None:
    assert quiet_message("Oncology", date(2026, 2, 18), "2026-02-18 09:00")["text"] == (
        "Oncology: 0 events, data as of 2026-02-18 09:00"
    )


@given(st.lists(wild_news, min_size=1, max_size=5))
def test_a_page_for_mail_holds_no_tags_but_its_own(news: list[News]) -> None:
    page = page_of(message(news))
    inside = page
    for tag in ("h2", "p", "ul", "li", "b", "body", "html"):
        inside = inside.replace(f"<{tag}>", "").replace(f"</{tag}>", "")
    for ours in (
        "<!doctype html>",
        '<html lang="en">',
        "<br>",
        "</a>",
        '<a href="https://clinicaltrials.gov/',
    ):
        inside = inside.replace(ours, "")
    assert "<" not in inside


def _is_harmless(payload: Payload) -> bool:
    """Slack takes it, and all its markup is our own links, bold words and codes."""
    sent = json.loads(json.dumps(payload))
    assert why_refused(sent) is None
    for block in sent["blocks"]:
        for text in [block["text"]] if "text" in block else block.get("fields") or block["elements"]:
            if text["type"] == "plain_text":
                assert "<" not in text["text"]
            else:
                links = text["text"].count("<https://clinicaltrials.gov/study/")
                assert text["text"].count("<") == links
    return "<" not in sent["text"]
