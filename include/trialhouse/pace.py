"""One request at a time, so many seconds apart, whichever process asks: the next moment is kept in a file."""

import time
from pathlib import Path

from trialhouse.errors import RegistryUnavailable

# A registry that wishes to be left alone for longer is asked again by a later run.
LONGEST_WAIT_SECONDS = 900.0
# No registry asks for more than a day; a clock that was wrong and was put right does.
NONSENSE_SECONDS = 86_400.0


class Pace:
    """When the registry may be asked again. Its user holds the lake's writer lock while asking.

    file: holds that moment in seconds since 1970, for the next process.
    """

    def __init__(self, file: Path, seconds_between_requests: float) -> None:
        self._file = file
        self._pause = seconds_between_requests

    def wait(self) -> None:
        """Sleep until the registry may be asked.

        Raises:
            RegistryUnavailable: it asked to be left alone for longer than a run may wait.
        """
        left = self._not_before() - time.time()
        if left > NONSENSE_SECONDS:
            return
        if left > LONGEST_WAIT_SECONDS:
            raise RegistryUnavailable(f"the registry asked to be left alone for {left:.0f} s more: try then")
        time.sleep(max(0.0, left))

    def asked(self) -> None:
        """A request just ended."""
        if self._pause:
            self._write(time.time() + self._pause)

    def leave_alone(self, seconds: float) -> None:
        """The registry asked for a pause."""
        self._write(max(self._not_before(), time.time() + seconds))

    def _not_before(self) -> float:
        try:
            return float(self._file.read_text())
        except (OSError, ValueError):
            return 0.0

    def _write(self, moment: float) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._file.write_text(str(moment))
