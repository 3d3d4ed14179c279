"""The desk's other languages: every message is translated, with its places, and compiled."""

from __future__ import annotations

import re
from gettext import GNUTranslations

import pytest
import translate
from flask import Flask, render_template_string

from service.desk.language import LANGUAGES, gettext, ngettext, set_up_language

PLACES = re.compile(r"%\((\w+)\)s|%%")


@pytest.fixture(scope="module")
def found():
    return translate.messages()


def test_the_messages_of_pages_code_and_reasons_are_found(found):
    ids = {message.id for message in found}
    assert len(ids) > 300
    assert {"Skip to the content", "Two acts have the same key: give each its own."} <= ids
    assert {"Not found", "A form sends what is typed to another site.", "moderator"} <= ids


@pytest.mark.parametrize("language", translate.TRANSLATED)
def test_every_message_is_translated(language):
    assert translate.untranslated(translate.updated(language)) == []


@pytest.mark.parametrize("language", translate.TRANSLATED)
def test_the_catalogue_is_the_one_that_the_words_make(language):
    """Where this fails, run `python tests/translate.py` and commit what it wrote."""
    path = translate.po_file(language)
    wanted = translate.updated(language)
    assert {message.id for message in translate.written(language)} == {m.id for m in wanted}
    with path.with_suffix(".mo").open("rb") as file:
        compiled = GNUTranslations(file)
    for message in wanted:
        if isinstance(message.id, tuple):
            said = tuple(compiled.ngettext(*message.id, count) for count in (1, 2))
            assert said == tuple(message.string)
        elif message.id:
            assert compiled.gettext(message.id) == message.string


@pytest.mark.parametrize("language", translate.TRANSLATED)
def test_a_translation_has_the_places_of_its_message(language):
    for message in translate.updated(language):
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        if "python-format" in message.flags:
            wanted = {place for one in ids for place in PLACES.findall(one)}
            for string in strings:
                assert set(PLACES.findall(string)) <= wanted | {"num"}, message.id
            assert set(PLACES.findall(strings[-1])) >= wanted - {"num"}, message.id


def test_every_language_has_a_catalogue_and_every_catalogue_a_language():
    folders = {path.name for path in translate.FOLDER.iterdir() if path.is_dir()}
    assert folders == set(LANGUAGES) - {"en"}


@pytest.fixture
def app():
    app = Flask(__name__)
    set_up_language(app)
    return app


@pytest.mark.parametrize(
    ("wished", "language", "words"),
    [
        ("de", "de", "Nicht gefunden"),
        ("de-CH, en;q=0.5", "de", "Nicht gefunden"),
        ("fr, de;q=0.3", "de", "Nicht gefunden"),
        ("fr", "en", "Not found"),
        ("", "en", "Not found"),
        ("\x00;q=x", "en", "Not found"),
    ],
)
def test_the_browser_says_the_language(app, wished, language, words):
    with app.test_request_context(headers={"Accept-Language": wished}):
        shown = render_template_string("{{ current_language() }} {{ _('Not found') }}")
        assert shown == f"{language} {words}"
        assert gettext("Not found") == words


def test_one_and_many_are_said_apart(app):
    with app.test_request_context(headers={"Accept-Language": "de"}):
        said = [ngettext("%(num)s day", "%(num)s days", count) for count in (1, 2)]
    assert said == ["1 Tag", "2 Tage"]


def test_a_value_in_a_message_is_escaped_and_a_sentence_has_no_places(app):
    with app.test_request_context():
        assert render_template_string("{{ _('%(x)s!', x='<b>') }}") == "&lt;b&gt;!"
        shown = render_template_string("{{ s | known_sentence }}", s="100% <b> %(x)s")
        assert shown == "100% &lt;b&gt; %(x)s"
        assert gettext("100%%") == "100%"
