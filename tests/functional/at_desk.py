"""Somebody at the desk: signs in, opens pages, sends forms with the page's token."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service.passwords import Passwords
from service.store.accounts import Role, create_account
from service.store.audit import Actor
from service.store.database import Database

PASSWORD = "seven tall lighthouses"
_HASH = Passwords().hash(PASSWORD)
_WHEN = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@dataclass
class Visitor:
    """A browser without scripts, and who sits before it."""

    client: FlaskClient
    name: str

    def get(self, path: str) -> str:
        """Open a page that is there."""
        answer = self.ask(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.get_data(as_text=True)

    def ask(self, path: str) -> TestResponse:
        """Open a path as a browser does."""
        return self.client.get(path, headers={"Accept": "text/html,*/*;q=0.8"})

    def post(self, path: str, **form: Any) -> TestResponse:
        """Send a form with the token of the page for signing in, which everybody may open."""
        page = self.client.get("/sign-in").get_data(as_text=True)
        form["csrf_token"] = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
        return self.client.post(path, data=form, headers={"Accept": "text/html"})

    def sign_in(self, password: str = PASSWORD) -> TestResponse:
        """Sign in by the form."""
        return self.post("/sign-in", name=self.name, password=password)


def make_account(db: Database, name: str, role: Role) -> int:
    """Add an account with the password of all of them."""
    with db.write() as connection:
        return create_account(connection, name, _HASH, role, Actor("tests", _WHEN))


def seat(app: Flask, db: Database, role: Role, name: str = "") -> Visitor:
    """Make an account of a role and sign it in."""
    visitor = Visitor(app.test_client(), name or f"the {role}")
    make_account(db, visitor.name, role)
    assert visitor.sign_in().status_code == 303
    return visitor
