"""House rules of the DAG files, and the exact shape of each DAG."""

import ast
from pathlib import Path

from tests.dags.conftest import Bag

LIGHT_AT_THE_TOP = {"trialhouse.airflow_assets", "trialhouse.errors", "trialhouse.settings"}
NETWORK_TASKS = {
    "ctgov_ingest.land_studies": [
        "trialhouse.errors.RegistryUnavailable,trialhouse.errors.SnapshotIncomplete,"
        "trialhouse.errors.StoreUnavailable"
    ],
    "ctgov_ingest.tell_data_team": ["trialhouse.errors.DeliveryFailed"],
    "ctgov_build.tell_data_team": ["trialhouse.errors.DeliveryFailed"],
    "ctgov_alert.send_alerts": ["trialhouse.errors.DeliveryFailed"],
    "ctgov_alert.tell_data_team": ["trialhouse.errors.DeliveryFailed"],
    "ctgov_backfill_history.backfill_history": ["trialhouse.errors.RegistryUnavailable"],
}
GRAPHS = {
    "ctgov_ingest": {"land_studies": ["tell_data_team"], "tell_data_team": []},
    "ctgov_build": {
        "check_raw": ["build_marts"],
        "build_marts": ["check_marts"],
        "check_marts": ["flag_status_changes"],
        "flag_status_changes": ["publish"],
        "publish": ["export_parquet"],
        "export_parquet": ["tell_data_team"],
        "tell_data_team": [],
    },
    "ctgov_alert": {"send_alerts": ["tell_data_team"], "tell_data_team": []},
    "ctgov_backfill_history": {"backfill_history": []},
}


def test_every_dag_file_imports_cleanly(bag: Bag) -> None:
    assert bag.import_errors == {}


def test_every_dag_is_named_after_its_file(bag: Bag, dag_files: list[Path]) -> None:
    assert {dag["dag_id"]: dag["file_stem"] for dag in bag.dags.values()} == {
        file.stem: file.stem for file in dag_files
    }


def test_graphs_are_exactly_these(bag: Bag) -> None:
    assert {
        dag_id: {task_id: task["downstream"] for task_id, task in dag["tasks"].items()}
        for dag_id, dag in bag.dags.items()
    } == GRAPHS


def test_a_store_and_a_catalogue_add_what_fills_them_after_what_readers_wait_for(bag_with_store: Bag) -> None:
    assert bag_with_store.import_errors == {}
    tasks = bag_with_store.tasks()
    assert tasks["ctgov_ingest.land_studies"]["downstream"] == ["keep_lake"]
    assert tasks["ctgov_ingest.keep_lake"]["downstream"] == ["tell_data_team"]
    assert tasks["ctgov_build.export_parquet"]["downstream"] == ["keep_published"]
    assert tasks["ctgov_build.keep_published"]["downstream"] == ["share_published"]
    assert tasks["ctgov_build.share_published"]["downstream"] == ["tell_data_team"]
    for name in ("ctgov_ingest.keep_lake", "ctgov_build.keep_published", "ctgov_build.share_published"):
        assert tasks[name]["retries_after"] == ["trialhouse.errors.StoreUnavailable"], name


def test_every_docstring_ends_with_what_to_do_on_failure(bag: Bag) -> None:
    for dag in bag.dags.values():
        last_paragraph = dag["doc"].strip().rpartition("\n\n")[2]
        assert last_paragraph.startswith("If it fails: "), dag["dag_id"]


def test_network_tasks_retry_only_what_may_pass(bag: Bag) -> None:
    for name, errors in NETWORK_TASKS.items():
        task = bag.tasks()[name]
        assert task["retries"] >= 1, name
        assert task["retries_after"] == errors
        assert task["after_other_errors"] == "fail"


def test_other_tasks_are_tried_again_only_if_their_process_died(bag: Bag) -> None:
    others = {name: task for name, task in bag.tasks().items() if name not in NETWORK_TASKS}
    assert {task["retries"] for task in others.values()} == {2}
    assert [name for name, task in others.items() if task["retries_after"]] == []
    assert {task["after_other_errors"] for task in others.values()} == {"fail"}


def test_everything_that_touches_days_or_build_file_shares_the_one_slot(bag: Bag) -> None:
    """The backfill of history may take hours, so it takes the lake's own lock, for one trial at a time."""
    outside = {name for name, task in bag.tasks().items() if task["pool"] != "trialhouse_writer"}
    assert outside == {
        "ctgov_ingest.tell_data_team",
        "ctgov_build.tell_data_team",
        "ctgov_alert.send_alerts",
        "ctgov_alert.tell_data_team",
        "ctgov_backfill_history.backfill_history",
    }


def test_each_dag_follows_the_asset_of_the_one_before(bag: Bag) -> None:
    follows = {dag_id: dag["follows"] for dag_id, dag in bag.dags.items()}
    outlets = {name: task["outlets"] for name, task in bag.tasks().items() if task["outlets"]}
    assert follows == {
        "ctgov_ingest": None,
        "ctgov_build": "raw_ctgov__studies",
        "ctgov_alert": "ctgov_warehouse",
        "ctgov_backfill_history": None,
    }
    assert outlets == {
        "ctgov_ingest.land_studies": ["raw_ctgov__studies"],
        "ctgov_build.publish": ["ctgov_warehouse"],
    }


def test_every_run_is_about_one_day_but_of_the_dag_by_hand(bag: Bag) -> None:
    assert {dag_id: dag["timetable"] for dag_id, dag in bag.dags.items()} == {
        "ctgov_ingest": "CronPartitionTimetable",
        "ctgov_build": "PartitionedAssetTimetable",
        "ctgov_alert": "PartitionedAssetTimetable",
        "ctgov_backfill_history": "NullTimetable",
    }
    assert bag.dags["ctgov_ingest"]["key_format"] == "%Y-%m-%d"


def test_days_run_one_at_a_time_and_none_is_made_up_for_the_past(bag: Bag) -> None:
    assert {(dag["max_active_runs"], dag["catchup"]) for dag in bag.dags.values()} == {(1, False)}


def test_dag_files_import_nothing_heavy_of_ours_at_the_top(dag_files: list[Path]) -> None:
    for file in dag_files:
        top = ast.parse(file.read_text()).body
        plain = {alias.name for node in top if isinstance(node, ast.Import) for alias in node.names}
        imported = plain | {node.module or "" for node in top if isinstance(node, ast.ImportFrom)}
        assert {name for name in imported if name.startswith("trialhouse")} <= LIGHT_AT_THE_TOP, file.name
