"""The documentation page: every call, from this service alone, without a script."""

import re


def test_every_call_of_the_openapi_document_is_on_the_page(client):
    page = client.get("/v1/docs")
    assert page.status_code == 200
    assert page.mimetype == "text/html"
    text = page.get_data(as_text=True)
    for path, operations in client.get("/v1/openapi.json").get_json()["paths"].items():
        for method in operations:
            assert text.count(f"<code>{method.upper()} {path}</code>") == 2


def test_each_link_within_the_page_leads_to_a_place_of_it(client):
    text = client.get("/v1/docs").get_data(as_text=True)
    places = re.findall(r' id="([^"]+)"', text)
    assert len(places) == len(set(places))
    assert set(re.findall(r'href="#([^"]+)"', text)) <= set(places)


def test_the_page_names_scopes_fields_and_values(client):
    text = client.get("/v1/docs").get_data(as_text=True)
    section = text.partition('id="post--v1-decisions"')[2].partition("</section>")[0]
    assert "<code>moderate</code>" in section
    assert "&#34;not_bait&#34;" in section
    assert "<code>note</code> (optional)" in section
    assert "<code>409</code>" in section


def test_nothing_on_the_page_comes_from_elsewhere_or_runs(client):
    text = client.get("/v1/docs").get_data(as_text=True)
    assert not re.findall(r'(?:src|href)="(?!/|#)', text)
    assert "<script" not in text
    assert " style=" not in text


def test_the_page_is_not_among_the_calls(client):
    assert "/v1/docs" not in client.get("/v1/openapi.json").get_json()["paths"]
