"""E-mail over a real SMTP server, webhooks over real HTTP."""

import hashlib
import hmac
import json
import socket
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from alert_builders import DAY, REPLAYED, outbox_rows, publish, suspended, watch
from trialhouse.alerts import alert_day
from trialhouse.errors import DeliveryFailed
from trialhouse.loopback import serving
from trialhouse.settings import Settings, load_settings

BY_MAIL = """
stops:
  title: Trials that stopped
  channel: {kind: email, connection: a_post_office, to: "ann@example.org, ben@example.org"}
"""
BY_WEBHOOK = "stops: {title: Trials that stopped, channel: {kind: webhook, connection: a_service}}"
EVENTS = [suspended(1), suspended(2)]


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("TRIALHOUSE_HOME", str(tmp_path))
    monkeypatch.setenv("AIRFLOW_HOME", str(tmp_path / "airflow"))
    monkeypatch.setenv("TRIALHOUSE_REGISTRY_URL", REPLAYED)
    return load_settings()


class PostOffice:
    """Takes mail, but for as many letters as it is told to refuse for now."""

    def __init__(self) -> None:
        self.letters: list[tuple[list[str], EmailMessage]] = []
        self.refusals = 0

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.refusals:
            self.refusals -= 1
            return "451 try again later"
        letter = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append((envelope.rcpt_tos, letter))
        return "250 taken"


@pytest.fixture
def post_office(monkeypatch: pytest.MonkeyPatch) -> Iterator[PostOffice]:
    office = PostOffice()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(office, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        extra = {"from_email": "trialhouse@example.org", "disable_ssl": True, "disable_tls": True}
        monkeypatch.setenv(
            "AIRFLOW_CONN_A_POST_OFFICE",
            json.dumps({"conn_type": "smtp", "host": "127.0.0.1", "port": port, "extra": extra}),
        )
        yield office
    finally:
        controller.stop()


def test_a_letter_says_what_a_message_says(settings: Settings, post_office: PostOffice) -> None:
    publish(settings, EVENTS)
    assert alert_day(watch(settings, BY_MAIL), DAY).sent == 2
    to, letter = post_office.letters[0]
    assert to == ["ann@example.org", "ben@example.org"]
    assert letter["Subject"].startswith("Suspended: NCT90000001, record changed")
    assert letter["Message-ID"] == f"<stops.{EVENTS[0][0]}@trialhouse>"
    body = letter.get_body(("html",))
    assert body is not None
    page = body.get_content()
    assert "A &lt;made-up&gt; trial" in page
    assert 'href="https://clinicaltrials.gov/study/NCT90000001"' in page


def test_a_post_office_that_is_busy_gets_the_letter_later(
    settings: Settings, post_office: PostOffice
) -> None:
    publish(settings, EVENTS)
    post_office.refusals = 1
    mail = watch(settings, BY_MAIL)
    with pytest.raises(DeliveryFailed, match="try again later"):
        alert_day(mail, DAY)
    assert alert_day(mail, DAY).sent == 2
    assert [letter["Subject"][11:22] for _, letter in post_office.letters] == ["NCT90000001", "NCT90000002"]


def test_a_storm_has_its_file_with_it(settings: Settings, post_office: PostOffice) -> None:
    publish(settings, [(f"k{n}", f"NCT90000{n:03}", DAY, "SUSPENDED") for n in range(40)])
    alert_day(watch(settings, BY_MAIL), DAY)
    [(_, letter)] = post_office.letters
    [file] = letter.iter_attachments()
    assert str(file.get_content()).count("NCT90000") >= 40 or file.get_payload(decode=True)


class Service:
    """A service that takes webhooks; it answers with these statuses first."""

    def __init__(self) -> None:
        self.statuses: list[int] = []
        self.taken: list[tuple[dict[str, str], bytes]] = []
        self.app = Starlette(routes=[Route("/in", self.receive, methods=["POST"])])

    async def receive(self, request: Request) -> Response:
        if self.statuses:
            return PlainTextResponse("no", self.statuses.pop(0))
        self.taken.append((dict(request.headers), await request.body()))
        return PlainTextResponse("ok", 202)


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    found = Service()
    with serving(found.app) as address:
        connection = {"conn_type": "http", "host": f"{address}/in", "password": "a secret"}
        monkeypatch.setenv("AIRFLOW_CONN_A_SERVICE", json.dumps(connection))
        yield found


def test_a_webhook_gets_signed_data_with_a_key(settings: Settings, service: Service) -> None:
    publish(settings, EVENTS)
    assert alert_day(watch(settings, BY_WEBHOOK), DAY).sent == 2
    headers, body = service.taken[0]
    assert headers["idempotency-key"] == f"stops:{EVENTS[0][0]}"
    signature = hmac.new(b"a secret", body, hashlib.sha256).hexdigest()
    assert headers["x-trialhouse-signature"] == f"sha256={signature}"
    told = json.loads(body)
    assert told["events"][0]["brief_title"] == "A <made-up> trial"
    assert (told["nct_id"], told["events"][0]["after_value"]) == ("NCT90000001", "SUSPENDED")


def test_a_service_that_is_down_gets_it_later_and_one_that_refuses_does_not_hold_the_queue(
    settings: Settings, service: Service
) -> None:
    publish(settings, EVENTS)
    hook = watch(settings, BY_WEBHOOK)
    service.statuses = [503]
    with pytest.raises(DeliveryFailed, match="HTTP 503"):
        alert_day(hook, DAY)
    service.statuses = [422, 422]
    with pytest.raises(DeliveryFailed, match="never accepted: NCT90000001"):
        alert_day(hook, DAY)
    assert [json.loads(body)["nct_id"] for _, body in service.taken] == ["NCT90000002"]
    assert [row.status for row in outbox_rows(settings)] == ["refused", "sent"]
