"""What stands around every page of the desk: the way to the others, the keys, the theme."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, current_app, g, request, url_for

from service.desk.bindings import key_words, keys_of
from service.desk.language import gettext
from service.desk.roles import may
from service.desk.sessions import visitor
from service.store.accounts import Role

THEMES = ("auto", "light", "dark")


@dataclass(frozen=True, slots=True)
class Way:
    """One entry of the navigation; ``here`` where the visitor is on that page."""

    words: str
    address: str
    here: bool


def set_up_frame(app: Flask) -> None:
    """Give the templates the navigation, the keys and the theme."""
    app.jinja_env.globals["navigation"] = navigation
    app.jinja_env.globals["current_theme"] = current_theme
    app.jinja_env.globals["desk_keys"] = desk_keys
    app.jinja_env.globals["key_places"] = key_places
    app.jinja_env.globals["key_words"] = key_words


def navigation() -> list[Way]:
    """List the pages that this visitor may open, in order; none before signing in."""
    pages = (
        ("desk.queue", gettext("Queue"), may("moderator")),
        ("desk.submit", gettext("Submit"), may("reporter")),
        ("desk.audit", gettext("Audit"), may("moderator")),
        ("desk.people", gettext("People"), may("admin")),
        ("desk.keys", gettext("Keys"), may("admin")),
        ("desk.account", gettext("Account"), may("reporter")),
    )
    return [
        Way(words, url_for(endpoint), request.endpoint == endpoint)
        for endpoint, words, open_to in pages
        if open_to and endpoint in current_app.view_functions
    ]


def desk_keys() -> dict[str, str]:
    """Return the key of every act, as whoever looks at this page has bound them."""
    return keys_of(visitor().account.keys)


def key_places() -> dict[str, str]:
    """Say where each key leads that comes after the one that goes to a page."""
    ways: tuple[tuple[str, str, Role], ...] = (
        ("q", "desk.queue", "moderator"),
        ("s", "desk.submit", "reporter"),
        ("l", "desk.audit", "moderator"),
        ("a", "desk.account", "reporter"),
    )
    return {key: url_for(endpoint) for key, endpoint, role in ways if may(role)}


def current_theme() -> str:
    """Return the theme of this request: the account's choice, else the system's."""
    chosen: str = g.get("theme", "")
    return chosen if chosen in THEMES else "auto"
