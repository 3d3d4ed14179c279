"""People at the desk: invitations, roles, shut accounts; and everybody's own account."""

import html
import re

import pytest
from at_desk import PASSWORD, Visitor, make_account, seat

from service.store.accounts import account_by_name

CHOSEN = "a gate of eleven doors"


@pytest.fixture
def admin(app, db):
    return seat(app, db, "admin", "ada")


def link_of(page: str) -> str:
    shown = re.search(r'id="link">([^<]+)<', page)[1]
    return html.unescape(shown).removeprefix("http://localhost")


def invite(admin, name="grace", role="moderator"):
    return link_of(admin.post("/people", name=name, role=role).get_data(as_text=True))


def choose(app, link, password=CHOSEN, again=None):
    guest = Visitor(app.test_client(), "grace")
    return guest, guest.post(link, password=password, again=password if again is None else again)


def test_an_invited_person_chooses_a_password_and_is_in(app, admin, db):
    link = invite(admin)
    assert "invited" in admin.get("/people")
    guest, answer = choose(app, link)
    assert answer.status_code == 303
    assert "grace" in guest.get("/account")
    again = Visitor(app.test_client(), "grace")
    assert again.sign_in(CHOSEN).status_code == 303
    assert account_by_name(db, "grace").role == "moderator"


def test_nobody_signs_in_to_an_account_whose_password_is_not_chosen_yet(app, admin):
    invite(admin)
    for password in ("", "!", PASSWORD):
        assert Visitor(app.test_client(), "grace").sign_in(password).status_code == 403


def test_a_link_is_good_once(app, admin):
    link = invite(admin)
    choose(app, link)
    _, again = choose(app, link, "an army of small spoons")
    assert again.status_code == 404
    assert Visitor(app.test_client(), "grace").sign_in(CHOSEN).status_code == 303


def test_a_link_runs_out(app, admin, world):
    link = invite(admin)
    world.pass_time(days=3, seconds=1)
    assert choose(app, link)[1].status_code == 404


def test_a_newer_link_voids_the_older(app, admin, db):
    older = invite(admin)
    grace = account_by_name(db, "grace").id
    newer = link_of(admin.post(f"/people/{grace}/link").get_data(as_text=True))
    assert choose(app, older)[1].status_code == 404
    assert choose(app, newer)[1].status_code == 303


def test_a_link_for_a_forgotten_password_ends_the_sessions_there_are(app, admin, db):
    before = seat(app, db, "moderator", "grace")
    link = link_of(
        admin.post(f"/people/{account_by_name(db, 'grace').id}/link").get_data(as_text=True)
    )
    assert before.get("/account")
    choose(app, link)
    assert before.ask("/account").status_code == 303


def test_a_link_of_a_shut_account_opens_nothing(app, admin, db):
    link = invite(admin)
    admin.post(f"/people/{account_by_name(db, 'grace').id}/shut")
    assert choose(app, link)[1].status_code == 404


@pytest.mark.parametrize(
    ("password", "again", "says"),
    [
        ("short words", None, "12 to 1000 characters"),
        ("x" * 1_001, None, "12 to 1000 characters"),
        ("aaaaaaaaaaaaaaa", None, "easily guessed"),
        ("my name is Grace!", None, "easily guessed"),
        (CHOSEN, "another gate of doors", "differ"),
    ],
)
def test_a_weak_password_is_refused_with_its_reason(app, admin, password, again, says):
    guest, answer = choose(app, invite(admin), password, again)
    assert answer.status_code == 400
    assert says in answer.get_data(as_text=True)
    assert guest.ask("/account").status_code == 303


@pytest.mark.parametrize(
    "form",
    [
        {"name": "", "role": "moderator"},
        {"name": "x" * 65, "role": "moderator"},
        {"name": "a\u202eb", "role": "moderator"},
        {"name": "ada", "role": "moderator"},
        {"name": "grace", "role": "emperor"},
        {"name": "grace"},
    ],
)
def test_an_account_that_cannot_be_is_refused(admin, db, form):
    answer = admin.post("/people", **form)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.get_data(as_text=True)
    assert account_by_name(db, "grace") is None


def test_another_role_counts_from_the_next_page_on(app, admin, db):
    grace = seat(app, db, "moderator", "grace")
    assert grace.ask("/people").status_code == 403
    admin.post(f"/people/{account_by_name(db, 'grace').id}/role", role="admin")
    assert grace.ask("/people").status_code == 200


def test_a_shut_account_is_out_at_once_and_can_be_opened_again(app, admin, db):
    grace = seat(app, db, "moderator", "grace")
    number = account_by_name(db, "grace").id
    admin.post(f"/people/{number}/shut")
    assert grace.ask("/account").status_code == 303
    assert grace.sign_in().status_code == 403
    assert f'action="/people/{number}/open"' in admin.get("/people")
    admin.post(f"/people/{number}/open")
    assert grace.sign_in().status_code == 303


