"""Logs: one JSON object a line on standard error, with nothing in them that must stay private.

Libraries that log through Python's own logging come out the same way, from warnings on. Hostile
text cannot break a line or reach a terminal: JSON escapes everything but visible ASCII.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import structlog

# Even if a page's text came into a message, a log must not grow by it.
_LONGEST = 8_000

_HIDDEN = "(hidden)"
_SECRET_NAMES = re.compile(r"password|secret|token|cookie|authorization|credential", re.IGNORECASE)
_SECRETS = (
    # API keys: what they begin with may be told, since lists of keys show it.
    (re.compile(r"\b(bw_[0-9A-Za-z]+)_[\w-]+"), r"\1_" + _HIDDEN),
    (re.compile(r"\b(Bearer|Basic)\s+[^\s\"',]+", re.IGNORECASE), r"\1 " + _HIDDEN),
    # User names, passwords, queries and fragments of addresses.
    (re.compile(r"\b([a-z][a-z0-9+.-]{1,20}://)[^\s/@\"'<>]{1,500}@", re.IGNORECASE), r"\1"),
    (re.compile(r"\b(https?://[^\s?#\"'<>]{1,2048})[?#][^\s\"'<>]*", re.IGNORECASE), r"\1"),
)


def configure_logs(least: int = logging.INFO) -> None:
    """Send structlog's events of this level and above to standard error, as JSON."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            hide_secrets,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        # Standard error as it is when something is logged: it may have been redirected since.
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )
    root = logging.getLogger()
    for handler in [known for known in root.handlers if isinstance(known, _FromLibraries)]:
        root.removeHandler(handler)
    root.addHandler(_FromLibraries(max(least, logging.WARNING)))


class _FromLibraries(logging.Handler):
    """Hands what libraries log on to structlog."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            structlog.get_logger(record.name).log(
                record.levelno,
                "library",
                logger=record.name,
                said=record.getMessage(),
                exc_info=record.exc_info,
            )
        except Exception:  # noqa: BLE001  # a library's odd message must not stop what it tells of
            self.handleError(record)


def hide_secrets(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Take keys, passwords and the private parts of addresses out of an event, wherever they are.

    The second line of defence: nobody should log them in the first place.
    """
    return {name: _hide(name, value) for name, value in event.items()}


def _hide(name: str, value: object) -> object:
    if _SECRET_NAMES.search(name):
        return _HIDDEN
    if isinstance(value, str):
        text = value if len(value) <= _LONGEST else f"{value[:_LONGEST]}..."
        for pattern, shown in _SECRETS:
            text = pattern.sub(shown, text)
        return text
    if isinstance(value, Mapping):
        return {str(key): _hide(str(key), part) for key, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_hide("", part) for part in value]
    return value


def loggable_url(url: str) -> str:
    """Cut an address down to what may stand in a log: no user name, password, query, fragment.

    What cannot be taken apart is not shown at all.
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "(unreadable)"
    host = f"[{host}]" if ":" in host else host
    return urlunsplit((parts.scheme, host + port, parts.path[:200], "", ""))
