"""What two versions of a record say otherwise, against pairs labelled by hand."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import duckdb
import pytest
from typer.testing import CliRunner

from builders import MONDAY, TUESDAY, MadeUpRegistry, build_and_publish, home_of, rows_of
from integration.conftest import Outcome
from integration.labelled_changes import Change, Labelled, labelled_pairs
from trialhouse import gates
from trialhouse.cli import app
from trialhouse.cli_diff import change_lines, diff_page
from trialhouse.errors import GateFailed, SettingsInvalid
from trialhouse.settings import PROJECT, Settings
from trialhouse.sync import sync_day

RECORD_TYPE = PROJECT / "include/trialhouse/record_type.json"
PAIRS = labelled_pairs()
# What a diff that pairs the items of a list by their places compares.
LISTS = {
    "ARM": ("armsInterventionsModule", "armGroups"),
    "INTERVENTION": ("armsInterventionsModule", "interventions"),
    "PRIMARY OUTCOME": ("outcomesModule", "primaryOutcomes"),
    "SECONDARY OUTCOME": ("outcomesModule", "secondaryOutcomes"),
    "OTHER OUTCOME": ("outcomesModule", "otherOutcomes"),
    "SITE": ("contactsLocationsModule", "locations"),
    "CONDITION": ("conditionsModule", "conditions"),
}


def nct_id(record: dict[str, Any]) -> str:
    return str(record["protocolSection"]["identificationModule"]["nctId"])


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    source = MadeUpRegistry(
        {MONDAY: [pair.before for pair in PAIRS], TUESDAY: [pair.after for pair in PAIRS]}
    )
    with home_of(source, tmp_path_factory.mktemp("labelled")) as settings:
        for day in source.days():
            sync_day(settings, day)
        with pytest.raises(GateFailed, match="at most 3 %"):
            gates.check_raw(settings, TUESDAY)
        gates.release_rule(
            settings, TUESDAY, "raw_ctgov__snapshots.few_changed", "every pair is to change", "a test"
        )
        build_and_publish(settings, TUESDAY)
        yield settings


@pytest.fixture(scope="module")
def told(home: Settings) -> dict[str, list[Change]]:
    """What the mart says of each trial."""
    rows = rows_of(
        home,
        "select nct_id, kind, field, change_type, churn_class from marts.fct_trial_changes",
    )
    found: dict[str, list[Change]] = {}
    for trial, *change in rows:
        found.setdefault(trial, []).append(tuple(change))
    return found


@pytest.mark.parametrize("pair", PAIRS, ids=[f"{pair.group}: {pair.trait}" for pair in PAIRS])
def test_a_diff_tells_what_a_reader_of_both_versions_would(
    pair: Labelled, told: dict[str, list[Change]]
) -> None:
    assert Counter(told.get(nct_id(pair.before), [])) == Counter(pair.expected)


def test_it_tells_no_change_of_which_a_diff_by_place_tells_many(
    told: dict[str, list[Change]], capsys: pytest.CaptureFixture[str]
) -> None:
    groups = dict.fromkeys(pair.group for pair in PAIRS)
    with capsys.disabled():
        print(
            f"\n{'':20}{'pairs':>7}{'true':>7}{'ours':>7}{'false':>7}{'lost':>7}{'by place':>10}{'false':>7}"
        )
        for group in groups:
            pairs = [pair for pair in PAIRS if pair.group == group]
            true = Counter((pair.trait, *each) for pair in pairs for each in pair.expected)
            ours = Counter(
                (pair.trait, *each) for pair in pairs for each in told.get(nct_id(pair.before), [])
            )
            by_place = [changes_by_place(pair) for pair in pairs]
            false_by_place = sum(
                max(0, found - len([each for each in pair.expected if each[3] is None]))
                for found, pair in zip(by_place, pairs, strict=True)
            )
            print(
                f"{group:20}{len(pairs):7}{true.total():7}{ours.total():7}{(ours - true).total():7}"
                f"{(true - ours).total():7}{sum(by_place):10}{false_by_place:7}"
            )
            assert ours == true


def changes_by_place(pair: Labelled) -> int:
    """How many fields differ if the items of each list are compared place by place; a missing item is one."""
    return sum(
        _differences(
            pair.before["protocolSection"].get(module, {}).get(name, []),
            pair.after["protocolSection"].get(module, {}).get(name, []),
        )
        for module, name in LISTS.values()
    ) + sum(
        _differences(
            *(each["protocolSection"][module][name].split("\n") for each in (pair.before, pair.after))
        )
        for module, name in [("eligibilityModule", "eligibilityCriteria")]
    )


def _differences(was: list[Any], now: list[Any]) -> int:
    both = zip(was, now, strict=False)
    return abs(len(was) - len(now)) + sum(
        len({name for name in {*one, *other} if one.get(name) != other.get(name)})
        if isinstance(one, dict)
        else one != other
        for one, other in both
    )


def test_every_pair_of_versions_that_differ_has_a_change(home: Settings) -> None:
    silent = rows_of(
        home,
        """
        select nct_id, version_number from marts.fct_trial_versions
        where previous_content_hash <> content_hash
        except
        select nct_id, version_number from marts.fct_trial_changes
        """,
    )
    assert silent == []


def test_trial_diff_tells_the_same_and_backwards_the_opposite(home: Settings) -> None:
    columns = "materiality, kind, field, change_type, item, part, before_value, after_value, days_moved"
    opposite = {"ADDED": "REMOVED", "REMOVED": "ADDED", "PROMOTED": "DEMOTED", "DEMOTED": "PROMOTED"}
    for pair in PAIRS[::9]:
        trial = nct_id(pair.before)
        stored = rows_of(
            home,
            f"select change_number, {columns} from marts.fct_trial_changes where nct_id = ? order by all",
            trial,
        )
        assert rows_of(home, f"select change_number, {columns} from trial_diff(?, 1, 2)", trial) == stored
        backwards = rows_of(home, "select kind, field, change_type from trial_diff(?, 2, 1)", trial)
        if pair.group != "dates":
            kinds = Counter(
                (kind, field, opposite.get(change, "")) for _, _, kind, field, change, *_ in stored
            )
            assert (
                Counter(
                    (kind, field, change if change in opposite else "") for kind, field, change in backwards
                )
                == kinds
            )
        assert rows_of(home, "select * from trial_diff(?, 1, 1)", trial) == []


def values_at(record: Any, path: str) -> list[Any]:
    """Everything that stands at a dotted path, list positions left out, in the record's order."""
    nodes = [record]
    for name in path.split("."):
        nodes = [node[name] for node in nodes if isinstance(node, dict) and name in node]
        nodes = [item for node in nodes for item in (node if isinstance(node, list) else [node])]
    return nodes


