"""What the extension's tests play in: the real service, a recorder before it, a site, Chromium."""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desk import CHROMIUM, PATIENCE

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page, Playwright, Worker

EXTENSION = Path(__file__).parents[2] / "extension"
SERVICE = Path(__file__).with_name("extension_service.py")
MANIFEST = json.loads((EXTENSION / "manifest.json").read_text())
ARTICLE = (Path(__file__).parents[2] / "docs" / "examples" / "review-with-bait.txt").read_text()


POLICIES = Path("/etc/chromium/policies/managed")


def extension_id(named: bytes) -> str:
    """Compute the id that Chromium gives an extension, by its key, or by its folder without one."""
    digest = hashlib.sha256(named).hexdigest()[:32]
    return "".join(chr(ord("a") + int(digit, 16)) for digit in digest)


ORIGIN = f"chrome-extension://{extension_id(base64.b64decode(MANIFEST['key']))}"


@dataclass
class Asked:
    """One request that reached the recorder."""

    method: str
    path: str
    body: str


@dataclass
class Recorder:
    """Stands before the service: notes every request, and can be away or answer by itself."""

    port: int
    asked: list[Asked] = field(default_factory=list)
    away: bool = False
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Where the extension finds it."""
        return f"http://127.0.0.1:{self.port}"

    def calls(self, path: str) -> list[Asked]:
        """Return what was asked of one path, preflights left out."""
        return [
            one for one in self.asked if one.path.split("?")[0] == path and one.method != "OPTIONS"
        ]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def recording(service_port: int) -> Iterator[Recorder]:
    """Forward what comes to the service, and note it."""

    class Forward(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_one(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if recorder.away:
                self.close_connection = True
                return
            recorder.asked.append(Asked(self.command, self.path, body.decode()))
            with closing(
                http.client.HTTPConnection("127.0.0.1", service_port, timeout=60)
            ) as connection:
                connection.request(self.command, self.path, body, dict(self.headers))
                answer = connection.getresponse()
                content = answer.read()
            instead = recorder.answers.get(self.path)
            if instead is not None and self.command == "POST":
                content = json.dumps(json.loads(content) | instead).encode()
            # Who asked may be gone: a page that was closed, a service worker that was killed.
            with suppress(ConnectionError):
                self.send_response(answer.status)
                for name, value in answer.getheaders():
                    if name.lower() not in {"content-length", "connection", "transfer-encoding"}:
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

        do_GET = do_POST = do_OPTIONS = handle_one  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Forward) as server:
        server.daemon_threads = True
        recorder = Recorder(server.server_address[1])
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield recorder
        server.shutdown()


@contextmanager
def site(pages: dict[str, str]) -> Iterator[int]:
    """Serve pages by their path or its first part, whatever the host; else a line of words."""

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            first = "/" + self.path.split("/")[1]
            page = pages.get(first, "<title>A page</title><p>Honest words.</p>")
            body = page.encode()
            with suppress(ConnectionError):
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


@dataclass
class Api:
    """The service's API as a moderator's program uses it, past the recorder."""

    port: int
    key: str

    def ask(self, method: str, path: str, body: object = None) -> Any:
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as connection:
            connection.request(method, path, json.dumps(body) if body else None, headers)
            answer = connection.getresponse()
            content = answer.read()
        assert answer.status < 400, content
        return json.loads(content) if content else None

    def rule(self, url: str, ruling: str = "bait", scope: str = "page") -> int:
        """Record a decision and return its id."""
        sent = {"url": url, "ruling": ruling, "scope": scope}
        return int(self.ask("POST", "/v1/decisions", sent)["id"])

    def revoke(self, *decisions: int) -> None:
        for decision in decisions:
            self.ask("DELETE", f"/v1/decisions/{decision}")


@contextmanager
def serving(data: Path, site_port: int) -> Iterator[Api]:
    """Run the real service, which may fetch from the site."""
    port = free_port()
    command = [sys.executable, str(SERVICE), str(data), str(port), str(site_port), ORIGIN]
    with (
        (data / "log").open("wb") as errors,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True) as process,
    ):
        try:
            key = process.stdout.readline().strip() if process.stdout else ""
            assert key, (data / "log").read_text()
            yield Api(port, key)
        finally:
            process.terminate()


def build(folder: Path, *, access: bool) -> Path:
    """Copy the extension; with access, the person has already opened all pages to it.

    The browser's own question for that cannot be answered without a window.
    """
    made = folder / ("open" if access else "closed")
    shutil.copytree(EXTENSION, made, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    if access:
        manifest = dict(MANIFEST)
        manifest["host_permissions"] = manifest.pop("optional_host_permissions")
        manifest["permissions"] = manifest["permissions"] + manifest.pop("optional_permissions")
        (made / "manifest.json").write_text(json.dumps(manifest))
    return made


@contextmanager
def managing(extension: Path, settings: dict[str, object]) -> Iterator[str]:
    """Have a policy of this machine manage a copy of the extension; yields the copy's origin.

    The copy has an id of its own, so that no other browser is managed meanwhile. Raises
    PermissionError where the machine's policies cannot be written.
    """
    manifest = json.loads((extension / "manifest.json").read_text())
    del manifest["key"]
    (extension / "manifest.json").write_text(json.dumps(manifest))
    name = extension_id(str(extension).encode())
    POLICIES.mkdir(parents=True, exist_ok=True)
    file = POLICIES / f"{name}.json"
    file.write_text(json.dumps({"3rdparty": {"extensions": {name: settings}}}))
    try:
        yield f"chrome-extension://{name}"
    finally:
        file.unlink()


@contextmanager
def browsing(
    playwright: Playwright, folder: Path, extension: Path, site_port: int
) -> Iterator[BrowserContext]:
    """Open Chromium with the extension; every host below .example is the test's site."""
    arguments = [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        f"--disable-extensions-except={extension}",
        f"--load-extension={extension}",
        f"--host-resolver-rules=MAP *.example 127.0.0.1:{site_port}",
    ]
    context = playwright.chromium.launch_persistent_context(
        str(folder), executable_path=CHROMIUM, headless=True, args=arguments, locale="en-US"
    )
    context.set_default_timeout(PATIENCE)
    try:
        yield context
    finally:
        context.close()


