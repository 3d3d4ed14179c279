"""Ruling at the desk: what counts at once in the API, who may, conflicts, many, and undoing."""

import re

import pytest
from desk_helpers import Desk

PAGE = "https://films.example/lighthouse"
COPY = "https://copy.example/lighthouse"
OTHER = "https://others.example/shop/one"
BAIT = "<p>It is a good film. To see it, press the button below, for nothing at all.</p>"
ELSE = "<p>Quite other words of another page: press the button and it is all yours today.</p>"


@pytest.fixture
def lead(app, api, world, db):
    return Desk(app, api, world, db, "lead")


@pytest.fixture
def moderator(app, api, world, db):
    return Desk(app, api, world, db, "moderator")


@pytest.mark.parametrize(
    ("ruling", "verdict"),
    [("bait", ("bait", "decision")), ("not_bait", ("clean", "decision"))],
)
def test_a_ruling_counts_at_once_and_opens_the_next_case(moderator, ruling, verdict):
    case, following = moderator.reported({PAGE: BAIT}), moderator.reported({OTHER: ELSE})
    answer = moderator.rule(case, ruling)
    assert (answer.status_code, answer.location) == (303, following)
    assert moderator.verdict(PAGE) == verdict
    assert "Ruled" in moderator.get(following).get_data(as_text=True)


def test_the_last_ruling_leads_back_to_the_queue(moderator):
    assert moderator.rule(moderator.reported({PAGE: BAIT}), "bait").location == "/queue"


def test_the_queue_that_a_case_was_opened_from_goes_on(moderator):
    case = moderator.reported({PAGE: BAIT})
    moderator.reported({OTHER: ELSE})
    answer = moderator.rule(case, "bait", queue="host=films.example")
    assert answer.location == "/queue?host=films.example"


def test_a_ruling_is_undone_by_the_button_that_tells_of_it(moderator):
    case = moderator.reported({PAGE: BAIT})
    moderator.rule(case, "not_bait")
    assert moderator.undo_last().location == case
    assert moderator.verdict(PAGE) == ("bait", "cache")
    assert 'value="skip"' in moderator.get(case).get_data(as_text=True)


def test_a_case_of_copies_is_ruled_whole(moderator):
    case = moderator.reported({PAGE: BAIT, COPY: BAIT})
    moderator.rule(case, "not_bait")
    assert moderator.verdict(PAGE) == moderator.verdict(COPY) == ("clean", "decision")
    moderator.undo_last()
    assert moderator.verdict(PAGE) == moderator.verdict(COPY) == ("bait", "cache")


@pytest.mark.parametrize("scope", ["host", "campaign"])
def test_a_wide_ruling_needs_a_lead(moderator, app, api, world, db, scope):
    case = moderator.reported({PAGE: BAIT})
    assert moderator.rule(case, "not_bait", scope=scope).status_code == 403
    assert moderator.verdict(PAGE) == ("bait", "cache")
    assert Desk(app, api, world, db, "lead").rule(case, "not_bait", scope=scope).status_code == 303
    assert moderator.verdict(PAGE) == ("clean", "decision")


def test_a_campaign_covers_copies_that_come_later(lead):
    case = lead.reported({PAGE: BAIT})
    lead.rule(case, "not_bait", scope="campaign")
    lead.check({COPY: BAIT.upper()})
    assert lead.verdict(COPY) == ("clean", "decision")


def test_a_folder_covers_what_is_below_it(moderator):
    case = moderator.reported({OTHER: ELSE})
    moderator.rule(case, "bait", scope="prefix")
    assert moderator.verdict("https://others.example/shop/two/three") == ("bait", "decision")
    assert moderator.verdict("https://others.example/")[1] == "none"


def test_the_folder_of_a_front_page_is_a_host_and_needs_a_lead(moderator):
    case = moderator.reported({"https://others.example/": ELSE})
    assert moderator.rule(case, "bait", scope="prefix").status_code == 403
    assert moderator.verdict("https://others.example/elsewhere")[1] == "none"


def test_what_a_ruling_would_cover_is_told_before(lead):
    lead.reported({PAGE: BAIT, COPY: BAIT})
    asked = {"scope": "campaign", "url": PAGE}
    whole = lead.get("/preview", query_string=asked).get_data(as_text=True)
    part = lead.get("/preview", query_string=asked, headers={"HX-Request": "true"})
    for text in (whole, part.get_data(as_text=True)):
        assert "This covers 2 known addresses." in text
        assert "hxxps://copy[.]example/lighthouse" in text
    assert "<html" not in part.get_data(as_text=True)
    asked = {"scope": "campaign", "url": "https://never.example/"}
    assert "check the address first" in lead.get("/preview", query_string=asked).get_data(
        as_text=True
    )


def test_a_skipped_case_stays_and_the_next_one_opens(moderator):
    case, following = moderator.reported({PAGE: BAIT}), moderator.reported({OTHER: ELSE})
    assert moderator.rule(case, "skip").location == following
    assert moderator.verdict(PAGE) == ("bait", "cache")
    assert moderator.rule(following, "skip").location == case


def test_who_is_unsure_leaves_the_case_to_another(moderator, lead):
    case = moderator.reported({PAGE: BAIT})
    assert moderator.rule(case, "unsure").location == "/queue"
    again = moderator.rule(case, "bait")
    assert again.status_code == 409
    assert "You were unsure of this" in again.get_data(as_text=True)
    assert "needs a second opinion" in lead.get(case).get_data(as_text=True)
    assert lead.rule(case, "bait").status_code == 303
    assert moderator.verdict(PAGE) == ("bait", "decision")


