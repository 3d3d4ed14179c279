"""Taking pictures in a child process, and keeping them as files named by their address."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog

from service.errors import BusyError, NotFoundError, ServiceError
from service.fetch.policy import AddressPolicy
from service.logs import loggable_url
from service.screenshots.child import JOB, Job
from service.settings import Settings

_log = structlog.get_logger(__name__)

_SECONDS = 25.0  # for the page
_AROUND = 15.0  # more, for starting and ending the browser on a machine that is busy
_MAX_PICTURE = 16 * 1024 * 1024
_PNG = b"\x89PNG\r\n\x1a\n"
_NAME = re.compile("[0-9a-f]{64}")
_PROGRAM = (
    "import sys; sys.path[:] = sys.argv[1:]; from service.screenshots.child import main; main()"
)


class NoPictureError(ServiceError):
    """No picture could be taken: the page did not come, or the browser failed."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that was taken: the name it is kept under, and when."""

    name: str
    at: datetime


class Camera:
    """Takes pictures with a Chromium, one at a time; without one there are none.

    ``life`` is how long a picture is kept. Connections obey ``policy``; ``sandbox`` is Chromium's
    own, which cannot be had by root or without user namespaces.
    """

    def __init__(
        self,
        browser: Path | None,
        folder: Path,
        policy: AddressPolicy,
        life: timedelta,
        *,
        sandbox: bool = True,
        seconds: float = _SECONDS,
    ) -> None:
        self._browser = browser
        self._folder = folder
        self._policy = policy
        self._life = life
        self._sandbox = sandbox
        self._seconds = seconds
        self._turn = threading.Lock()

    @property
    def ready(self) -> bool:
        """Whether pictures can be taken here."""
        return self._browser is not None and importlib.util.find_spec("playwright") is not None

    def take(self, url: str, now: datetime) -> Picture:
        """Take a picture of a canonical address and keep it in place of an older one.

        Blocks until it is there. Raises BusyError while another one is taken, NoPictureError.
        """
        if self._browser is None:
            raise NoPictureError("This service takes no pictures: no browser is set up for it.")
        if not self._turn.acquire(blocking=False):
            raise BusyError("Another picture is being taken: try again in a moment.")
        try:
            picture = self._developed(url, self._browser)
        finally:
            self._turn.release()
        self._forget(now)
        self._folder.mkdir(mode=0o700, exist_ok=True)
        path = self._folder / f"{picture_name(url)}.png"
        draft = path.with_suffix(f".{os.getpid()}.part")
        draft.write_bytes(picture)
        draft.replace(path)
        return Picture(path.stem, now)

    def _developed(self, url: str, browser: Path) -> bytes:
        policy = self._policy
        job = Job(
            url,
            str(browser),
            self._sandbox,
            self._seconds,
            policy.allow,
            policy.deny_hosts,
            policy.deny_networks,
        )
        began = time.monotonic()
        picture = self._child(JOB.dump_json(job))
        took = round(time.monotonic() - began, 1)
        _log.info("picture", url=loggable_url(url), taken=picture is not None, seconds=took)
        if picture is None:
            raise NoPictureError(
                "No picture could be taken: the page did not come in time, or must not be fetched."
            )
        return picture

    def _child(self, job: bytes) -> bytes | None:
        """Have the picture taken by a process that is killed with all it started."""
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
            environment = {"PATH": os.defpath, "HOME": home, "TMPDIR": home, "LANG": "C.UTF-8"}
            with subprocess.Popen(  # noqa: S603  # this interpreter and a program of our own
                [sys.executable, "-c", _PROGRAM, *sys.path],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment,
                start_new_session=True,
            ) as process:
                try:
                    picture, _ = process.communicate(job, timeout=self._seconds + _AROUND)
                except subprocess.TimeoutExpired:
                    return None
                finally:
                    # Whatever it started and left is in its session, and ends with it.
                    with contextlib.suppress(ProcessLookupError, PermissionError):
                        os.killpg(process.pid, signal.SIGKILL)
            usable = picture.startswith(_PNG) and len(picture) <= _MAX_PICTURE
            return picture if process.returncode == 0 and usable else None

    def picture_of(self, url: str) -> Picture | None:
        """Return the picture of a canonical address; None where there is none."""
        name = picture_name(url)
        try:
            taken = (self._folder / f"{name}.png").stat().st_mtime
        except OSError:
            return None
        return Picture(name, datetime.fromtimestamp(taken, UTC))

    def read(self, name: str) -> bytes:
        """Return a picture by its name. Raises NotFoundError."""
        if not _NAME.fullmatch(name):
            raise NotFoundError("No picture has this name.")
        try:
            return (self._folder / f"{name}.png").read_bytes()
        except OSError:
            raise NotFoundError("There is no such picture any more.") from None

    def _forget(self, now: datetime) -> None:
        oldest = (now - self._life).timestamp()
        for path in self._folder.glob("*.png") if self._folder.exists() else ():
            with contextlib.suppress(OSError):
                if path.stat().st_mtime < oldest:
                    path.unlink()


def camera_of(settings: Settings) -> Camera:
    """Make the camera that the settings ask for."""
    return Camera(
        settings.screenshot_browser,
        settings.data / "screenshots",
        AddressPolicy((), settings.deny_hosts, settings.deny_networks),
        timedelta(seconds=settings.snapshot_life),
        sandbox=settings.screenshot_sandbox,
    )


def picture_name(url: str) -> str:
    """Name the picture of a canonical address: the SHA-256 of that, as hex."""
    return hashlib.sha256(url.encode()).hexdigest()