@pytest.mark.parametrize("act", ["shut", "role"])
def test_the_last_admin_stays(admin, db, act):
    own = account_by_name(db, "ada")
    refused = admin.post(f"/people/{own.id}/{act}", role="reporter")
    assert refused.status_code == 400
    assert "somebody else an admin" in refused.get_data(as_text=True)
    make_account(db, "ida", "admin")
    assert admin.post(f"/people/{own.id}/{act}", role="reporter").status_code == 303


def test_an_admin_ends_somebodys_sessions(app, admin, db):
    grace = seat(app, db, "moderator", "grace")
    admin.post(f"/people/{account_by_name(db, 'grace').id}/sign-out")
    assert grace.ask("/account").status_code == 303


@pytest.mark.parametrize("act", ["role", "link", "sign-out", "shut", "open"])
def test_nobody_is_changed_who_is_not_there(admin, act):
    assert admin.post(f"/people/999/{act}", role="admin").status_code == 404


# --- one's own account


@pytest.fixture
def grace(app, db):
    return seat(app, db, "reporter", "grace")


def test_a_changed_password_signs_out_everywhere_else(app, grace):
    other = Visitor(app.test_client(), "grace")
    other.sign_in()
    answer = grace.post("/account/password", current=PASSWORD, password=CHOSEN, again=CHOSEN)
    assert answer.status_code == 303
    assert "signed out everywhere else" in grace.get("/account")
    assert other.ask("/account").status_code == 303
    assert other.sign_in(CHOSEN).status_code == 303


def test_the_present_password_is_asked_for_and_guessing_it_is_slowed_down(grace, world):
    form = {"password": CHOSEN, "again": CHOSEN}
    codes = [grace.post("/account/password", current="no", **form).status_code for _ in range(6)]
    assert codes == [400] * 5 + [429]
    world.pass_time(minutes=16)
    assert grace.post("/account/password", current=PASSWORD, **form).status_code == 303


def test_language_and_theme_are_kept_with_the_account(app, grace):
    grace.post("/account/preferences", language="de", theme="dark")
    other = Visitor(app.test_client(), "grace")
    other.sign_in()
    for visitor in (grace, other):
        page = visitor.get("/account")
        assert '<html lang="de" data-bs-theme="dark">' in page
    grace.post("/account/preferences", language="xx", theme="<script>")
    assert '<html lang="en" data-bs-theme="auto">' in grace.get("/account")


def test_without_a_choice_the_browser_says_the_language(grace):
    answer = grace.client.get("/account", headers={"Accept-Language": "fr;q=0.9, de;q=0.8"})
    assert '<html lang="de"' in answer.get_data(as_text=True)


def test_keys_are_bound_otherwise_and_come_back(grace):
    grace.post("/account/keys", key_bait="q", key_not_bait="w")
    assert 'name="key_bait" value="q"' in grace.get("/account")
    grace.post("/account/keys", reset="yes")
    assert 'name="key_bait" value="b"' in grace.get("/account")


@pytest.mark.parametrize("key", ["n", "", "ab", "\t"])
def test_a_key_that_cannot_be_pressed_or_is_taken_is_refused_and_nothing_changes(grace, key):
    answer = grace.post("/account/keys", key_bait=key)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.get_data(as_text=True)
    assert 'name="key_bait" value="b"' in grace.get("/account")


def test_signing_out_everywhere_ends_every_session(app, grace):
    other = Visitor(app.test_client(), "grace")
    other.sign_in()
    assert "signed in 2 times" in grace.get("/account")
    grace.post("/account/sign-out-everywhere")
    assert grace.ask("/account").status_code == 303
    assert other.ask("/account").status_code == 303


def test_a_session_ends_when_nobody_uses_it(grace):
    # The cookie is signed with its time: one that was kept for longer than a session may idle.
    assert grace.get("/account")
    grace.client.application.config["PERMANENT_SESSION_LIFETIME"] = -1
    assert grace.ask("/account").status_code == 303


@pytest.mark.parametrize("path", ["/queue/counts", "/static/desk/icon.svg"])
def test_only_a_page_renews_the_session_not_what_it_loads(app, db, path):
    # An answer to these may come after that to a ruling, and would put its message out.
    moderator = seat(app, db, "moderator")
    with moderator.ask(path) as answer:
        assert (answer.status_code, answer.headers.getlist("Set-Cookie")) == (200, [])
    assert "baitwatch=" in moderator.ask("/queue").headers["Set-Cookie"]


def test_an_error_with_values_is_said_in_the_language_of_the_page(app, admin):
    refused = admin.post("/people", name="ada", role="lead")
    assert "There is an account named ada already" in refused.get_data(as_text=True)
    admin.post("/account/preferences", language="de", theme="dark")
    refused = admin.post("/people", name="ada", role="lead")
    assert "Es gibt schon ein Konto namens ada" in refused.get_data(as_text=True)
    refused = admin.post("/queue/views", name="x" * 200)
    assert "Der Name einer Ansicht hat 1 bis" in refused.get_data(as_text=True)
