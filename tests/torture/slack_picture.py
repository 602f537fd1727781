"""What Slack was told, in a form in which two homes can be compared: without the run that told it."""

import json
import re
from typing import Any

from trialhouse.slack_stand_in import SlackStandIn

RUN = re.compile(r"run [0-9a-f]{8}")
# Key, text and blocks of a message, and the key of the one it stands below.
Told = tuple[str, str, str, str]


def slack_picture(slack: SlackStandIn) -> tuple[Told, ...]:
    """Every message in the order it came, as it reads now."""
    keys = {message["ts"]: _key(message) for message in slack.channel}
    return tuple(
        (
            _key(message),
            message["text"],
            RUN.sub("run", json.dumps(message["blocks"])),
            keys.get(message.get("thread_ts"), ""),
        )
        for message in slack.channel
    )


def _key(message: dict[str, Any]) -> str:
    return str(message["metadata"]["event_payload"]["key"])
