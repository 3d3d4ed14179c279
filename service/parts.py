"""What the views work with, kept on the Flask application instead of in globals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from flask import Flask, current_app

from service.desk.throttle import Throttle
from service.engines.choice import Engine
from service.limits import Counters
from service.passwords import Passwords
from service.prefixes import PrefixList
from service.scan import Service
from service.screenshots.camera import Camera
from service.webhooks.postman import Postman

if TYPE_CHECKING:
    from service.api.shortcut import Shortcut

_PLACE = "baitwatch"


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of one application."""

    service: Service
    workers: Engine
    passwords: Passwords
    throttle: Throttle
    counters: Counters
    postman: Postman
    shortcut: Shortcut
    prefixes: PrefixList
    camera: Camera


def attach_parts(app: Flask, parts: Parts) -> None:
    """Give an application its parts."""
    app.extensions[_PLACE] = parts


def parts() -> Parts:
    """Return the parts of the application that answers the current request."""
    return cast("Parts", current_app.extensions[_PLACE])
