"""The index of what was read, however many pages it has."""

import json
from pathlib import Path

import pyarrow as pa

from builders import a_study
from trialhouse.download import write_lines
from trialhouse.reading import LEAST_PAGES_TO_SHARE, index_records


def test_pages_shared_among_processes_give_the_index_of_one_process(tmp_path: Path) -> None:
    pages = [tmp_path / f"page-{number:05d}.jsonl.zst" for number in range(LEAST_PAGES_TO_SHARE + 1)]
    for number, page in enumerate(pages):
        study = a_study(
            f"NCT9000000{number}", statusModule__overallStatus="HALTED", newModule={"a": "e\u0301"}
        )
        write_lines(page, [json.dumps(study, ensure_ascii=False).encode(), b"{"])
    index = index_records(pages, first_page=3)
    assert index.equals(
        pa.concat_tables(
            index_records([page], first_page=number) for number, page in enumerate(pages, start=3)
        )
    )
    first = index.slice(0, 1).to_pylist()[0]
    assert (first["nct_id"], first["page"], first["line"], first["is_plain"]) == ("NCT90000000", 3, 0, False)
    assert first["unknown_fields"] == ["protocolSection.newModule"]
    assert first["unknown_codes"] == [
        {"path": "protocolSection.statusModule.overallStatus", "value": "HALTED"}
    ]
    assert index["reason"].null_count == len(pages)
