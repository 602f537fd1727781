"""Watchlists: which events of which trials are told where. YAML, checked when read.

stopped_trials:
  title: Trials that stopped, or went on again
  events: [STATUS_SUSPENDED, STATUS_RESUMED]      # types of dbt_project/seeds/event_types.csv; none: all
  severities: [P1, P2]
  trials: {mesh_terms: [Neoplasms], phases: [PHASE3]}
  channel: {kind: slack}
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

import duckdb
import msgspec
import yaml

from trialhouse.errors import SettingsInvalid
from trialhouse.settings import PROJECT, Settings

EVENT_TYPES_FILE = PROJECT / "dbt_project" / "seeds" / "event_types.csv"
# 2026-11-23: more messages than that in one run nobody reads one by one (questions_and_alerts, story 12).
STORM_ABOVE = 30

NctId = Annotated[str, msgspec.Meta(pattern=r"^NCT\d{8}$")]
Name = Annotated[str, msgspec.Meta(min_length=1)]
WatchlistName = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
Phase = Literal["EARLY_PHASE1", "PHASE1", "PHASE2", "PHASE3", "PHASE4", "NA"]
Severity = Literal["P1", "P2", "P3"]


class EventType(str):
    """A type of the seed `event_types`."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class EventWords:
    """Of a type of event: a few plain words, and a sentence."""

    label: str
    meaning: str


