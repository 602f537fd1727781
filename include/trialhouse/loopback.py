"""Serve a web application on loopback from a background thread: the registry, the stand-in for Slack."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic, sleep

import uvicorn
from starlette.applications import Starlette

from trialhouse.errors import SettingsInvalid

START_SECONDS = 10.0


def server_of(app: Starlette, host: str, port: int) -> uvicorn.Server:
    """A quiet server that stops within two seconds of being asked to."""
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        access_log=False,
        log_config=None,
        lifespan="off",
        ws="none",
        loop="asyncio",
        timeout_graceful_shutdown=2,
    )
    return uvicorn.Server(config)


def require_free_port(port: int) -> None:
    """Else whoever listens there would be taken for ours.

    Raises:
        SettingsInvalid: the port is taken.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise SettingsInvalid(f"port {port} is taken: choose another one ({error})") from None


@contextmanager
def serving(app: Starlette, port: int = 0) -> Iterator[str]:
    """Yields the base address (port 0: any free one); stopped at the end."""
    listener = socket.create_server(("127.0.0.1", port))
    # asyncio only does this for sockets it made; without it every answer waits 40 ms for an acknowledgement
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    server = server_of(app, "127.0.0.1", port)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="loopback")
    thread.start()
    try:
        _wait_until_started(server, thread)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


def _wait_until_started(server: uvicorn.Server, thread: threading.Thread) -> None:
    deadline = monotonic() + START_SECONDS
    while not server.started:
        if not thread.is_alive() or monotonic() > deadline:
            raise RuntimeError("a server on loopback did not start")
        sleep(0.005)
