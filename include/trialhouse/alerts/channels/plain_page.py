"""A Slack message as HTML for those without Slack. No I/O."""

import html
import re
from typing import Any

LINK = re.compile(r"<(https?://[^|>]+)\|([^>]*)>")
BOLD = re.compile(r"\*([^*\n]+)\*")


def page_of(payload: dict[str, Any]) -> str:
    """The blocks one below the other; what Slack would not obey stays text here too."""
    parts = [_block(block) for block in payload.get("blocks", [])]
    return f'<!doctype html><html lang="en"><body>{"".join(parts)}</body></html>'


def _block(block: dict[str, Any]) -> str:
    if "text" in block:
        tag = "h2" if block["type"] == "header" else "p"
        return f"<{tag}>{_text(block['text'])}</{tag}>"
    items = block.get("fields") or block.get("elements") or []
    return "<ul>" + "".join(f"<li>{_text(item)}</li>" for item in items) + "</ul>"


def _text(text: dict[str, str]) -> str:
    """Slack's entities are HTML's; markup is ours and holds links and bold words only."""
    words = text["text"]
    if text["type"] == "plain_text":
        return _with_breaks(html.escape(html.unescape(words)))
    linked, place = [], 0
    for link in LINK.finditer(words):
        linked.append(_bold(html.escape(html.unescape(words[place : link.start()]))))
        linked.append(f'<a href="{html.escape(link[1])}">{html.escape(link[2])}</a>')
        place = link.end()
    linked.append(_bold(html.escape(html.unescape(words[place:]))))
    return _with_breaks("".join(linked))


def _bold(words: str) -> str:
    return BOLD.sub(r"<b>\1</b>", words)


def _with_breaks(words: str) -> str:
    return words.replace("\n", "<br>")
