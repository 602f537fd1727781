"""Passwords made at random: written once, read by their owner only, the same for all who ask."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from trialhouse.private_files import write_once


def test_of_many_who_write_at_once_one_wins_and_all_read_the_same(tmp_path: Path) -> None:
    file = tmp_path / "new folder" / "passwords.json"
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda number: write_once(file, {"admin": str(number)}), range(32)))
    assert answers == [answers[0]] * 32
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [each.name for each in file.parent.iterdir()] == ["passwords.json"]
