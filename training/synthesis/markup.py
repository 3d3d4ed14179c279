"""Pieces and site furniture as markup, in the manners of many sites."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from random import Random

from training.synthesis.destinations import cited_address, own_address, slug
from training.synthesis.evasion import ENTITY, SPLIT, reader_sees
from training.synthesis.language import Place
from training.synthesis.plan import Piece
from training.synthesis.sheet import Run, Sheet
from training.synthesis.voices import words_of

# What is marked may be an entity already, which escaping made of it.
_ENTITY_MARK = re.compile(f"{ENTITY}(?:(&#?\\w+;)|(.))", re.DOTALL)
_SPLITS = ("<span></span>", "<!-- -->", "</b><b>", "<wbr>", "</span><span>", "<i></i>")
_BUTTON_CLASSES = (
    "btn", "btn btn-primary", "button", "wp-block-button__link", "cta", "download-btn", "bttn big",
    "elementor-button", "more-link", "MuiButton-root", "play", "sc-1a2b3c",
)  # fmt: skip
_SHARERS = (
    "https://www.facebook.com/sharer/sharer.php?u=", "https://twitter.com/intent/tweet?url=",
    "https://wa.me/?text=", "https://pinterest.com/pin/create/button/?url=", "mailto:?body=",
    "https://www.linkedin.com/shareArticle?url=", "https://t.me/share/url?url=",
)  # fmt: skip

# The parts that are set the same way everywhere.
_SET: Mapping[str, str] = {
    "heading": "<h3>{}</h3>",
    "quote": "<p>“{}”</p>",
    "note": "<p><small><em>{}</em></small></p>",
}


@dataclass(frozen=True, slots=True)
class Manner:
    """How one site writes its links and buttons; shared by twins."""

    button_class: str
    split: str
    tag: str
    target: str
    picture: str


def draw_manner(rng: Random) -> Manner:
    """Draw a site's manner."""
    return Manner(
        button_class=rng.choice(_BUTTON_CLASSES),
        split=rng.choice(_SPLITS),
        tag=rng.choice(("p", "div", "p", "center", "section")),
        target=rng.choice(("", "", ' target="_blank"', ' target="_blank" rel="nofollow noopener"')),
        picture=rng.choice(("/img/{}.jpg", "/wp-content/uploads/2025/04/{}.png", "images/{}.webp",
                            "https://i.imgur.com/{}.png", "https://cdn.{}.net/poster.jpg")),
    )  # fmt: skip


def words(text: str, manner: Manner) -> str:
    """Escape text for markup and write its private marks as this site would."""
    safe = escape(text, quote=True)
    if ENTITY in safe:
        safe = _ENTITY_MARK.sub(lambda m: m[1] or f"&#{ord(m[2])};", safe)
    if SPLIT not in safe:
        return safe
    split = safe.replace(SPLIT, manner.split)
    opened = {"</b><b>": "b", "</span><span>": "span"}.get(manner.split)
    return f"<{opened}>{split}</{opened}>" if opened else split


def plain(text: str) -> str:
    """Escape text for an attribute, without the marks that attributes cannot hold."""
    return escape(text.replace(SPLIT, "").replace(ENTITY, ""), quote=True)


def piece_html(piece: Piece, sheet: Sheet, manner: Manner) -> str:
    """Write one part of a passage in the form that the plan asks for."""
    said = _spans_html(piece, manner) if piece.spans else words(piece.text, manner)
    if piece.role in _SET:
        return _SET[piece.role].format(said)
    if piece.role == "field":
        return f'<input type="text" name="u" placeholder="{plain(piece.text)}">'
    if piece.role == "image":
        return _image(piece, sheet, manner)
    if piece.role in ("button", "row", "redirect"):
        return _button(piece, said, sheet, manner)
    if piece.href is not None:
        said = f'<a href="{plain(piece.href)}"{manner.target}>{said}</a>'
    return f"<{manner.tag}>{said}</{manner.tag}>"


def _spans_html(piece: Piece, manner: Manner) -> str:
    return "".join(
        words(span.words, manner)
        if span.href is None
        else f'<a href="{plain(span.href)}"{manner.target}>{words(span.words, manner)}</a>'
        for span in piece.spans
    )


def _image(piece: Piece, sheet: Sheet, manner: Manner) -> str:
    name = slug(reader_sees(piece.text), sheet.rng("picture"))
    picture = f'<img src="{manner.picture.format(name)}" alt="{plain(piece.text)}">'
    if piece.href is None:
        return f"<figure>{picture}<figcaption>{words(piece.text, manner)}</figcaption></figure>"
    return f'<a href="{plain(piece.href)}"{manner.target}>{picture}</a>'


def _button(piece: Piece, said: str, sheet: Sheet, manner: Manner) -> str:
    if piece.href is None:
        return f'<button class="{manner.button_class}">{said}</button>'
    href = plain(piece.href)
    form = sheet.plan.link
    if form == "onclick":
        return (
            f'<button class="{manner.button_class}" onclick="location.href=&#x27;{href}&#x27;">'
            f"{said}</button>"
        )
    if form == "data":
        return f'<div role="button" class="{manner.button_class}" data-href="{href}">{said}</div>'
    if form == "form":
        return f'<form action="{href}" method="get"><button type="submit">{said}</button></form>'
    return f'<a class="{manner.button_class}" href="{href}"{manner.target}>{said}</a>'