def leaf_paths(node: Any, path: str = "") -> Iterator[str]:
    if isinstance(node, dict):
        for name, value in node.items():
            yield from leaf_paths(value, f"{path}.{name}" if path else name)
    elif isinstance(node, list):
        for value in node:
            yield from leaf_paths(value, path)
    else:
        yield path


def test_of_real_days_all_that_differs_is_told_and_nothing_else(nine_days: Outcome) -> None:
    days = sorted(nine_days.days)
    told: dict[tuple[str, Any], set[str]] = {}
    for trial, day, path in nine_days.rows("select nct_id, dated_on, path from marts.fct_trial_changes"):
        told.setdefault((trial, day), set()).add(path)
    differing = 0
    seen: dict[str, Any] = {}
    for day in days:
        for trial, record in nine_days.days[day].items():
            before, seen[trial] = seen.get(trial, record), record
            paths = {
                path
                for path in {*leaf_paths(before), *leaf_paths(record)}
                if values_at(before, path) != values_at(record, path)
                and path != "derivedSection.miscInfoModule.versionHolder"
            }
            named = told.pop((trial, day), set())
            for path in paths:
                assert any(path == each or path.startswith(f"{each}.") for each in named), (trial, day, path)
            for path in named:
                assert any(path == each or each.startswith(f"{path}.") for each in paths), (trial, day, path)
            differing += bool(paths)
    assert told == {}
    assert differing >= 20


