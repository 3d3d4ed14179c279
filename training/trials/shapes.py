"""The shapes of a trial page: plain text in three styles, and markup of five common kinds.

A shape is given the blocks of a page, an article's paragraphs and perhaps an ending among them, and
lays them all in its own way, so that the pages of a triple differ in the ending alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from training.endings import Ending, EndingLink, Piece, linked_lines

Block = str | Ending  # a paragraph, or an ending


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a page is made of. ``site`` has the frame's words, ``host`` names the page's site."""

    title: str
    blocks: tuple[Block, ...]
    lang: str
    host: str
    site: Mapping[str, str]


def _as_markdown(words: str, link: EndingLink) -> str:
    if link.picture:
        return f"[![{words}](/media/picture.jpg)]({link.href})"
    return f"[{words}]({link.href})"


def _as_address(words: str, link: EndingLink) -> str:
    """Write the address behind the words, once where the words are the address already.

    A space ends it: in languages that put none between words the next one would join the address.
    """
    if not link.href.startswith("http"):
        return words
    if words and link.href.endswith(words):
        return f"{link.href} "
    return f"{words} {link.href} ".lstrip()


def _as_read(words: str, link: EndingLink) -> str:
    return f"[{words}]" if link.picture and words else words


TEXT_STYLES: dict[str, Callable[[str, EndingLink], str]] = {
    "markdown": _as_markdown,
    "addresses": _as_address,
    "words": _as_read,
}


def text_page(sheet: Sheet, style: str) -> str:
    """Write a sheet as plain text in one of the ``TEXT_STYLES``."""
    blocks = [
        block if isinstance(block, str) else _text_ending(block, TEXT_STYLES[style])
        for block in sheet.blocks
    ]
    return "\n\n".join([sheet.title, *blocks])


def _text_ending(ending: Ending, linked: Callable[[str, EndingLink], str]) -> str:
    lines = (
        "".join(words if link is None else linked(words, link) for words, link in line)
        for line in linked_lines(ending)
    )
    return "\n".join(line.rstrip() for line in lines if line)


def _linked(pieces: Sequence[Piece]) -> str:
    return "".join(
        escape(words, quote=False) if link is None else _anchor(words, link)
        for words, link in pieces
    )


def _anchor(words: str, link: EndingLink) -> str:
    shown = escape(words, quote=False)
    if link.picture:
        shown = f'<img src="/media/picture.jpg" alt="{escape(words)}" width="640" height="360">'
    return f'<a href="{escape(link.href)}">{shown}</a>'


def _lines(block: Block) -> list[str]:
    if isinstance(block, str):
        return [escape(block, quote=False)]
    return [_linked(pieces) for pieces in linked_lines(block)]


def _each_line(sheet: Sheet, tag: str) -> str:
    return "\n".join(f"<{tag}>{line}</{tag}>" for block in sheet.blocks for line in _lines(block))


def _each_block(sheet: Sheet, tag: str) -> str:
    return "\n".join(f"<{tag}>{'<br>'.join(_lines(block))}</{tag}>" for block in sheet.blocks)


def _head(sheet: Sheet) -> str:
    return (
        f'<!doctype html>\n<html lang="{sheet.lang}">\n<head><meta charset="utf-8">'
        f"<title>{escape(sheet.title, quote=False)}</title></head>\n"
    )


def _blog(sheet: Sheet) -> str:
    site = sheet.site
    return (
        f'{_head(sheet)}<body>\n<header><a href="/">{sheet.host}</a><nav><a href="/">{site["home"]}'
        f'</a> <a href="/about">{site["about"]}</a></nav></header>\n<main><article>\n'
        f"<h1>{escape(sheet.title, quote=False)}</h1>\n<time>2025-10-14</time>\n"
        f"{_each_line(sheet, 'p')}\n</article>\n<section><h2>{site['reply']}</h2>"
        f'<form action="/reply" method="post"><textarea name="words"></textarea></form></section>\n'
        f'</main>\n<footer>© 2025 {sheet.host} · <a href="/archive">{site["archive"]}</a></footer>'
        "\n</body></html>"
    )


def _forum(sheet: Sheet) -> str:
    words = "<br><br>\n".join("<br>\n".join(_lines(block)) for block in sheet.blocks)
    return (
        f'{_head(sheet)}<body>\n<div class="crumbs"><a href="/">{sheet.site["home"]}</a> &rsaquo; '
        f'<a href="/c/3">{sheet.site["archive"]}</a></div>\n<h2>{escape(sheet.title, quote=False)}'
        f'</h2>\n<div class="post" id="p1"><div class="who"><a href="/u/marten">marten</a> #1</div>'
        f'\n<div class="said">{words}</div></div>\n<div class="post" id="p2"><div class="who">'
        '<a href="/u/olga_b">olga_b</a> #2</div><div class="said">👍</div></div>\n'
        f'<a href="/reply/771">{sheet.site["reply"]}</a>\n</body></html>'
    )


def _news(sheet: Sheet) -> str:
    site = sheet.site
    more = "".join(f'<li><a href="/n/{number}">{number}/2025</a></li>' for number in (412, 409))
    return (
        f'{_head(sheet)}<body>\n<nav><ul><li><a href="/">{site["home"]}</a></li><li>'
        f'<a href="/archive">{site["archive"]}</a></li></ul></nav>\n<main>\n'
        f'<h1>{escape(sheet.title, quote=False)}</h1>\n<p class="by">{sheet.host}, 14.10.2025</p>\n'
        f'<div class="story">{_each_block(sheet, "p")}</div>\n</main>\n'
        f"<aside><h3>{site['more']}</h3><ul>{more}</ul></aside>\n"
        f'<footer><a href="/about">{site["about"]}</a></footer>\n</body></html>'
    )


def _portal(sheet: Sheet) -> str:
    return (
        f'{_head(sheet)}<body class="single"><div id="page"><div class="site-title">'
        f'<a href="/" rel="home">{sheet.host}</a></div>\n<div class="entry">'
        f'<h1 class="entry-title">{escape(sheet.title, quote=False)}</h1>'
        f'<div class="entry-content">\n{_each_line(sheet, "div")}\n</div></div>\n'
        f'<div class="sidebar"><a href="/archive/2025/10">{sheet.site["archive"]}</a></div>'
        f'<div class="nav-links"><a href="/?p=86" rel="prev">←</a> <a href="/?p=88">→</a></div>'
        "</div></body></html>"
    )


def _old(sheet: Sheet) -> str:
    return (
        f"<html><head><title>{escape(sheet.title, quote=False)}</title></head>\n"
        f'<body bgcolor="#ffffff"><table width="760" align="center"><tr><td><font size="5"><b>'
        f"{escape(sheet.title, quote=False)}</b></font></td></tr>\n<tr><td>"
        f'{_each_block(sheet, "p")}</td></tr>\n<tr><td align="center"><a href="index.html">'
        f"{sheet.site['home']}</a></td></tr></table></body></html>"
    )


HTML_SHAPES: dict[str, Callable[[Sheet], str]] = {
    "blog": _blog,
    "forum": _forum,
    "news": _news,
    "portal": _portal,
    "old": _old,
}
