"""Keeps the desk's catalogues: `python tests/translate.py` after a change of its words.

It collects the messages of the templates and of the code, brings every catalogue up to date, keeps
the translations there are, compiles, and lists what is still to be translated.
"""

from __future__ import annotations

import ast
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from model.reasons import REASON_SENTENCES
from service.desk.language import DOMAIN, FOLDER, LANGUAGES, SOURCE_LANGUAGE
from service.errors import PROBLEMS
from service.store.accounts import ROLES

ROOT = Path(__file__).parents[1]
DESK = ROOT / "service" / "desk"
TRANSLATED = sorted(set(LANGUAGES) - {SOURCE_LANGUAGE})
# A catalogue that says nothing new is the same file.
_LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
_METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]


def messages() -> Catalog:
    """Collect every message of the desk, with the file that it stands in."""
    found = Catalog(fuzzy=False)
    for file, _line, message, comments, context in extract_from_dir(DESK, _METHODS):
        found.add(
            message,
            locations=[(f"service/desk/{file}", 0)],
            auto_comments=comments,
            context=context,
        )
    for place, sentence in _sentences_from_elsewhere():
        found.add(sentence, locations=[(place, 0)])
        # But for the messages of errors, a percent sign in them is no place for a value.
        if "%(" not in sentence:
            found[sentence].flags.discard("python-format")
    return found


def _sentences_from_elsewhere() -> Iterator[tuple[str, str]]:
    for sentence in REASON_SENTENCES.values():
        yield "model/reasons.py", sentence
    for role in ROLES:
        yield "service/store/accounts.py", role
    for problem in PROBLEMS.values():
        yield "service/errors.py", problem.title
    service = ROOT / "service"
    for file in (ROOT / "model" / "url.py", *sorted(service.rglob("*.py"))):
        if service / "api" in file.parents:
            continue
        for sentence in _told(file):
            yield str(file.relative_to(ROOT)), sentence


def _told(file: Path) -> Iterator[str]:
    """Give what callers are told by the errors of a file."""
    tree = ast.parse(file.read_text())
    named = {
        node.targets[0].id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    raised = {error.__name__ for error in PROBLEMS}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in raised and node.args:
            said = node.args[0]
            if isinstance(said, ast.Name):
                said = named.get(said.id, said)
            if isinstance(said, ast.Constant):
                yield str(said.value)


def po_file(language: str) -> Path:
    """Say where a language's translations are written by people."""
    return FOLDER / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def written(language: str) -> Catalog:
    """Read a language's translations; none where nobody has begun."""
    path = po_file(language)
    if not path.exists():
        return Catalog(locale=language, fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def updated(language: str) -> Catalog:
    """Bring a language's catalogue to the messages there are, keeping no others."""
    known = {message.id: message.string for message in written(language)}
    catalog = Catalog(
        language,
        project="baitwatch",
        version="0",
        header_comment=f"# The desk in {language}; tests/translate.py keeps it up to date.",
        copyright_holder="the baitwatch authors",
        creation_date=_LONG_AGO,
        revision_date=_LONG_AGO,
        last_translator="the baitwatch authors",
        language_team="none",
        fuzzy=False,
    )
    for message in messages():
        if message.id:
            flags, places = message.flags, message.locations
            catalog.add(message.id, known.get(message.id, ""), locations=places, flags=flags)
    return catalog


def compiled(catalog: Catalog) -> bytes:
    """Compile a catalogue to what gettext reads."""
    out = io.BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def untranslated(catalog: Catalog) -> list[str]:
    """List the messages without a translation in every form."""
    return [
        str(message.id)
        for message in catalog
        if message.id
        and not all(message.string if isinstance(message.string, tuple) else [message.string])
    ]


def main() -> None:
    """Update and compile every catalogue."""
    for language in TRANSLATED:
        catalog = updated(language)
        path = po_file(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, catalog, width=100, sort_output=True, include_lineno=False)
        path.with_suffix(".mo").write_bytes(compiled(catalog))
        print(f"{language}: {len(catalog)} messages")  # noqa: T201
        for message in untranslated(catalog):
            print(f"  to do: {message}")  # noqa: T201


if __name__ == "__main__":
    main()