@dataclass
class Extension:
    """The extension in a browser, with what surrounds it."""

    context: BrowserContext
    api: Api
    recorder: Recorder
    site_port: int

    @property
    def worker(self) -> Worker:
        """Its service worker, started by the browser."""
        found = self.context.service_workers
        return found[0] if found else self.context.wait_for_event("serviceworker")

    def page(self, name: str, query: str = "") -> Page:
        """Open one of its own pages."""
        page = self.context.new_page()
        page.goto(f"{ORIGIN}/pages/{name}.html{query}")
        return page

    def set(self, page: Page, **settings: object) -> None:
        """Change settings as the options do, and wait for the list that they lead to."""
        own = {"server": self.recorder.address, "key": self.api.key}
        page.evaluate(
            """async (settings) => {
                await chrome.storage.local.set({ settings });
                const { syncList } = await import("/lib/list.js");
                await syncList();
            }""",
            own | settings,
        )

    def sync(self, page: Page) -> None:
        """Have the alarm ring that has the list be fetched, and wait for that."""
        at = "chrome.storage.local.get('sync').then(({ sync }) => [sync?.at, sync?.failed])"
        before = page.evaluate(at)
        page.evaluate("chrome.alarms.create('sync', { when: Date.now() })")
        wait_until(lambda: page.evaluate(at) != before)


def wait_until(holds: Callable[[], bool], seconds: float = 60) -> None:
    """Wait for something to come true."""
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, "it did not come true in time"
        time.sleep(0.1)


def quoted(url: str) -> str:
    return urllib.parse.quote(url, safe="")
