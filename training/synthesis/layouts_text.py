"""Layouts without markup: what a reader sees of a page, Markdown, comments, messages."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from training.synthesis.destinations import shown
from training.synthesis.plan import Piece, Span
from training.synthesis.sheet import Run, Sheet, flow_of

_BADGES = ("version", "downloads", "license", "platform", "status", "build", "stars", "updated")
_SET: Mapping[str, str] = {"note": "> {}", "quote": "> “{}”", "step": "- {}"}
_COLOURS = ("blue", "brightgreen", "8B5CF6", "FF3B3B", "orange", "informational")


def seen_article(sheet: Sheet) -> str:
    """An article as it is copied out of a page: headline, paragraphs, passage."""
    gap = sheet.rng("layout").choice(("\n\n", "\n\n", "\n"))
    return gap.join([sheet.headline, *spoken_flow(sheet)])


def seen_page(sheet: Sheet) -> str:
    """A whole page as its reader sees it: menus, headline, text, sharing and footer lines."""
    rng = sheet.rng("layout")
    ui = sheet.lang.ui
    menu = [ui(slot, rng) for slot in ("home", "about", "contact", "search")]
    foot = [ui(slot, rng) for slot in ("share", "comments", "related", "newsletter", "privacy")]
    site = sheet.scene.site.name
    gap = rng.choice(("\n", "\n\n"))
    return gap.join([
        site, *menu[: rng.randint(1, 4)], sheet.headline, *spoken_flow(sheet),
        *foot[: rng.randint(0, 5)], f"© {sheet.scene.year} {site}",
    ])  # fmt: skip


def offer_text(sheet: Sheet) -> str:
    """An offer page or a tool as its reader sees it, line by line."""
    rng = sheet.rng("layout")
    steps = [p for p in sheet.pieces if p.role == "step"]
    lines = [sheet.headline]
    for piece in sheet.pieces:
        mark = f"{steps.index(piece) + 1}. " if piece in steps else ""
        lines.append(mark + spoken(piece, sheet))
    lines += sheet.paragraphs
    lines += [sheet.lang.ui("device", rng) for _ in range(rng.choice((0, 0, 3)))]
    lines += [sheet.lang.ui(slot, rng) for slot in ("privacy", "contact")[: rng.randint(0, 2)]]
    return "\n".join(lines)


def readme(sheet: Sheet) -> str:
    """A project's readme in Markdown, with badges and keywords."""
    rng = sheet.rng("layout")
    badges = " ".join(_badge(rng, sheet) for _ in range(rng.randint(0, 4)))
    heading = rng.choice(("## ", "### ", "**"))
    lines = [f"# {sheet.headline}", badges]
    for n, part in enumerate(flow_of(sheet)):
        if n and isinstance(part, str) and rng.random() < 0.15:
            lines.append(f"## {sheet.lang.ui('about', rng)}")
        lines.append(_markdown_part(part, sheet, heading))
    if rng.random() < 0.4:
        lines.append(f"<!-- {sheet.scene.subject}, {sheet.scene.app}, {sheet.scene.year} -->")
    return "\n\n".join(line for line in lines if line)


def notes(sheet: Sheet) -> str:
    """A post as people type it into a box: rules of signs, short lines, tags at the end."""
    rng = sheet.rng("layout")
    rule = rng.choice(("----", "====", "***", "", "~~~~~~"))
    lines = [sheet.headline, rule, *spoken_flow(sheet), rule]
    words = f"{sheet.scene.subject} {sheet.scene.app} {sheet.scene.teams[0]}".split()
    if rng.random() < 0.4:
        lines.append(" ".join(f"#{word}" for word in words))
    return "\n".join(line for line in lines if line)


def comment(sheet: Sheet) -> str:
    """A comment, an issue or a short post: the passage and at most a sentence or two of prose."""
    rng = sheet.rng("layout")
    prose = [" ".join(p.split()[:30]) for p in sheet.paragraphs]
    said = [spoken(piece, sheet) for piece in sheet.pieces]
    lines = [*prose, *said] if rng.random() < 0.6 else [*said, *prose]
    return rng.choice((" ", "\n", "\n\n")).join(lines)


def letter(sheet: Sheet) -> str:
    """An e-mail's text: greeting, passage, greeting."""
    rng = sheet.rng("layout")
    ui = sheet.lang.ui
    return "\n\n".join([
        ui("hello", rng), *sheet.paragraphs, *(spoken(piece, sheet) for piece in sheet.pieces),
        f"{ui('bye', rng)}\n{sheet.scene.site.name}",
    ])  # fmt: skip


def message(sheet: Sheet) -> str:
    """A short message in one line."""
    opening = f"{sheet.scene.site.name}: " if sheet.rng("layout").random() < 0.5 else ""
    return opening + " ".join([*sheet.paragraphs, *(spoken(p, sheet) for p in sheet.pieces)])


def spoken_flow(sheet: Sheet) -> list[str]:
    """Give the article with its passage as lines of plain text."""
    return [_spoken_part(part, sheet) for part in flow_of(sheet)]


def _spoken_part(part: str | Piece | Run, sheet: Sheet) -> str:
    if isinstance(part, tuple):
        return " ".join(_spoken_part(inner, sheet) for inner in part)
    return part if isinstance(part, str) else spoken(part, sheet)


def _markdown_part(part: str | Piece | Run, sheet: Sheet, heading: str) -> str:
    if isinstance(part, tuple):
        return " ".join(
            p
            if isinstance(p, str)
            else _markdown(p, sheet, heading)
            if p.href or p.spans
            else p.text
            for p in part
        )
    return part if isinstance(part, str) else _markdown(part, sheet, heading)


def spoken(piece: Piece, sheet: Sheet) -> str:
    """A part in plain text; its address stands beside it where it has one to show."""
    if piece.role == "quote":
        return f"“{piece.text}”"
    if piece.spans:
        return "".join(_spoken_span(span, sheet) for span in piece.spans)
    if piece.href is None or piece.role == "address":
        return piece.text
    glue = sheet.rng("glue").choice((" ", ": ", " – ", "\n", " → "))
    return f"{piece.text}{glue}{shown(piece.href, sheet.scene.site)}"


def _spoken_span(span: Span, sheet: Sheet) -> str:
    """Write linked words with their address behind them, once where they are the address."""
    if span.href is None:
        return span.words
    address = shown(span.href, sheet.scene.site)
    return address if span.words == address else f"{span.words} ({address})"


def _markdown(piece: Piece, sheet: Sheet, heading: str) -> str:
    text = piece.text
    if piece.spans:
        return "".join(_markdown_span(span, sheet) for span in piece.spans)
    if piece.role == "heading":
        return f"**{text}**" if heading == "**" else heading + text
    if piece.role in _SET:
        return _SET[piece.role].format(text)
    if piece.href is None or piece.role == "address":
        return text
    address = shown(piece.href, sheet.scene.site)
    if piece.role == "image":
        return f"[![{text}](https://img.shields.io/badge/{piece.role}-blue)]({address})"
    return f"[{text}]({address})"


def _markdown_span(span: Span, sheet: Sheet) -> str:
    return (
        span.words if span.href is None else f"[{span.words}]({shown(span.href, sheet.scene.site)})"
    )


def _badge(rng: Random, sheet: Sheet) -> str:
    label = rng.choice(_BADGES)
    picture = f"https://img.shields.io/badge/{label}-{rng.randint(1, 99)}-{rng.choice(_COLOURS)}"
    badge = f"![{label}]({picture})"
    return badge if rng.random() < 0.5 else f"[{badge}](https://{sheet.scene.site.host}/)"
