"""Tell people what changed: published events → watchlists → outbox → channels, each event once a watchlist.

    published file ─► news of each watchlist ─► messages ─► outbox (unique keys) ─► Slack, e-mail, webhook
    gates ─► data channel

What a channel's protocol cannot rule out is said in `channels`.
"""

from trialhouse.alerts.alerting import AlertReport, alert_day
from trialhouse.alerts.data_channel import tell_data_team

__all__ = ["AlertReport", "alert_day", "tell_data_team"]
