"""Every dashboard in a real browser: charts draw, filters filter, a click leads to the trial."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from browser.assets import charts_of
from browser.conftest import NASTY_TRIAL, Dashboards, shot
from builders import build_and_publish
from trialhouse.dashboards import PAGES
from trialhouse.sync import sync_day

pytestmark = pytest.mark.slow

# What a calm registry may have none of; Superset says so in words.
MAY_BE_EMPTY = {
    "Results due next",
    "Gate warnings",
    "Sites added and closed by day",
    "What happened to the trial",
}
DRAWN = {
    "echarts_timeseries_bar": "canvas",
    "echarts_timeseries_line": "canvas",
    "gantt_chart": "canvas",
    "deck_scatter": "canvas",
    "world_map": "svg path.datamaps-subunit",
    "table": "tbody tr",
    "big_number_total": ".header-line",
}
TELEMETRY = "scarf.sh"


def chart(page: Page, name: str) -> Locator:
    return page.locator(f'[data-test-chart-name="{name}"]')


def open_dashboard(page: Page, dashboards: Dashboards, slug: str) -> None:
    page.goto(f"{dashboards.address}/superset/dashboard/{slug}/")
    for name in charts_of(slug):
        wait_until_drawn(page, name)


def open_trial(page: Page, dashboards: Dashboards, nct_id: str) -> None:
    page.goto(f"{dashboards.address}/trial/{nct_id}")
    for name in charts_of("trial"):
        wait_until_drawn(page, name)


def wait_until_drawn(page: Page, name: str) -> None:
    holder = chart(page, name)
    drawn = holder.locator(DRAWN[str(holder.get_attribute("data-test-viz-type"))])
    empty = holder.get_by_text("No results were returned for this query")
    wrong = holder.get_by_text(re.compile("error", re.IGNORECASE))
    expect(drawn.or_(empty).or_(wrong).first).to_be_visible()


def number(page: Page, name: str) -> int:
    return int(chart(page, name).locator(".header-line").inner_text().replace(",", ""))


@pytest.mark.parametrize("width", [1440, 900])
@pytest.mark.parametrize("slug", PAGES)
def test_a_dashboard_opens_and_every_chart_draws(
    page: Page, dashboards: Dashboards, slug: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 6000})
    open_dashboard(page, dashboards, slug)
    page.wait_for_timeout(1_500)  # charts grow into place
    shot(page, f"{slug}-{width}")
    assert page.get_by_text(re.compile(r"\berror\b", re.IGNORECASE)).count() == 0
    for name in charts_of(slug):
        is_empty = chart(page, name).get_by_text("No results were returned").count() > 0
        assert not is_empty or name in MAY_BE_EMPTY, f"{name} shows nothing"
    assert page.locator("body").evaluate("body => body.scrollWidth") <= width


def test_filters_work_together(page: Page, dashboards: Dashboards) -> None:
    open_dashboard(page, dashboards, "landscape")
    every = "select count(*) from marts.dim_trials where is_in_registry"
    assert number(page, "Trials in the registry") == dashboards.one(every)
    choose(page, "status", "Completed")
    completed = dashboards.one(f"{every} and overall_status = 'COMPLETED'")
    expect(chart(page, "Trials in the registry").locator(".header-line")).to_have_text(str(completed))
    choose(page, "phase", "Phase 2")
    both = dashboards.one(f"{every} and overall_status = 'COMPLETED' and phase_label = 'Phase 2'")
    expect(chart(page, "Trials in the registry").locator(".header-line")).to_have_text(str(both))
    assert 0 < both < completed
    expect(chart(page, "Trials").locator("tbody tr").first).to_contain_text("Completed")


def choose(page: Page, name: str, value: str) -> None:
    page.locator(f"#NATIVE_FILTER-{name}").click(force=True)
    page.locator(f'[id^="NATIVE_FILTER-{name}_list_"][title="{value}"]').click()
    page.keyboard.press("Escape")
    page.locator("[data-test=filter-bar__apply-button]").click()


@pytest.mark.parametrize(
    ("slug", "table"),
    [
        ("landscape", "Trials"),
        ("what-changed", "All events"),
        ("sponsors-and-compliance", "Flagged trials"),
        ("trial", "Similar trials"),
    ],
)
def test_a_click_leads_to_the_trial(page: Page, dashboards: Dashboards, slug: str, table: str) -> None:
    open_dashboard(page, dashboards, slug)
    link = chart(page, table).locator("tbody a").first
    nct_id = link.inner_text()
    assert re.fullmatch(r"NCT\d{8}", nct_id)
    page.goto(f"{dashboards.address}{link.get_attribute('href')}")
    title = dashboards.one(f"select brief_title from marts.dim_trials where nct_id = '{nct_id}'")
    expect(chart(page, "The trial")).to_contain_text(title)


def test_text_of_a_record_stays_text(page: Page, dashboards: Dashboards) -> None:
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    open_trial(page, dashboards, NASTY_TRIAL)
    shot(page, "nasty-trial")
    told = chart(page, "The trial")
    expect(told).to_contain_text('< img src="https://evil.example/x.png"')
    expect(told).to_contain_text("< script>")
    expect(told).to_contain_text("{{ 7 * 7 }}")
    assert told.locator("img, script, a[href^=javascript]").count() == 0
    assert page.title() not in ("1", "hacked")
    assert dialogs == []
    assert [url for url in dashboards.asked_elsewhere if TELEMETRY not in url] == []


def test_a_publish_is_seen_by_the_next_query(page: Page, dashboards: Dashboards) -> None:
    open_dashboard(page, dashboards, "data-health")
    before = chart(page, "Newest day").locator(".header-line").inner_text()
    sync_day(dashboards.settings, dashboards.next_day)
    build_and_publish(dashboards.settings, dashboards.next_day)
    page.reload()
    newest = chart(page, "Newest day").locator(".header-line")
    expect(newest).to_have_text(dashboards.next_day.isoformat())
    assert before < dashboards.next_day.isoformat()
