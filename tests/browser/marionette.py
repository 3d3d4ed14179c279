"""A headless Firefox, steered by its own protocol (Marionette): enough to install an extension."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox")
_SECONDS = 180


class Marionette:
    """One session; a message is its length, a colon and JSON: [0, id, command, parameters]."""

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection
        self._number = 0
        self._receive()
        self.ask("WebDriver:NewSession", {"capabilities": {}})

    def ask(self, command: str, parameters: dict[str, Any]) -> Any:
        """Send a command and return what it answers; AssertionError where it failed."""
        self._number += 1
        message = json.dumps([0, self._number, command, parameters])
        self._socket.sendall(f"{len(message.encode())}:{message}".encode())
        _, _, error, answer = self._receive()
        assert error is None, error
        return answer

    def in_browser(self, script: str) -> Any:
        """Run an asynchronous script with the browser's own rights; it returns by `resolve`."""
        self.ask("Marionette:SetContext", {"value": "chrome"})
        body = f"const resolve = arguments[0]; (async () => {{ {script} }})().then(resolve);"
        answer = self.ask("WebDriver:ExecuteAsyncScript", {"script": body, "args": []})
        return answer["value"]

    def _receive(self) -> Any:
        size = b""
        while not size.endswith(b":"):
            size += self._some(1)
        body = b""
        while len(body) < int(size[:-1]):
            body += self._some(int(size[:-1]) - len(body))
        return json.loads(body)

    def _some(self, most: int) -> bytes:
        got = self._socket.recv(most)
        assert got, "Firefox closed the connection"
        return got


def _connected(port: int) -> socket.socket:
    until = time.monotonic() + _SECONDS
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=_SECONDS)
        except ConnectionRefusedError:
            assert time.monotonic() < until, "Firefox did not start in time"
            time.sleep(0.2)


@contextmanager
def firefox(folder: Path) -> Iterator[Marionette]:
    """Run Firefox over a new profile until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (folder / "user.js").write_text(
        f'user_pref("marionette.port", {port});\n'
        'user_pref("app.update.enabled", false);\n'
        'user_pref("datareporting.policy.dataSubmissionEnabled", false);\n'
    )
    command = [str(FIREFOX), "--headless", "--marionette", "--remote-allow-system-access"]
    command += ["--no-remote", "--profile", str(folder)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            with closing(_connected(port)) as connection:
                yield Marionette(connection)
        finally:
            process.terminate()
            process.wait(60)
