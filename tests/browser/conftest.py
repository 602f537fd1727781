"""A published home with a record that says nasty things, Superset over it, and a real browser."""

import shutil
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from playwright.sync_api import Browser, Page, Request, expect, sync_playwright

from builders import build_and_publish, home_of
from torture.edited_source import EditedSource
from trialhouse.dashboards import ENVIRONMENT, USER, dashboards_running, password_of
from trialhouse.local_registry.generated import GeneratedRegistry
from trialhouse.run_times import StepRun, note_step
from trialhouse.settings import PROJECT, Settings
from trialhouse.sync import sync_day

expect.set_options(timeout=60_000)
SCREENSHOTS = PROJECT / "data-screenshots"
NASTY_TRIAL = "NCT90000003"
NASTY = (
    '<img src="https://evil.example/x.png" onerror="document.title=1">'
    '<script>document.title = "hacked"</script><a href="javascript:alert(1)">click</a>'
    " **bold** ![picture](https://evil.example/y.png) <!channel> {{ 7 * 7 }} \N{RIGHT-TO-LEFT OVERRIDE}txet"
    " ' or 1 = 1 --"
)
# WebGL without a graphics card, and no talking of the browser's own.
BROWSER_FLAGS = (
    "--no-sandbox",
    "--enable-unsafe-swiftshader",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def _nasty(nct_id: str, _: date, record: dict[str, Any]) -> bool:
    if nct_id == NASTY_TRIAL:
        protocol = record["protocolSection"]
        protocol["identificationModule"]["briefTitle"] = NASTY
        protocol["descriptionModule"] = {"briefSummary": NASTY + "long " * 8_000}
        protocol["sponsorCollaboratorsModule"]["leadSponsor"]["name"] = NASTY
        protocol["conditionsModule"] = {"conditions": [NASTY]}
        protocol["armsInterventionsModule"] = {
            "armGroups": [{"label": NASTY, "type": "EXPERIMENTAL", "description": NASTY}],
            "interventions": [
                {"type": "DRUG", "name": NASTY, "description": NASTY, "armGroupLabels": [NASTY]}
            ],
        }
        protocol["contactsLocationsModule"] = {
            "locations": [{"facility": NASTY, "city": NASTY, "country": "Poland"}]
        }
    return nct_id == NASTY_TRIAL


@dataclass
class Dashboards:
    """Superset over a home whose last day is landed but not yet published."""

    settings: Settings
    address: str
    next_day: date
    asked_elsewhere: list[str] = field(default_factory=list)

    def one(self, query: str) -> Any:
        with duckdb.connect(str(self.settings.published_file), read_only=True) as con:
            return con.execute(query).fetchall()[0][0]

    def note_request(self, request: Request) -> None:
        """The browser refuses them by the page's own policy; none may even be tried for a record's text."""
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.asked_elsewhere.append(request.url)


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Settings, date]]:
    """Five days landed, the fourth published."""
    registry = EditedSource(GeneratedRegistry(size=250, days=5), _nasty)
    with home_of(registry, tmp_path_factory.mktemp("dashboards")) as settings:
        *days, last = registry.days()
        for day in days:
            sync_day(settings, day)
        build_and_publish(settings, days[-1])
        for outcome in ("success", "failed"):
            began = datetime(2026, 11, 19, 15, tzinfo=UTC)
            note_step(settings, StepRun(days[-1], "ctgov_build", "build_marts", began, 61.5, outcome))
        yield settings, last


@pytest.fixture(scope="session")
def dashboards(home: tuple[Settings, date]) -> Iterator[Dashboards]:
    if not (ENVIRONMENT / "gunicorn").exists():
        pytest.skip("not run: Superset is not installed (`bin/setup-for-tests` installs it, or says why not)")
    settings, next_day = home
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with dashboards_running(settings, port):
        yield Dashboards(settings, f"http://127.0.0.1:{port}", next_day)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        path = (
            shutil.which("chromium") or shutil.which("google-chrome") or playwright.chromium.executable_path
        )
        if not Path(path).exists():
            pytest.skip("not run: there is no chromium here (on Debian: apt-get install chromium)")
        chromium = playwright.chromium.launch(executable_path=path, args=BROWSER_FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def session(browser: Browser, dashboards: Dashboards) -> Any:
    """Cookies of somebody who is logged in."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{dashboards.address}/login/", wait_until="networkidle")  # earlier, it forgets what is typed
    page.fill("#username", USER)
    page.fill("#password", password_of(dashboards.settings))
    page.keyboard.press("Enter")
    page.wait_for_url("**/superset/welcome/**")
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def page(browser: Browser, dashboards: Dashboards, session: Any) -> Iterator[Page]:
    """A window so tall that every chart is drawn at once."""
    context = browser.new_context(storage_state=session, viewport={"width": 1440, "height": 6000})
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.on("request", dashboards.note_request)
    yield page
    context.close()


def shot(page: Page, name: str) -> Path:
    """A picture of the dashboard, as high as it is, kept as the test's output."""
    SCREENSHOTS.mkdir(exist_ok=True)
    box = page.locator("[data-test=grid-content]").bounding_box()
    window = page.viewport_size
    assert box
    assert window
    file = SCREENSHOTS / f"{name}.png"
    height = box["y"] + box["height"]
    page.screenshot(path=file, clip={"x": 0, "y": 0, "width": window["width"], "height": height})
    return file
