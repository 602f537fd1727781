"""The stand-in refuses what Slack refuses, with Slack's words."""

import json
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from trialhouse.slack_blocks import why_refused
from trialhouse.slack_stand_in import running_slack

WEBHOOK = "/services/T000/B000/XXX"


def post(address: str, path: str, body: bytes) -> tuple[int, str, str | None]:
    """Status, body and `Retry-After`."""
    request = urllib.request.Request(address + path, data=body, headers={"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status, answer.read().decode(), None
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode(), error.headers["Retry-After"]


def a_section(text: str = "words") -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def test_an_accepted_message_is_kept(tmp_path: Path) -> None:
    with running_slack(tmp_path) as (address, messages):
        assert post(address, WEBHOOK, b'{"text": "hello"}') == (200, "ok", None)
        assert post(address, WEBHOOK, json.dumps({"blocks": [a_section()]}).encode())[0] == 200
    assert [json.loads(line) for line in messages.read_text().splitlines()] == [
        {"text": "hello"},
        {"blocks": [a_section()]},
    ]


def test_refusals_are_not_kept(tmp_path: Path) -> None:
    with running_slack(tmp_path) as (address, messages):
        assert post(address, WEBHOOK, b"payload=hello") == (400, "invalid_payload", None)
        assert post(address, WEBHOOK, b'{"blocks": [{"type": "rainbow"}]}') == (400, "invalid_blocks", None)
        assert post(address, "/services/T000", b'{"text": "hello"}') == (404, "no_service", None)
    assert messages.read_text() == ""


def test_it_fails_as_often_as_it_is_told_to(tmp_path: Path) -> None:
    with running_slack(tmp_path, failures=[429, 500], retry_after_seconds=7) as (address, messages):
        assert post(address, WEBHOOK, b'{"text": "1"}') == (429, "rate_limited", "7")
        assert post(address, WEBHOOK, b'{"text": "2"}') == (500, "rollup_error", None)
        assert post(address, WEBHOOK, b'{"text": "3"}') == (200, "ok", None)
    assert messages.read_text() == '{"text": "3"}\n'


PLAIN = {"type": "plain_text", "text": "words"}


@pytest.mark.parametrize(
    ("payload", "refusal"),
    [
        ([], "invalid_payload"),
        ({"text": 7}, "invalid_payload"),
        ({}, "no_text"),
        ({"text": "", "blocks": []}, "no_text"),
        ({"blocks": "words"}, "invalid_blocks"),
        ({"blocks": ["words"]}, "invalid_blocks"),
        ({"blocks": [{"type": "divider"}] * 51}, "invalid_blocks"),
        ({"blocks": [{"type": "divider"}] * 50}, None),
        ({"blocks": [a_section("a" * 3000)]}, None),
        ({"blocks": [a_section("a" * 3001)]}, "invalid_blocks"),
        ({"blocks": [a_section("")]}, "invalid_blocks"),
        ({"blocks": [{"type": "section"}]}, "invalid_blocks"),
        ({"blocks": [{"type": "section", "fields": [PLAIN] * 10}]}, None),
        ({"blocks": [{"type": "section", "fields": [PLAIN] * 11}]}, "invalid_blocks"),
        ({"blocks": [{"type": "section", "fields": [PLAIN | {"text": "a" * 2001}]}]}, "invalid_blocks"),
        ({"blocks": [{"type": "header", "text": PLAIN | {"text": "a" * 150}}]}, None),
        ({"blocks": [{"type": "header", "text": PLAIN | {"text": "a" * 151}}]}, "invalid_blocks"),
        ({"blocks": [{"type": "header", "text": {"type": "mrkdwn", "text": "a"}}]}, "invalid_blocks"),
        ({"blocks": [{"type": "context", "elements": [PLAIN]}]}, None),
        ({"blocks": [{"type": "context", "elements": []}]}, "invalid_blocks"),
        ({"blocks": [{"type": "section", "text": {"type": "html", "text": "a"}}]}, "invalid_blocks"),
        ({"blocks": [{"type": "section", "text": PLAIN | {"verbatim": True}}]}, "invalid_blocks"),
    ],
)
def test_payloads_are_held_to_the_published_limits(payload: object, refusal: str | None) -> None:
    assert why_refused(payload) == refusal