def test_who_comes_later_sees_the_earlier_ruling_and_chooses(moderator, lead):
    case = moderator.reported({PAGE: BAIT})
    stale = moderator.form(case)
    lead.rule(case, "bait", note="seen before")
    answer = moderator.post("/decide", **stale | {"ruling": "not_bait"})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "lead ruled on this before you" in text
    assert "seen before" in text
    assert moderator.verdict(PAGE) == ("bait", "decision")
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text))
    assert moderator.post("/decide", **fields).status_code == 303
    assert moderator.verdict(PAGE) == ("clean", "decision")


def test_anothers_ruling_is_undone_by_a_lead_alone(moderator, lead):
    case = moderator.reported({PAGE: BAIT})
    lead.rule(case, "not_bait")
    (path,) = set(re.findall(r'action="(/undo/\d+)"', lead.get("/queue").get_data(as_text=True)))
    assert moderator.post(path).status_code == 403
    assert lead.post(path, next="/audit").location == "/audit"
    assert lead.post(path).status_code == 404


def text_of_its_own(number):
    words = " ".join(f"{chr(97 + number)}{chr(97 + at)}word" for at in range(20))
    return f"<p>press the button {words}</p>"


def selected(desk, count, copies=1):
    """Open cases of their own and return the form that rules on them all."""
    cases = [
        desk.reported({f"https://many.example/{n}/{c}": text_of_its_own(n) for c in range(copies)})
        for n in range(count)
    ]
    assert len(set(cases)) == count
    return {"case": [case.rpartition("/")[2] for case in cases], "scope": "page", "note": ""}


def test_many_cases_are_ruled_together_and_undone_together(lead):
    form = selected(lead, 2)
    assert lead.post("/bulk", ruling="not_bait", **form).location == "/queue"
    assert lead.verdict("https://many.example/0/0") == ("clean", "decision")
    lead.undo_last()
    assert lead.verdict("https://many.example/1/0") == ("bait", "cache")


def test_many_cases_are_ruled_for_a_reason_from_the_list(lead):
    form = selected(lead, 2)
    assert 'id="bulk-reason"' in lead.get("/queue").get_data(as_text=True)
    assert lead.post("/bulk", ruling="bait", **form, reason="own_site").status_code == 400
    assert lead.post("/bulk", ruling="bait", **form, reason="copied").location == "/queue"
    case = lead.get("/pages?url=https://many.example/1/0").get_data(as_text=True)
    assert "The same text is posted in many places" in re.sub(r"<option.*?</option>", "", case)


def test_more_than_twenty_need_their_number_typed_by_a_lead(lead, moderator):
    form = selected(lead, 1, copies=21)
    assert moderator.post("/bulk", ruling="not_bait", **form).status_code == 403
    asked = lead.post("/bulk", ruling="not_bait", **form)
    text = asked.get_data(as_text=True)
    assert asked.status_code == 409
    assert "Type 21 to rule on all of them" in text
    assert lead.verdict("https://many.example/0/0") == ("bait", "cache")
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text))
    assert lead.post("/bulk", **fields, confirm="20").status_code == 409
    assert lead.post("/bulk", **fields, confirm="21").status_code == 303
    assert lead.verdict("https://many.example/0/20") == ("clean", "decision")


def test_of_many_cases_those_decided_meanwhile_are_left(lead, moderator):
    form = selected(lead, 2)
    moderator.rule(f"/cases/{form['case'][0]}", "bait")
    lead.post("/bulk", ruling="not_bait", **form)
    assert lead.verdict("https://many.example/0/0") == ("bait", "decision")
    assert lead.verdict("https://many.example/1/0") == ("clean", "decision")
    assert "1 case was left out" in lead.get("/queue").get_data(as_text=True)
    assert lead.post("/bulk", ruling="not_bait", **form).status_code == 303


@pytest.mark.parametrize(
    "wrong",
    [
        {"ruling": "maybe"},
        {"ruling": ""},
        {"scope": "world"},
        {"reason": "own_site"},
        {"reason": "none of them"},
        {"note": "x" * 2_001},
        {"case": "", "url": ""},
        {"case": "", "url": "javascript:alert(1)"},
    ],
)
def test_what_cannot_be_ruled_is_refused(moderator, wrong):
    form = moderator.form(moderator.reported({PAGE: BAIT}))
    assert moderator.post("/decide", **form | {"ruling": "bait"} | wrong).status_code == 400
    assert moderator.verdict(PAGE) == ("bait", "cache")


@pytest.mark.parametrize("case", ["999", "0", "x", "-1", "9" * 30])
def test_a_case_that_is_none_cannot_be_ruled(moderator, case):
    sent = moderator.post("/decide", case=case, ruling="bait", scope="page")
    assert sent.status_code in {400, 404}
    assert moderator.post("/bulk", case=case, ruling="bait").status_code in {303, 400}


def test_a_note_that_no_database_takes_is_made_fit(moderator):
    case = moderator.reported({PAGE: BAIT})
    assert moderator.rule(case, "bait", note="a\0b").status_code == 303


def test_an_address_in_no_case_is_ruled_on_its_own(moderator):
    moderator.check({PAGE: BAIT})
    sent = moderator.post("/decide", url=PAGE, ruling="not_bait", scope="page", seen="0")
    assert sent.location.startswith("/pages?url=")
    assert moderator.verdict(PAGE) == ("clean", "decision")
