"""Tell Slack which trials stopped: flagged events → outbox → delivery, each trial once.

    gates (flagged.json) ─┐
    published file ───────┴─► messages ─► outbox (unique per watchlist and event) ─► delivery ─► Slack

A webhook takes no key, so one repeat cannot be ruled out: a crash after Slack said "ok" and before that was
committed, a few milliseconds, sends that one message again. Everything else is sent exactly once.
"""

from trialhouse.alerts.alerting import AlertReport, alert_day

__all__ = ["AlertReport", "alert_day"]
