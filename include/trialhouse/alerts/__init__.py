"""Tell Slack which trials stopped: flagged events → outbox → delivery, each trial once.

    gates (flagged.json) ─┐
    published file ───────┴─► messages ─► outbox (unique per watchlist and event) ─► delivery ─► Slack

A webhook takes no key, so one repeat cannot be ruled out: when Slack took a message and its "ok" did not
arrive in time, or we died before committing it, that one comes again. Nothing else does, and none is lost.
"""

from trialhouse.alerts.alerting import AlertReport, alert_day

__all__ = ["AlertReport", "alert_day"]
