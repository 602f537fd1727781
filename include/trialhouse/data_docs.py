"""Data Docs: a page a suite, as Great Expectations renders it, and a page a day that leads to them.

Great Expectations costs seconds to import: only functions import it.
"""

import html
import re
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

# Where Great Expectations names every row that breaks a rule.
ALL_ROWS = ("unexpected_list", "unexpected_index_list", "unexpected_index_query")
NO_SCRIPTS = (
    '<meta http-equiv="Content-Security-Policy"'
    " content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">"
)
RELATIVE_LINK = re.compile(r'href="(\.\./)+[^"]*"')
STYLE = "body{font-family:sans-serif;margin:2em} td,th{padding:.3em 1em;text-align:left} .red{color:#b00}"


@dataclass(frozen=True, slots=True)
class SuiteCounts:
    """How many rules of a suite were met, stop the day, were released by a person, or raised a flag."""

    suite: str
    met: int
    broken: int
    released: int
    flags: int


def day_page(day: date, suites: list[SuiteCounts]) -> str:
    """Every suite judged of a day, with a link to its page."""
    rows = "".join(_suite_row(each) for each in suites)
    names = "".join(f"<th>{name}</th>" for name in ("suite", "met", "not met", "released", "flags"))
    return (
        f'<!DOCTYPE html><html lang="en"><head>{NO_SCRIPTS}<meta charset="utf-8">'
        f"<title>Gates of {day}</title><style>{STYLE}</style></head>"
        f"<body><h1>Gates of {day}</h1><table><tr>{names}</tr>{rows}</table></body></html>"
    )


def _suite_row(counts: SuiteCounts) -> str:
    name = html.escape(counts.suite)
    numbers = (counts.met, counts.broken, counts.released, counts.flags)
    cells = "".join(f"<td>{number}</td>" for number in numbers)
    kind = ' class="red"' if counts.broken else ""
    return f'<tr{kind}><td><a href="{name}/index.html">{name}</a></td>{cells}</tr>'


def suite_page(result: Any) -> str:
    """One page that stands alone: a whole Data Docs site per suite is 4 MB of the same fonts, 0.5 s each.

    Its links to pages of such a site lead nowhere, so they are cut; a browser loads nothing else and runs no
    script, for the values on it are the registry's.
    """
    from great_expectations.render.renderer import ValidationResultsPageRenderer

    document = ValidationResultsPageRenderer().render(_harmless(result))
    page: str = _page_view().render(document, show_how_to_buttons=False)
    return RELATIVE_LINK.sub('href="#"', page.replace("<head>", f"<head>{NO_SCRIPTS}", 1))


def _harmless(result: Any) -> Any:
    """A copy whose registry text cannot become markup; the renderer does not escape values."""
    copy = deepcopy(result)
    for rule in copy.results:
        shown = {name: rule.result[name] for name in rule.result if name not in ALL_ROWS}
        rule.result = _escaped(shown)
    return copy


def _escaped(value: Any) -> Any:
    if isinstance(value, str):
        return html.escape(value)
    if isinstance(value, dict):
        return {_escaped(name): _escaped(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_escaped(item) for item in value]
    return value


@cache
def _page_view() -> Any:
    """Kept, because compiling its templates takes longer than filling them."""
    from great_expectations.render.view import DefaultJinjaPageView

    return DefaultJinjaPageView()
