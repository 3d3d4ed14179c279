"""The language of the desk: English in the source, others from gettext catalogues.

``gettext`` and ``ngettext`` are for code, ``_`` for templates. Both take named values, as in
``gettext("%(count)s pages", count=3)``; a percent sign in a message is written twice.
"""

from __future__ import annotations

from functools import cache
from gettext import NullTranslations, translation
from pathlib import Path

from flask import Flask, g, has_request_context, request

from service.errors import ServiceError

# What a page says: words, or an error whose words they are.
Said = str | Exception
SOURCE_LANGUAGE = "en"
# By the name that each has in itself: who cannot read the page finds theirs.
LANGUAGES = {SOURCE_LANGUAGE: "English", "de": "Deutsch"}
FOLDER = Path(__file__).parent / "translations"
DOMAIN = "desk"


def set_up_language(app: Flask) -> None:
    """Give the templates ``_``, ``ngettext`` and the language they are shown in."""
    environment = app.jinja_env
    environment.add_extension("jinja2.ext.i18n")
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        lambda message: catalogue(current_language()).gettext(message),
        lambda one, many, count: catalogue(current_language()).ngettext(one, many, count),
        newstyle=True,
    )
    environment.globals["current_language"] = current_language
    environment.filters["known_sentence"] = known_sentence


def current_language() -> str:
    """Return the language of this request: the account's choice, else the browser's wish.

    The account counts once a view has asked who is signed in: a page that says that the database
    is away cannot.
    """
    if not has_request_context():
        return SOURCE_LANGUAGE
    chosen: str = g.get("language", "")
    # By the language alone: who asks for Swiss German before English is served German.
    wished = (name.partition("-")[0].lower() for name in request.accept_languages.values())
    return next((name for name in (chosen, *wished) if name in LANGUAGES), SOURCE_LANGUAGE)


@cache
def catalogue(language: str) -> NullTranslations:
    """Return the messages of a language; those of the source language say what they are."""
    if language == SOURCE_LANGUAGE:
        return NullTranslations()
    return translation(DOMAIN, FOLDER, [language])


def gettext(message: str, **values: object) -> str:
    """Say a message in the language of this request."""
    return catalogue(current_language()).gettext(message) % values


def ngettext(one: str, many: str, count: int, **values: object) -> str:
    """Say a message about ``count`` things, which it may name as ``%(num)s``."""
    return catalogue(current_language()).ngettext(one, many, count) % {"num": count, **values}


def known_sentence(said: Said) -> str:
    """Translate a sentence that comes from elsewhere, such as a reason's, where it is known.

    Nothing in it is a place for a value, but in the message of an error that has values: it comes
    out as text, for the page to escape.
    """
    if isinstance(said, ServiceError) and said.values:
        return gettext(said.message, **said.values)
    sentence = str(said)
    return catalogue(current_language()).gettext(sentence) if sentence else ""
