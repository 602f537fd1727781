"""A real S3 server on loopback (SeaweedFS) that checks signatures; gone with the test."""

import json
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pyarrow import fs

BUCKET = "trials"
SECONDS_TO_START = 60


@dataclass(frozen=True, slots=True)
class S3Server:
    """Where it answers and who may ask."""

    port: int
    key_id: str
    secret: str
    process: "subprocess.Popen[bytes]"

    def address(self, prefix: str) -> str:
        options = f"scheme=http&endpoint_override=127.0.0.1:{self.port}&region=us-east-1"
        return f"s3://{BUCKET}/{prefix}?{options}"

    @property
    def environment(self) -> dict[str, str]:
        return {"AWS_ACCESS_KEY_ID": self.key_id, "AWS_SECRET_ACCESS_KEY": self.secret}

    def files(self) -> fs.S3FileSystem:
        return fs.S3FileSystem(
            access_key=self.key_id,
            secret_key=self.secret,
            endpoint_override=f"127.0.0.1:{self.port}",
            scheme="http",
            region="us-east-1",
            allow_bucket_creation=True,
        )

    def duckdb_secret(self) -> str:
        """SQL that lets a DuckDB with httpfs read and write here."""
        return (
            f"create secret (type s3, key_id '{self.key_id}', secret '{self.secret}', region 'us-east-1', "
            f"endpoint '127.0.0.1:{self.port}', url_style 'path', use_ssl false)"
        )


@contextmanager
def running_s3(folder: Path) -> Iterator[S3Server]:
    """A server with one empty bucket."""
    (folder / "data").mkdir(parents=True)
    key_id, secret = secrets.token_hex(8), secrets.token_hex(16)
    identity = {
        "name": "tests",
        "credentials": [{"accessKey": key_id, "secretKey": secret}],
        "actions": ["Admin", "Read", "Write", "List", "Tagging"],
    }
    (folder / "s3.json").write_text(json.dumps({"identities": [identity]}))
    with (folder / "log").open("wb") as log:
        ports = _free_ports(4)
        process = subprocess.Popen(_command(folder, ports), stdout=log, stderr=log, cwd=folder)
    server = S3Server(ports[-1], key_id, secret, process)
    try:
        _wait_until_it_takes_a_bucket(server)
        yield server
    finally:
        process.kill()
        process.wait()


def _command(folder: Path, ports: list[int]) -> list[str]:
    master, volume, filer, s3 = map(str, ports)
    weed = shutil.which("weed", path=str(Path(sys.executable).parent)) or "weed"
    return [
        *(weed, "server", "-dir", str(folder / "data"), "-ip", "127.0.0.1", "-ip.bind", "127.0.0.1"),
        *("-master.port", master, "-master.volumeSizeLimitMB", "64", "-volume.port", volume),
        *("-volume.max", "0", "-filer", "-filer.port", filer),
        *("-s3", "-s3.port", s3, "-s3.config", str(folder / "s3.json")),
        *("-s3.port.iceberg", "0", "-s3.port.lance", "0", "-master.telemetry=false"),
    ]


def _free_ports(count: int) -> list[int]:
    """Below 55 535: each server also listens 10 000 above its port."""
    found = list[int]()
    while len(found) < count:
        port = 20_000 + secrets.randbelow(30_000)
        with socket.socket() as probe, socket.socket() as above:
            try:
                probe.bind(("127.0.0.1", port))
                above.bind(("127.0.0.1", port + 10_000))
            except OSError:
                continue
        found.append(port)
    return found


def _wait_until_it_takes_a_bucket(server: S3Server) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while True:
        try:
            with socket.create_connection(("127.0.0.1", server.port), timeout=1):
                pass
            server.files().create_dir(BUCKET)
            with server.files().open_output_stream(f"{BUCKET}/.probe") as out:
                out.write(b"here")
            return
        except OSError:
            assert server.process.poll() is None, "the S3 server ended"
            assert time.monotonic() < deadline, "the S3 server does not answer"
            time.sleep(0.3)
