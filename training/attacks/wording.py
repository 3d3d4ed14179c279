"""Attacks on what stands between words and letters: blanks, lines, elements, entities."""

from __future__ import annotations

import re
from random import Random

from bs4.dammit import EntitySubstitution
from bs4.formatter import HTMLFormatter

from model.page import Page
from training.attacks.letters import clusters, in_words
from training.attacks.pages import (
    is_markup,
    mark,
    rewrite,
    rewrite_as_markup,
    seen_strings,
    soup_of,
    source_of,
    with_source,
    written,
)

_EMOJI = "🔥✨⚡🎉💥🍿📣💎🚀⭐🟢🔻"
_NO_BLANKS = re.compile(r"(?<=[\u3040-\u9fff]{2})(?=[\u3040-\u9fff]{2})")
_BLANK = re.compile(r"(?<=\w) (?=\w)")


def emoji_between_words(page: Page, rng: Random) -> Page | None:
    """Put pictures in place of blanks."""

    def rewriting(text: str, rng: Random) -> str:
        joint = _NO_BLANKS if _NO_BLANKS.search(text) else _BLANK
        return joint.sub(lambda found: rng.choice(_EMOJI) if rng.random() < 0.6 else found[0], text)

    return rewrite(page, rewriting, rng)


def joined_words(page: Page, rng: Random) -> Page | None:
    """Write calls to act as one word: with marks for blanks, or with a capital for each word."""

    def rewriting(text: str, rng: Random) -> str:
        if len(text) > 90 or not _BLANK.search(text):
            return text
        joint = rng.choice(("_", "-", ".", "+", "__", "", ""))
        if joint or not text.isascii():
            return _BLANK.sub(joint or "_", text)
        return _BLANK.sub("", re.sub(r"\b[a-z]", lambda found: found[0].upper(), text))

    return rewrite(page, rewriting, rng)


_SPLITS = (
    ("<b>", "</b>"), ('<span class="k1">', "</span>"), ("<font>", "</font>"), ("<u>", "</u>"),
    ("<em>", "</em>"), ('<span style="letter-spacing:0">', "</span>"),
)  # fmt: skip


def split_words(page: Page, rng: Random) -> Page | None:
    """Put elements round pieces of words, and possible breaks and comments into them."""
    opening, closing = rng.choice(_SPLITS)
    pieces = (opening, closing, rng.choice(("<wbr>", "<!--x-->", "<i></i>", "<wbr/>")))

    def word(text: str, rng: Random) -> str:
        signs = clusters(text)
        cuts = sorted(rng.sample(range(1, len(signs)), min(2, len(signs) - 1)))
        first, rest = "".join(signs[: cuts[0]]), signs[cuts[0] :]
        inner = "".join(rest[: cuts[-1] - cuts[0]])
        outer = "".join(rest[cuts[-1] - cuts[0] :])
        return f"{mark(0)}{first}{mark(1)}{inner}{mark(2)}{outer}"

    def splittable(text: str, rng: Random) -> str:
        return word(text, rng) if len(clusters(text)) > 1 else text

    return rewrite_as_markup(page, in_words(splittable, 0.8, 2), pieces, rng)


_HIDERS = (
    '<span style="display:none">{}</span>', '<span style="font-size:0">{}</span>',
    '<i hidden>{}</i>', '<span style="position:absolute;left:-4000px">{}</span>',
    '<span style="visibility:hidden;font-size:0px">{}</span>',
)  # fmt: skip


def hidden_letters(page: Page, rng: Random) -> Page | None:
    """Put letters that are not shown into words."""
    hider = rng.choice(_HIDERS)
    pieces = tuple(hider.format(junk) for junk in ("xq", "oz", "vu", "k", "ley", "a"))

    def word(text: str, rng: Random) -> str:
        signs = clusters(text)
        return mark(rng.randrange(len(pieces))).join(
            ("".join(signs[: len(signs) // 2]), "".join(signs[len(signs) // 2 :]))
        )

    return rewrite_as_markup(page, in_words(word, 0.7), pieces, rng)


def entities(page: Page, rng: Random) -> Page | None:
    """Write letters as numeric references, decimal or not, padded or not."""
    if not is_markup(page):
        return None

    def substituted(text: str) -> str:
        return "".join(
            _reference(c, rng) if c.isalpha() and rng.random() < 0.85
            else EntitySubstitution.substitute_xml(c)
            for c in text
        )  # fmt: skip

    soup = soup_of(page)
    if not any(True for _ in seen_strings(soup)):
        return None
    formatter = HTMLFormatter(entity_substitution=substituted)
    return with_source(page, written(soup, formatter))


def _reference(character: str, rng: Random) -> str:
    form = rng.choice(("&#{};", "&#x{:x};", "&#X{:X};", "&#0{};", "&#x00{:x};"))
    return form.format(ord(character))


def split_calls(page: Page, rng: Random) -> Page | None:
    """Break calls to act into lines of a word or two."""

    def rewriting(text: str, rng: Random) -> str:
        words = text.split(" ")
        if len(text) > 110 or len(words) < 2:
            return text
        return "".join(
            word + ("" if n + 1 == len(words) else mark(0) if rng.random() < 0.7 else " ")
            for n, word in enumerate(words)
        )

    if is_markup(page):
        piece = rng.choice(("<br>", "<br/><br/>", "<div></div>", "<p></p>", '<hr class="s">'))
        return rewrite_as_markup(page, rewriting, (piece,), rng)
    found = rewrite(page, rewriting, rng)
    return found and with_source(found, source_of(found).replace(mark(0), "\n"))


def blank_padding(page: Page, rng: Random) -> Page | None:
    """Push half of the page down with dots, blanks and lines."""
    filler = rng.choice((".", "\u00a0", "\u3164", "·", "—", "\u2800", ". . .", "\u200b", "*"))
    count = rng.randint(40, 90)
    if not is_markup(page):
        lines = source_of(page).split("\n")
        half = len(lines) // 2
        return with_source(page, "\n".join([*lines[:half], *[filler] * count, *lines[half:]]))
    soup = soup_of(page)
    nodes = [node for node in seen_strings(soup) if not node.find_parent(["title", "a"])]
    if not nodes:
        return None
    padding = soup.new_tag("div")
    for _ in range(count):
        line = soup.new_tag("p")
        line.string = filler
        padding.append(line)
    nodes[len(nodes) // 2].insert_before(padding)
    return with_source(page, written(soup))