def test_churn_and_nothing_else_has_a_class(nine_days: Outcome, home: Settings) -> None:
    query = """
        select count(*), count(*) filter ((materiality = 'CHURN') <> (churn_class is not null))
        from marts.fct_trial_changes
    """
    for settings in (nine_days.settings, home):
        ((count, wrong),) = rows_of(settings, query)
        assert count > 100
        assert wrong == 0


def test_fields_compared_cover_every_field_of_a_record(home: Settings) -> None:
    compared = {path for (path,) in rows_of(home, "select path from marts.dim_compared_fields")}
    told_apart = {"derivedSection.miscInfoModule.versionHolder", "protocolSection.identificationModule.nctId"}
    for path in set(leaf_paths(json.loads(RECORD_TYPE.read_text()))) - told_apart:
        assert any(path == each or path.startswith(f"{each}.") for each in compared), path


def page_of(home: Settings, trait: str, *versions: str) -> str:
    pair = next(each for each in PAIRS if f"{each.group}: {each.trait}" == trait)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRIALHOUSE_HOME", str(home.home))
        outcome = CliRunner().invoke(app, ["diff", nct_id(pair.before), *versions])
    assert outcome.exit_code == 0, outcome.output
    return outcome.output


def test_a_page_tells_a_change_in_words(home: Settings) -> None:
    page = page_of(home, "primary outcomes: narrowed")
    assert "from version 1, first seen 2026-01-05 (submitted 2025-12-20)" in page
    assert "What the trial is and how it stands\n  outcome measure [primary]: narrowed" in page
    assert "    - Overall survival (OS)\n    + Overall survival in patients with PD-L1 expression\n" in page
    assert "primary completion date: moved later by 365 days" not in page
    assert "primary completion date: moved later by 366 days" in page_of(home, "dates: a year later")
    assert "eligibility criteria: rewritten (markup)" in page_of(home, "criteria: HTML")
    assert "central contact: removed\n" in page_of(home, "contacts: removed", "1", "2")
    assert "They say the same." in page_of(home, "contacts: removed", "2", "2")


def test_a_page_of_versions_that_are_not_there_is_refused(home: Settings) -> None:
    with duckdb.connect(str(home.published_file), read_only=True) as con:
        with pytest.raises(SettingsInvalid, match="no version 7 whose content is known; there is: 1, 2"):
            list(diff_page(con, nct_id(PAIRS[0].before), 1, 7))
        with pytest.raises(SettingsInvalid, match="NCT00000000 has 0 versions"):
            list(diff_page(con, "NCT00000000"))


def test_untrusted_text_cannot_steer_a_terminal() -> None:
    change = {
        "kind": "TRIAL", "field": "why_stopped", "change_type": "REWORDED", "part": None, "item": None,
        "before_value": "no \x1b[31mfunds\x07\r\u202egnp", "after_value": "x " * 5_000, "days_moved": None,
        "churn_class": None, "needs_review": False,
    }  # fmt: skip
    lines = "\n".join(change_lines(change))
    assert lines.isprintable() or all(each.isprintable() or each == "\n" for each in lines)
    assert len(lines) < 1_000


def test_outcomes_switched_after_start_are_those_of_the_pairs(home: Settings) -> None:
    """The records give a start before their last submission."""
    text = next((PROJECT / "queries").glob("08_*.sql")).read_text()
    told = Counter(row[0] for row in rows_of(home, text))
    expected: Counter[str] = Counter()
    for pair in PAIRS:
        kinds = [
            change if field is None else f"{change} {field}"
            for _, field, change, churn in pair.expected
            if not churn
        ]
        if pair.group == "primary outcomes":
            replaced = min(kinds.count("ADDED"), kinds.count("REMOVED"))
            expected[nct_id(pair.before)] = len(kinds) - replaced
        elif pair.group == "roles of outcomes":
            expected[nct_id(pair.before)] = sum("outcome_type" in kind for kind in kinds) - kinds.count(
                "CHANGED outcome_type"
            )
    assert told == +expected
    assert told.total() > 20
