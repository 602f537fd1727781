"""The client against a server that misbehaves."""

import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from trialhouse import registry as registry_module
from trialhouse.errors import RegistryChanged, RegistryUnavailable
from trialhouse.pace import Pace
from trialhouse.registry import USER_AGENT, Registry

Answer = tuple[int, dict[str, str], bytes]
JSON = {"Content-Type": "application/json"}
PACE_FILE = Path(tempfile.mkdtemp()) / "ask_again_at"
VERSION: Answer = (200, JSON, b'{"apiVersion":"2.0.5","dataTimestamp":"2026-01-05T09:00:05"}')


@contextmanager
def answering(*answers: Answer) -> Iterator[tuple[Registry, list[tuple[float, dict[str, str]]]]]:
    """A registry that gives these answers in turn, and what it was asked when."""
    left, asked = list(answers), list[tuple[float, dict[str, str]]]()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append((time.monotonic(), dict(self.headers)))
            status, headers, body = left.pop(0)
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with Registry(f"http://127.0.0.1:{server.server_port}", Pace(PACE_FILE, 0.0)) as registry:
            yield registry, asked
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    PACE_FILE.unlink(missing_ok=True)
    monkeypatch.setattr(registry_module, "LONGEST_WAIT_SECONDS", 0.05)


def test_the_data_date_is_the_snapshot_date() -> None:
    with answering(VERSION) as (registry, asked):
        assert registry.version().snapshot_date.isoformat() == "2026-01-05"
        assert asked[0][1]["User-Agent"] == USER_AGENT


def test_passing_trouble_is_tried_again() -> None:
    trouble: Answer = (503, {}, b"later")
    with answering(trouble, (500, {}, b""), VERSION) as (registry, asked):
        registry.version()
        assert len(asked) == 3


def test_a_retry_after_is_waited_for() -> None:
    with answering((429, {"Retry-After": "1"}, b"slow down"), VERSION) as (registry, asked):
        registry.version()
        assert asked[1][0] - asked[0][0] >= 1.0


def test_a_cut_body_is_tried_again() -> None:
    cut: Answer = (200, {**JSON, "Content-Length": "500"}, b'{"apiVersion"')
    with answering((cut[0], {**cut[1], "Connection": "close"}, cut[2]), VERSION) as (registry, asked):
        registry.version()
        assert len(asked) == 2


def test_trouble_that_stays_ends_after_a_bounded_number_of_tries() -> None:
    with answering(*[(502, {}, b"")] * registry_module.TRIES) as (registry, asked):
        with pytest.raises(RegistryUnavailable, match="502"):
            registry.version()
        assert len(asked) == registry_module.TRIES


@pytest.mark.parametrize(
    "answer",
    [
        (400, {"Content-Type": "text/plain"}, b"filter.phase is unknown parameter"),
        (200, {"Content-Type": "text/html"}, b"<html>"),
        (200, JSON, b'{"version":1}'),
        (200, JSON, b'{"apiVersion":"2","dataTimestamp":"yesterday"}'),
    ],
)
def test_an_answer_nobody_understands_is_for_a_person_and_not_tried_again(answer: Answer) -> None:
    with answering(answer) as (registry, asked):
        with pytest.raises(RegistryChanged):
            registry.version()
        assert len(asked) == 1


def test_requests_keep_their_distance() -> None:
    with answering(VERSION, VERSION) as (registry, asked):
        registry._pace = Pace(PACE_FILE, 0.3)
        registry.version()
        registry.version()
        assert asked[1][0] - asked[0][0] >= 0.29


def test_the_distance_is_kept_between_two_clients_of_one_lake() -> None:
    with answering(VERSION, VERSION) as (registry, asked):
        registry._pace = Pace(PACE_FILE, 0.3)
        registry.version()
        with Registry(registry.base_url, Pace(PACE_FILE, 0.3)) as another:
            another.version()
        assert asked[1][0] - asked[0][0] >= 0.29


def test_a_pause_the_registry_asked_for_binds_the_next_run_too() -> None:
    with answering((429, {"Retry-After": "3600"}, b"")) as (registry, asked):
        for _ in range(2):
            with pytest.raises(RegistryUnavailable, match="try then"):
                registry.version()
        assert len(asked) == 1


def test_a_moment_no_clock_can_mean_is_not_waited_for() -> None:
    PACE_FILE.write_text("99999999999")
    with answering(VERSION) as (registry, _):
        registry.version()
