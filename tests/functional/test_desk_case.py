"""The page of a case: what it shows, and that nothing of the page is alive on it."""

import re

import pytest
from desk_helpers import Desk, link_targets

PAGE = "https://films.example/lighthouse"
COPY = "https://copy.example/lighthouse"
MARKUP = (
    "<title>The Lighthouse</title><h1>A review</h1>"
    "<p>It is a good film &amp; a long one. To see it, press the button below, for nothing.</p>"
    '<a href="https://bad.example/go">www.known.example</a>'
    '<p style="display:none">hidden words</p>'
)


@pytest.fixture
def lead(app, api, world, db):
    return Desk(app, api, world, db, "lead")


def test_a_case_shows_its_conclusion_first_and_what_it_rests_on(lead):
    case = lead.reported({PAGE: MARKUP})
    text = lead.get(case).get_data(as_text=True)
    assert re.search(r"<h1[^>]*>This page is bait\.</h1>", text)
    for words in (
        "The Lighthouse",
        '<mark id="mark-1" tabindex="-1">press the button</mark>',
        "It promises something for nothing.",
        "weighs most heavily",
        "hidden words",
        "hxxps://films[.]example/lighthouse",
        "Says it is not bait",
    ):
        assert words in text
    assert text.index("<h1") < text.index("93.8%")


def test_a_link_that_shows_one_address_and_leads_to_another_is_marked(lead):
    text = lead.get(lead.reported({PAGE: MARKUP})).get_data(as_text=True)
    assert "Its words show another address than it leads to." in text
    assert "hxxps://bad[.]example/go" in text


def test_submitted_addresses_are_opened_through_the_page_that_warns_alone(lead):
    case = lead.reported({PAGE: MARKUP})
    targets = link_targets(lead.get(case))
    leading = [target for target in targets if "example" in target]
    assert [target for target in leading if not target.startswith("/preview?")] == [
        "/go?url=https://films.example/lighthouse",
        "/go?url=https://bad.example/go",
        "/queue?host=films.example",
    ]


def test_the_page_that_warns_names_the_address_and_tells_it_nothing(lead):
    lead.reported({PAGE: MARKUP})
    page = lead.get(f"/go?url={PAGE}")
    text = page.get_data(as_text=True)
    assert "hxxps://films[.]example/lighthouse" in text
    assert "This page is bait." in text
    assert page.headers["Referrer-Policy"] == "no-referrer"
    (link,) = re.findall(r'<a [^>]*href="https://films.example/lighthouse"[^>]*>', text)
    assert 'rel="noreferrer noopener nofollow"' in link


@pytest.mark.parametrize("url", ["javascript:alert(1)", "//evil.example", "data:text/html,x", ""])
def test_the_page_that_warns_leads_to_web_addresses_alone(lead, url):
    assert lead.get("/go", query_string={"url": url}).status_code == 400


def test_every_page_of_a_case_can_be_shown(lead):
    case = lead.reported({PAGE: MARKUP, COPY: MARKUP})
    text = lead.get(case).get_data(as_text=True)
    assert "2 pages in this case" in text
    (other,) = re.findall(r'href="(/cases/\d+\?page=\d+)"', text)
    assert "hxxps://copy[.]example/lighthouse</dd>" not in text
    assert '<span class="address" aria-current="true">hxxps://copy' in lead.get(other).get_data(
        as_text=True
    )


def test_the_cases_before_and_after_are_one_step_away(lead):
    first = lead.reported({PAGE: MARKUP})
    second = lead.reported({COPY: MARKUP.replace("good", "quite splendid and really great")})
    assert f'data-key="next" href="{second}"' in lead.get(first).get_data(as_text=True)
    assert f'data-key="previous" href="{first}"' in lead.get(second).get_data(as_text=True)


def test_earlier_rulings_stay_on_the_page_with_who_undid_them(lead):
    case = lead.reported({PAGE: MARKUP})
    lead.rule(case, "bait", note="the note of a ruling", reason="copied")
    lead.undo_last()
    text = lead.get(case).get_data(as_text=True)
    assert "the note of a ruling" in text
    assert "The same text is posted in many places" in text
    assert "Undone by lead" in text


@pytest.mark.parametrize("path", ["/cases/999", "/cases/0", "/cases/99999999999999999999"])
def test_a_case_that_is_none_is_not_found(lead, path):
    assert lead.get(path).status_code == 404


@pytest.mark.parametrize("page", ["0", "-1", "x", "999999999999999999999"])
def test_an_odd_page_of_a_case_is_its_first(lead, page):
    case = lead.reported({PAGE: MARKUP})
    assert "The Lighthouse" in lead.get(f"{case}?page={page}").get_data(as_text=True)


def test_an_address_in_no_case_can_be_looked_at_and_ruled(lead):
    lead.check({PAGE: "<p>Words of an honest page that nobody has any doubt about.</p>"})
    text = lead.get("/pages", query_string={"url": PAGE}).get_data(as_text=True)
    assert "Nothing here points to bait." in text
    assert 'value="not_bait"' in text
    assert 'value="skip"' not in text


def test_who_only_reports_sees_a_page_and_no_ruling(app, api, world, db):
    reporter = Desk(app, api, world, db, "reporter")
    reporter.check({PAGE: MARKUP})
    text = reporter.get("/pages", query_string={"url": PAGE}).get_data(as_text=True)
    assert "This page is bait." in text
    assert 'name="ruling"' not in text
    assert reporter.get("/cases/1").status_code == 403
