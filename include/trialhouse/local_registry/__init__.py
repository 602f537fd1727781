"""The registry's API v2 over loopback, from replayed or generated days, for tests and offline users."""

from trialhouse.local_registry.opening import open_source

__all__ = ["open_source"]
