"""Ask for one answer of the history interface, and put up with a few that are odd or do not come.

One path may be out of order for years and must not hold up all others; many are a registry out of order.
"""

import logging
from pathlib import Path

from trialhouse.errors import RegistryChanged, RegistryUnavailable
from trialhouse.lake import write_atomically
from trialhouse.registry import Registry

log = logging.getLogger(__name__)

MOST_ODD_ANSWERS = 10
TOO_MANY_UNANSWERED = 3


class Asker:
    """Asks in one run, and counts what went wrong in it."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self._last_error: RegistryChanged | RegistryUnavailable | None = None
        self._odd_count = 0
        self._unanswered_count = 0

    @property
    def has_enough(self) -> bool:
        """So much went wrong that nothing more is asked in this run."""
        return self._odd_count > MOST_ODD_ANSWERS or self._unanswered_count >= TOO_MANY_UNANSWERED

    def fetch(self, file: Path, nct_id: str, version_number: int | None = None) -> str | None:
        """Put an answer on disk, a 404 as an empty file; where there is none to keep, the reason."""
        try:
            body = self._body_of(nct_id, version_number)
        except RegistryChanged as error:
            self._odd_count += 1
            return self._noted(error)
        except RegistryUnavailable as error:
            self._unanswered_count += 1
            return self._noted(error)
        write_atomically(file, body)
        return None

    def raise_if_enough(self) -> None:
        """Raises the last error of a run that has enough; call it when what is finished has landed."""
        if self.has_enough and self._last_error is not None:
            raise self._last_error

    def _body_of(self, nct_id: str, version_number: int | None) -> bytes:
        if version_number is None:
            answer = self.registry.history(nct_id)
        else:
            answer = self.registry.past_version(nct_id, version_number)
        return answer.body if answer.status == 200 else b""

    def _noted(self, error: RegistryChanged | RegistryUnavailable) -> str:
        self._last_error = error
        log.warning("refused history answer: %s", error)
        return f"{type(error).__name__}: {error}"
