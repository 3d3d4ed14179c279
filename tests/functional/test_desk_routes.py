"""Every route of the desk, read from the application: roles, tokens, methods, where it leads."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from at_desk import Visitor, make_account, seat
from werkzeug.routing import Rule

from service.store.accounts import ROLES

# Who is not signed in may open these.
PUBLIC = {"desk.sign_in", "desk.welcome", "desk.static"}
# What stands in a path instead of a name.
PLACES = {
    "scan_id": "0" * 32,
    "token": "none",
    "prefix": "none",
    "filename": "desk.css",
}
ELSEWHERE = ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]


@pytest.fixture
def rules(app):
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("desk.")]


def path_of(rule: Rule) -> str:
    """Fill the places of a path; what is asked for need not be there."""
    return re.sub(r"<(?:[^:<>]+:)?(\w+)>", lambda place: PLACES.get(place[1], "1"), rule.rule)


def sends(rule: Rule) -> bool:
    return "POST" in rule.methods


def needed(app, rule: Rule) -> str:
    return app.view_functions[rule.endpoint].needed_role


def test_every_route_says_what_role_it_needs(app, rules):
    assert len(rules) > 25
    silent = [
        rule.endpoint
        for rule in rules
        if rule.endpoint not in PUBLIC
        and getattr(app.view_functions[rule.endpoint], "needed_role", None) not in ROLES
    ]
    assert silent == []


def test_every_route_reads_or_writes_and_nothing_else(rules):
    methods = {method for rule in rules for method in rule.methods}
    assert methods <= {"GET", "HEAD", "OPTIONS", "POST"}
    both = {rule.endpoint for rule in rules if {"GET", "POST"} <= rule.methods}
    assert both == {"desk.sign_in", "desk.welcome", "desk.submit"}


def test_a_stranger_is_sent_to_sign_in_by_every_route(app, rules):
    stranger = Visitor(app.test_client(), "nobody")
    for rule in rules:
        if rule.endpoint in PUBLIC:
            continue
        path = path_of(rule)
        for answer in [stranger.ask(path)] * ("GET" in rule.methods) + [
            stranger.post(path)
        ] * sends(rule):
            assert answer.status_code == 303, path
            assert answer.location.startswith("/sign-in"), path


@pytest.mark.parametrize("role", ROLES)
def test_every_role_opens_its_routes_and_no_other(app, db, rules, role):
    visitor = seat(app, db, role)
    for rule in rules:
        if rule.endpoint in PUBLIC or rule.endpoint == "desk.sign_out":
            continue
        path = path_of(rule)
        answer = visitor.post(path) if sends(rule) else visitor.ask(path)
        allowed = ROLES.index(role) >= ROLES.index(needed(app, rule))
        assert (answer.status_code != 403) == allowed, (path, answer.status_code)
        assert answer.status_code < 500, path
        if rule.endpoint.endswith("everywhere"):
            visitor.sign_in()


def test_every_form_is_refused_without_its_token_and_with_a_wrong_one(app, db, rules):
    admin = seat(app, db, "admin")
    make_account(db, "somebody", "reporter")
    sent = [path_of(rule) for rule in rules if sends(rule)]
    assert len(sent) > 15
    for path in sent:
        for form in ({}, {"csrf_token": "wrong"}):
            answer = admin.client.post(path, data=form, headers={"Accept": "text/html"})
            assert answer.status_code == 400, path
            assert "CSRF" in answer.get_data(as_text=True), path
    assert admin.ask("/account").status_code == 200


def test_the_token_of_somebody_else_opens_no_form(app, db):
    admin, other = seat(app, db, "admin"), seat(app, db, "admin", "other")
    foreign = re.search(r'name="csrf-token" content="([^"]+)"', other.get("/account"))[1]
    answer = admin.client.post("/keys", data={"csrf_token": foreign, "name": "k", "scope": "check"})
    assert answer.status_code == 400


@pytest.mark.parametrize("target", ELSEWHERE)
def test_no_route_leads_to_another_site(app, db, rules, target):
    """Whatever field says where to go next: every field that any form has, and a few usual ones."""
    fields = ("next", "url", "back", "return", "target", "to", "from", "redirect", "Referer")
    asked = dict.fromkeys(fields, target)
    admin = seat(app, db, "admin")
    for rule in rules:
        if rule.endpoint == "desk.static":
            continue
        path = path_of(rule)
        answers = [admin.client.get(path, query_string=asked, headers={"Referer": target})]
        if sends(rule):
            answers.append(admin.post(path, **asked))
        for answer in answers:
            location = answer.headers.get("Location", "/")
            assert re.match(r"/(?![/\\])", location), (path, location)
            assert "refresh" not in answer.headers or "url" not in answer.headers["refresh"]
        if admin.ask("/account").status_code != 200:
            admin.sign_in()


def test_every_page_carries_the_rules_for_its_content(app, db, rules):
    admin = seat(app, db, "admin")
    for rule in rules:
        if "GET" in rule.methods and rule.endpoint != "desk.static":
            headers = admin.ask(path_of(rule)).headers
            policy = headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy, rule.rule
            assert "unsafe" not in policy, rule.rule
            assert headers["X-Content-Type-Options"] == "nosniff"


def test_no_page_has_code_or_style_of_its_own(app, db, rules):
    admin = seat(app, db, "admin")
    pages = 0
    for rule in rules:
        if "GET" not in rule.methods or rule.endpoint == "desk.static":
            continue
        answer = admin.ask(path_of(rule))
        if answer.mimetype != "text/html" or answer.status_code in {302, 303}:
            continue
        text = answer.get_data(as_text=True)
        pages += 1
        assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\shx-on|\son\w+=", text), (
            rule.rule
        )
    assert pages > 10


def test_the_documentation_names_every_route(rules):
    page = (Path(__file__).parents[2] / "docs" / "desk.md").read_text()
    documented = {
        (method, re.sub(r"<[^<>]+>", "<>", path).partition("?")[0])
        for method, path in re.findall(r"`(GET|POST) (/[^`]*)`", page)
    }
    served = {
        (method, re.sub(r"<[^<>]+>", "<>", rule.rule))
        for rule in rules
        for method in rule.methods & {"GET", "POST"}
        if rule.endpoint != "desk.static"
    }
    assert documented - served == set()
    assert served - documented == set()
