"""What Slack refuses of a message's blocks, by its published limits.

https://api.slack.com/reference/block-kit/blocks (2026-11); the length in all is what was met (bolt-js#2509).
"""

from typing import Any

MOST_BLOCKS = 50
MOST_FIELDS = 10
MOST_CONTEXT_ELEMENTS = 10
MOST_ACTIONS = 25
TEXT_CHARACTERS = 40_000
ALL_CHARACTERS = 13_000
SECTION_CHARACTERS = 3000
FIELD_CHARACTERS = 2000
HEADER_CHARACTERS = 150
BUTTON_CHARACTERS = 75
ACTION_CHARACTERS = 255
VALUE_CHARACTERS = 2000

Json = dict[str, Any]


def why_refused(payload: object) -> str | None:
    """Slack's word for what is wrong with a payload; None when it would be shown."""
    if not isinstance(payload, dict):
        return "invalid_payload"
    text, blocks = payload.get("text"), payload.get("blocks")
    if text is not None and not isinstance(text, str):
        return "invalid_payload"
    if not text and not blocks:
        return "no_text"
    if blocks is not None and not _are_blocks(blocks):
        return "invalid_blocks"
    if len(text or "") > TEXT_CHARACTERS:
        return "msg_too_long"
    if _characters(blocks) > ALL_CHARACTERS:
        return "msg_blocks_too_long"
    return None


def _characters(value: object) -> int:
    """Of every text in blocks."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, dict):
        return sum(map(_characters, value.values()))
    return sum(map(_characters, value)) if isinstance(value, list) else 0


def _are_blocks(blocks: object) -> bool:
    return isinstance(blocks, list) and len(blocks) <= MOST_BLOCKS and all(map(_is_block, blocks))


def _is_block(block: object) -> bool:
    """The block types this project sends; Slack knows more of them."""
    if not isinstance(block, dict):
        return False
    match block.get("type"):
        case "section":
            return _is_section(block)
        case "header":
            return _is_text(block.get("text"), HEADER_CHARACTERS, ("plain_text",))
        case "context":
            return _are_texts(block.get("elements"), MOST_CONTEXT_ELEMENTS, FIELD_CHARACTERS)
        case "actions":
            return _are_buttons(block.get("elements"))
        case "divider":
            return True
    return False


def _are_buttons(elements: object) -> bool:
    return (
        isinstance(elements, list)
        and 1 <= len(elements) <= MOST_ACTIONS
        and all(map(_is_button, elements))
        and len({each["action_id"] for each in elements}) == len(elements)
    )


def _is_button(element: object) -> bool:
    if not isinstance(element, dict) or element.get("type") != "button":
        return False
    named, value = element.get("action_id"), element.get("value", "")
    return (
        isinstance(named, str)
        and 1 <= len(named) <= ACTION_CHARACTERS
        and isinstance(value, str)
        and len(value) <= VALUE_CHARACTERS
        and _is_text(element.get("text"), BUTTON_CHARACTERS, ("plain_text",))
    )


def _is_section(block: Json) -> bool:
    text, fields = block.get("text"), block.get("fields")
    if text is None and fields is None:
        return False
    return (text is None or _is_text(text, SECTION_CHARACTERS)) and (
        fields is None or _are_texts(fields, MOST_FIELDS, FIELD_CHARACTERS)
    )


def _are_texts(texts: object, most: int, characters: int) -> bool:
    return isinstance(texts, list) and 1 <= len(texts) <= most and all(_is_text(t, characters) for t in texts)


def _is_text(text: object, characters: int, types: tuple[str, ...] = ("plain_text", "mrkdwn")) -> bool:
    """A text object; `emoji` belongs to plain text only, `verbatim` to mrkdwn only."""
    if not isinstance(text, dict) or text.get("type") not in types:
        return False
    words = text.get("text")
    misplaced = "verbatim" if text["type"] == "plain_text" else "emoji"
    return isinstance(words, str) and 1 <= len(words) <= characters and misplaced not in text