class Trials(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which trials: all that meet every kind given, by any name of that kind. Nothing given: all trials.

    Names do not mind case; `*` in them stands for anything. mesh_terms: the term or any below it.
    interventions: name, other name or MeSH term. where: SQL condition over a row of `dim_trials`.
    """

    nct_ids: tuple[NctId, ...] = ()
    sponsors: tuple[Name, ...] = ()
    conditions: tuple[Name, ...] = ()
    mesh_terms: tuple[Name, ...] = ()
    interventions: tuple[Name, ...] = ()
    countries: tuple[Name, ...] = ()
    phases: tuple[Phase, ...] = ()
    where: str = ""

    def __post_init__(self) -> None:
        if self.where:
            _require_one_condition(self.where)


class Channel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where messages go. connection: of Airflow; empty: TRIALHOUSE_SLACK_CONN_ID.

    to: Slack channel (with a bot's token) or e-mail addresses, separated by commas.
    """

    kind: Literal["slack", "email", "webhook"] = "slack"
    connection: str = ""
    to: str = ""

    def __post_init__(self) -> None:
        if self.kind != "slack" and not self.connection:
            raise ValueError(f"a channel of kind {self.kind} names its Airflow connection")
        if self.kind == "email" and not self.to:
            raise ValueError("a channel of kind email says to whom")


class Wish(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a watchlist asks for.

    delivery: each trial at once, or all of a day or a week (told with its first day after it) in one message.
    quiet_line: a day without events is told in one line. storm_above: so many messages of a run become one.
    one_message_a_sponsor_from: so many trials of a lead sponsor in a run become one message.
    moved_later_by: days; of dates that moved (START_MOVED, PCD_MOVED, CD_MOVED) only those are told that
    moved so far, and not to earlier.
    """

    title: Name
    events: tuple[EventType, ...] = ()
    severities: tuple[Severity, ...] = ("P1",)
    trials: Trials = Trials()
    channel: Channel = Channel()
    delivery: Literal["instant", "daily", "weekly"] = "instant"
    quiet_line: bool = False
    storm_above: Annotated[int, msgspec.Meta(ge=1)] = STORM_ABOVE
    one_message_a_sponsor_from: Annotated[int, msgspec.Meta(ge=2)] | None = None
    moved_later_by: Annotated[int, msgspec.Meta(ge=1)] | None = None

    def __post_init__(self) -> None:
        if self.quiet_line and self.delivery == "weekly":
            raise ValueError("a quiet line tells of a day, a weekly digest of a week: ask for one of them")


@dataclass(frozen=True, slots=True)
class Watchlist:
    """A wish with its name and where it stands: file and line."""

    name: str
    wish: Wish
    place: str


def load_watchlists(settings: Settings) -> list[Watchlist]:
    """Every watchlist of TRIALHOUSE_WATCHLISTS (a file, or a folder of `*.yml`), by name.

    Raises:
        SettingsInvalid: names file and line of what makes no sense.
    """
    path = settings.watchlists
    files = sorted(path.glob("*.yml")) if path.is_dir() else [path]
    if not files:
        raise SettingsInvalid(f"there is no watchlist (*.yml) in {path}")
    found: dict[str, Watchlist] = {}
    for file in files:
        for watchlist in _read(file):
            if watchlist.name in found:
                raise SettingsInvalid(
                    f"{watchlist.place}: {watchlist.name} is a watchlist of {found[watchlist.name].place} too"
                )
            found[watchlist.name] = watchlist
    return [found[name] for name in sorted(found)]


@cache
def event_words() -> dict[str, EventWords]:
    """Every type of event in words."""
    with EVENT_TYPES_FILE.open(encoding="utf-8", newline="") as rows:
        return {row["event_type"]: EventWords(row["label"], row["meaning"]) for row in csv.DictReader(rows)}


def _read(file: Path) -> list[Watchlist]:
    try:
        root = yaml.compose(file.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise SettingsInvalid(f"{file}:{line}: {error.problem}") from error
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise SettingsInvalid(f"{file}: {error}") from error
    if not isinstance(root, yaml.MappingNode):
        raise SettingsInvalid(f"{file}:1: a file of watchlists is a mapping of names to watchlists")
    _require_each_key_once(file, root)
    return [_watchlist(file, key, value) for key, value in root.value]


def _watchlist(file: Path, key: yaml.Node, value: yaml.Node) -> Watchlist:
    place = f"{file}:{key.start_mark.line + 1}"
    try:
        name = msgspec.convert(_plain(key), WatchlistName)
    except msgspec.ValidationError as error:
        raise SettingsInvalid(f"{place}: a name has small letters, digits and _ ({error})") from error
    try:
        wish = msgspec.convert(_plain(value), Wish, dec_hook=_event_type)
    except msgspec.ValidationError as error:
        what, _, path = str(error).partition(" - at `")
        line = _line_at(value, path.rstrip("`").removeprefix("$"))
        raise SettingsInvalid(f"{file}:{line}: {name}{path.rstrip('`').removeprefix('$')}: {what}") from error
    return Watchlist(name, wish, place)


def _plain(node: yaml.Node) -> Any:
    loader = yaml.SafeLoader("")
    try:
        return loader.construct_object(node, deep=True)
    finally:
        loader.dispose()


def _event_type(kind: type, value: Any) -> Any:
    """What msgspec asks for a type of ours."""
    if kind is EventType and isinstance(value, str) and value in event_words():
        return EventType(value)
    raise ValueError(f"{value!r} is no type of event; see {EVENT_TYPES_FILE.name}")


def _require_each_key_once(file: Path, node: yaml.Node) -> None:
    """YAML readers keep the last of two equal keys and say nothing."""
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            _require_each_key_once(file, item)
    if isinstance(node, yaml.MappingNode):
        seen = set()
        for key, value in node.value:
            if key.value in seen:
                raise SettingsInvalid(f"{file}:{key.start_mark.line + 1}: {key.value} stands here twice")
            seen.add(key.value)
            _require_each_key_once(file, value)


def _line_at(node: yaml.Node, path: str) -> int:
    """Line of the node at a path like `.trials.nct_ids[2]`; of the last node on the way that is there."""
    for step in path.replace("[", ".[").split(".")[1:]:
        if step.startswith("[") and isinstance(node, yaml.SequenceNode):
            node = node.value[int(step[1:-1])]
        elif isinstance(node, yaml.MappingNode):
            below = {key.value: value for key, value in node.value}
            if step not in below:
                break
            node = below[step]
    return int(node.start_mark.line) + 1


def _require_one_condition(where: str) -> None:
    try:
        statements = duckdb.extract_statements(f"select 1 where (\n{where}\n)")
    except duckdb.Error as error:
        raise ValueError(f"`where` is no SQL condition: {str(error).splitlines()[0]}") from error
    if len(statements) != 1 or ";" in where:
        raise ValueError("`where` is more than one SQL condition")
