"""Logs: one JSON object a line on standard error, with nothing in them that must stay private."""

from __future__ import annotations

import logging
import sys
from urllib.parse import urlsplit, urlunsplit

import structlog


def configure_logs(least: int = logging.INFO) -> None:
    """Send structlog's events of this level and above to standard error, as JSON."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        # Standard error as it is when something is logged: it may have been redirected since.
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )


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
