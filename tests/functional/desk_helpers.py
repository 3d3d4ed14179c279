"""Somebody at the desk: signed in, with pages to rule on."""

from __future__ import annotations

import re

from service.passwords import Passwords
from service.store.accounts import create_account
from service.store.audit import Actor
from service.store.cases import case_of_page

_WORD = "a long enough word"


class Desk:
    """A signed-in browser of one role, and the API beside it."""

    def __init__(self, app, api, world, db, role, name=None):
        self.api, self.world, self.db, self.name = api, world, db, name or role
        with db.write() as connection:
            actor = Actor("tests", world.now)
            create_account(connection, self.name, Passwords().hash(_WORD), role, actor)
        self.client = app.test_client()
        signed_in = self.post("/sign-in", name=self.name, password=_WORD)
        assert signed_in.status_code == 303

    def get(self, path, **more):
        return self.client.get(path, **more)

    def post(self, path, **form):
        page = self.client.get("/sign-in").get_data(as_text=True)
        form["csrf_token"] = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
        return self.client.post(path, data=form, headers={"Accept": "text/html"})

    def check(self, pages):
        """Have pages fetched and judged."""
        self.world.pages.update(pages)
        for url in pages:
            assert self.api.post("/v1/check", json={"url": url}).status_code == 200

    def reported(self, pages):
        """Have pages judged and reported; return where the case of the first is."""
        self.check(pages)
        for url in pages:
            sent = self.api.post("/v1/reports", json={"url": url, "says": "not_bait"})
            assert sent.status_code == 201
        with self.db.read() as connection:
            return f"/cases/{case_of_page(connection, next(iter(pages)))}"

    def form(self, case):
        """Read the form of a case as a browser would fill it in."""
        text = self.get(case).get_data(as_text=True)
        form = text[text.index('id="ruling"') :].partition("</form>")[0]
        fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
        return fields | {"scope": "page", "reason": "", "note": ""}

    def rule(self, case, ruling, **more):
        """Send the form of a case as it is shown now."""
        return self.post("/decide", **{**self.form(case), "ruling": ruling, **more})

    def undo_last(self):
        """Press the button of the newest message."""
        text = self.get("/queue").get_data(as_text=True)
        return self.post(re.search(r'action="(/undo/\d+)"', text)[1])

    def verdict(self, url):
        """Ask the API what it says of an address."""
        answer = self.api.get("/v1/lookup", query_string={"url": url}).get_json()
        return answer["verdict"], answer["source"]


def link_targets(page):
    """List where the links of a page lead."""
    return re.findall(r'<a [^>]*?href="([^"]*)"', page.get_data(as_text=True))