def paragraph_html(text: str, sheet: Sheet) -> str:
    """Write a paragraph, now and then as a quotation or with a link on some of its words.

    The paragraph itself starts the chances, so that twins write it alike wherever it stands.
    """
    rng = sheet.rng(text[:32])
    roll = rng.random()
    if roll > 0.15:
        return f"<p>{escape(text)}</p>"
    if roll > 0.12:
        return f"<blockquote>{escape(text)}</blockquote>"
    said = text.split(" ")
    start = rng.randrange(len(said))
    end = min(len(said), start + rng.randint(1, 4))
    cited = escape(cited_address(rng, sheet.lang.code))
    link = f'<a href="{cited}">{escape(" ".join(said[start:end]))}</a>'
    before, after = escape(" ".join(said[:start])), escape(" ".join(said[end:]))
    return f"<p>{' '.join(part for part in (before, link, after) if part)}</p>"


def flow_html(flow: Iterable[str | Piece | Run], sheet: Sheet, manner: Manner) -> str:
    """Write paragraphs, pieces and runs of sentences in order."""
    return "\n".join(_part_html(part, sheet, manner) for part in flow)


def _part_html(part: str | Piece | Run, sheet: Sheet, manner: Manner) -> str:
    if isinstance(part, str):
        return paragraph_html(part, sheet)
    if isinstance(part, Piece):
        return piece_html(part, sheet, manner)
    said = (escape(p) if isinstance(p, str) else _sentence_html(p, sheet, manner) for p in part)
    return f"<p>{' '.join(said)}</p>"


def _sentence_html(piece: Piece, sheet: Sheet, manner: Manner) -> str:
    """Write a sentence within a paragraph; its link may stand on its last words only."""
    if piece.spans:
        return _spans_html(piece, manner)
    if piece.href is None:
        return words(piece.text, manner)
    said = piece.text.split(" ")
    start = max(0, len(said) - sheet.rng("anchor").choice((1, 2, 3, 4, 99)))
    before, linked = " ".join(said[:start]), " ".join(said[start:])
    link = f'<a href="{plain(piece.href)}"{manner.target}>{words(linked, manner)}</a>'
    return f"{words(before, manner)} {link}" if before else link


def link_list(slots: Iterable[str], sheet: Sheet, rng: Random, tag: str = "li") -> str:
    """Write furniture labels as links to the page's own site."""
    links = (
        f'<{tag}><a href="{escape(own_address(rng, sheet.scene.site))}">'
        f"{escape(sheet.lang.ui(slot, rng))}</a></{tag}>"
        for slot in slots
    )
    return "".join(links)


def share_links(sheet: Sheet, rng: Random) -> str:
    """Write a block of sharing buttons."""
    page = sheet.scene.site.url or f"https://{sheet.scene.site.host}/"
    return "".join(
        f'<a class="share" href="{escape(sharer + page)}">'
        f"{escape(sheet.lang.ui('share', rng))}</a> "
        for sharer in rng.sample(_SHARERS, rng.randint(2, 4))
    )


def hidden_html(sheet: Sheet) -> str:
    """Write what the reader does not see: a site's closed dialogs and menus, hidden padding."""
    return _closed_html(sheet) + _padding_html(sheet)


def _closed_html(sheet: Sheet) -> str:
    """Write what a page of any purpose keeps closed until it is asked for."""
    rng = sheet.rng("closed")
    if rng.random() > 0.35:
        return ""
    site = sheet.scene.site
    names = words_of(rng, sheet.scene, Place(site.name, site.host))
    said = escape(sheet.lang.grammar.expand("honest.site_call", rng, names))
    labels = link_list(("home", "about", "contact", "newsletter"), sheet, rng)
    button = f"<button>{escape(sheet.lang.ui('more', rng))}</button>"
    return rng.choice((
        f'<div id="cookies" class="dialog" style="display:none"><p>{said}</p>{button}</div>',
        f'<ul class="submenu" style="display:none">{labels}</ul>',
        f'<div class="modal" hidden><form action="/search">{button}</form><p>{said}</p></div>',
        f'<a class="sr-only" style="position:absolute;left:-9999px" href="#content">{said}</a>',
        f"<noscript><p>{said}</p></noscript>",
        f"<template><section>{said}<ul>{labels}</ul></section></template>",
        f'<aside aria-hidden="true" style="visibility:hidden">{labels}</aside>',
    ))  # fmt: skip


def _padding_html(sheet: Sheet) -> str:
    if not sheet.hidden:
        return ""
    opening = sheet.rng("hidden").choice((
        '<div style="display:none">', '<div style="color:#fff;background:#fff;font-size:1px">',
        '<div hidden>', '<div style="position:absolute;left:-9999px">', '<div aria-hidden="true" '
        'style="height:0;overflow:hidden">', '<div style="font-size:0">', '<div style="opacity:0">',
    ))  # fmt: skip
    return f"{opening}{escape(sheet.hidden)}</div>"


def head_html(sheet: Sheet, *, extra: str = "", css: str = "") -> str:
    """Write the document's opening up to its body."""
    rng = sheet.rng("head")
    direction = ' dir="rtl"' if sheet.lang.code == "ar" else ""
    lang = f' lang="{sheet.lang.code}"' if rng.random() < 0.8 else ""
    title = plain(sheet.headline)
    site = escape(sheet.scene.site.name)
    tail = rng.choice(("", f" - {site}", f" | {site}", f" – {site}"))
    metas = rng.choice((
        "", f'<meta name="description" content="{title}">',
        f'<meta property="og:title" content="{title}"><meta property="og:type" content="article">',
    ))  # fmt: skip
    style = f"<style>{css}</style>" if css else ""
    return (
        f'<!DOCTYPE html>\n<html{lang}{direction}>\n<head><meta charset="utf-8">'
        f"<title>{title}{tail}</title>{metas}{extra}{style}</head>\n"
    )
