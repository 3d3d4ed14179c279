"""PostgreSQL and Redis, really running: each in a folder of its own, for tests and benchmarks.

Both can be stopped, killed and started again. Neither runs as root: where the tests do, PostgreSQL
is run by the user that its package made.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest

_POSTGRES_FOLDERS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


def found(command: str, *folders: Path) -> str:
    """Find a command; without it a test is skipped, but never in CI."""
    path = shutil.which(command) or shutil.which(command, path=os.pathsep.join(map(str, folders)))
    if path is None and not os.environ.get("CI"):
        pytest.skip(f"there is no {command} here")
    assert path, f"there is no {command}, and in CI no test may be skipped for that"
    return path


def _as_servers_user() -> dict[str, Any]:
    return {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}


class Server:
    """One server over one folder."""

    at_once = signal.SIGKILL

    def __init__(self, folder: Path, command: list[str], answers: Callable[[], bool]) -> None:
        self.folder = folder
        self._command = command
        self._answers = answers
        self._process: subprocess.Popen[bytes] | None = None
        self._log = (folder / "log").open("ab")

    def start(self) -> None:
        """Start it and wait until it answers."""
        self._process = subprocess.Popen(
            self._command, stdout=self._log, stderr=self._log, **_as_servers_user()
        )
        until = time.monotonic() + 60
        while not self._answers():
            assert self._process.poll() is None, (self.folder / "log").read_text()
            assert time.monotonic() < until, (self.folder / "log").read_text()
            time.sleep(0.05)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop it by a signal, and wait until it is gone."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(60)
            self._process = None

    def close(self) -> None:
        """Stop it for good, at once: its folder goes with it."""
        self.stop(self.at_once)
        self._log.close()


class Postgres(Server):
    """A PostgreSQL server, reached by a socket in its folder."""

    at_once = signal.SIGQUIT  # by which it ends its own processes and frees its shared memory

    def __init__(self, folder: Path, *, durable: bool) -> None:
        initdb = found("initdb", *_POSTGRES_FOLDERS)
        made = [initdb, "--auth=trust", "-U", "tests", "-E", "UTF8", "--no-sync", folder / "data"]
        subprocess.run(made, check=True, capture_output=True, **_as_servers_user())
        settings = {"listen_addresses": "", "unix_socket_directories": str(folder)}
        if not durable:
            settings["fsync"] = "off"
        postgres = str(Path(initdb).with_name("postgres"))
        command = [postgres, "-D", str(folder / "data")]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        super().__init__(folder, command, self._answering)

    def url(self, name: str) -> str:
        """Give the address of one of its databases."""
        return f"postgresql://tests@/{name}?host={self.folder}"

    def new_database(self) -> str:
        """Make an empty database and give its address."""
        name = f"db_{uuid4().hex}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self.url(name)

    def _answering(self) -> bool:
        try:
            psycopg.connect(self.url("postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True


class Redis(Server):
    """A Redis server that keeps what it is told on the disk."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        settings = ["--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(folder)]
        super().__init__(
            folder,
            [found("redis-server"), *settings, "--appendonly", "yes", "--save", ""],
            self._answering,
        )

    @property
    def url(self) -> str:
        """Give its address."""
        return f"redis://127.0.0.1:{self.port}/0"

    def _answering(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as talk:
                talk.sendall(b"PING\r\n")
                return talk.recv(7) == b"+PONG\r\n"
        except OSError:
            return False


@contextmanager
def _folder() -> Iterator[Path]:
    """Make a folder that the servers' user may enter; pytest's own are their owner's alone."""
    folder = Path(tempfile.mkdtemp(prefix="baitwatch-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@contextmanager
def running_postgres(*, durable: bool = False) -> Iterator[Postgres]:
    """Run a PostgreSQL until the end of the block; ``durable`` keeps its fsync."""
    found("initdb", *_POSTGRES_FOLDERS)
    with _folder() as folder:
        server = Postgres(folder, durable=durable)
        try:
            server.start()
            yield server
        finally:
            server.close()


@contextmanager
def running_redis() -> Iterator[Redis]:
    """Run a Redis until the end of the block."""
    found("redis-server")
    with _folder() as folder:
        server = Redis(folder)
        try:
            server.start()
            yield server
        finally:
            server.close()
