"""Layouts around one thing to have: a film's player, a file, a hub of links, a notice."""

from __future__ import annotations

from html import escape
from random import Random

from training.synthesis import names
from training.synthesis.destinations import slug
from training.synthesis.markup import (
    Manner,
    draw_manner,
    flow_html,
    head_html,
    hidden_html,
    link_list,
    piece_html,
    words,
)
from training.synthesis.plan import Piece
from training.synthesis.sheet import Sheet


def player(sheet: Sheet) -> str:
    """A film or a match with a player's box, its facts in a list, and more of the same below."""
    rng, manner = sheet.rng("layout"), draw_manner(sheet.rng("manner"))
    facts = "".join(
        f"<dt>{escape(sheet.lang.ui(slot, rng))}</dt><dd>{escape(value)}</dd>"
        for slot, value in (
            ("time", f"{rng.randint(40, 190)} min"),
            ("by", names.person_name(rng)),
            ("tags", f"{sheet.scene.year}, HD"),
        )[: rng.randint(0, 3)]
    )
    more = "".join(
        f'<a class="poster" href="/{slug(name, rng)}/"><img src="/p/{rng.randint(1, 999)}.jpg" '
        f'alt="{escape(name)}"><span>{escape(name)}</span></a>'
        for name in rng.sample(names.TITLES, rng.choice((0, 3, 6, 12)))
    )
    return (
        f'{head_html(sheet)}<body><nav class="navbar"><ul>'
        f"{link_list(('home', 'search', 'related', 'newsletter'), sheet, rng)}</ul></nav>"
        f"<h1>{words(sheet.headline, manner)}</h1>"
        f'<div class="{rng.choice(("player", "video-js", "embed-responsive", "stage"))}">'
        f"{_pieces(sheet.pieces, sheet, manner)}</div><dl>{facts}</dl>"
        f'<div class="synopsis">{flow_html(sheet.paragraphs, sheet, manner)}</div>'
        f'<div class="shelf">{more}</div>{hidden_html(sheet)}<footer>'
        f"{link_list(('privacy', 'contact', 'about'), sheet, rng, 'span')}</footer></body></html>"
    )


def file_page(sheet: Sheet) -> str:
    """A file's page: its name, size and sums, and a button."""
    rng, manner = sheet.rng("layout"), draw_manner(sheet.rng("manner"))
    ending = rng.choice(("zip", "pdf", "apk", "exe", "mp4", "epub", "tar.gz", "docx"))
    file = f"{slug(sheet.scene.subject, rng)}-{sheet.scene.year}.{ending}"
    size = f"{rng.randint(1, 990)} {rng.choice(('KB', 'MB'))}"
    rows = [f"<tr><td>{file}</td><td>{size}</td></tr>"]
    if rng.random() < 0.5:
        rows.append(f"<tr><td>MD5</td><td>{rng.randrange(16**32):032x}</td></tr>")
    return (
        f"{head_html(sheet)}<body><header><b>{escape(sheet.scene.site.name)}</b></header>"
        f'<main class="file"><h1>{words(sheet.headline, manner)}</h1><table>{"".join(rows)}</table>'
        f"{_pieces(sheet.pieces, sheet, manner)}{flow_html(sheet.paragraphs, sheet, manner)}</main>"
        f"{hidden_html(sheet)}<footer>{link_list(('about', 'privacy'), sheet, rng, 'span')}"
        "</footer></body></html>"
    )


def hub(sheet: Sheet) -> str:
    """A person's or a club's links on one narrow page."""
    rng, manner = sheet.rng("layout"), draw_manner(sheet.rng("manner"))
    own = link_list(("about", "newsletter", "contact")[: rng.randint(0, 3)], sheet, rng, "div")
    return (
        f'{head_html(sheet)}<body><div class="profile"><img src="/avatar.png" alt="">'
        f"<h1>{words(sheet.headline, manner)}</h1><p>@{slug(sheet.scene.site.name, rng)}</p></div>"
        f'<div class="links">{_pieces(sheet.pieces, sheet, manner)}{own}</div>'
        f"{flow_html(sheet.paragraphs, sheet, manner)}{hidden_html(sheet)}</body></html>"
    )


def notice(sheet: Sheet) -> str:
    """A letter of an office, a carrier or an employer: letterhead, fields, button, fine print."""
    rng, manner = sheet.rng("layout"), draw_manner(sheet.rng("manner"))
    letterhead = sheet.scene.site.name if rng.random() < 0.6 else sheet.headline
    fields = "".join(
        f"<div><label>{label}</label> <strong>{value}</strong></div>"
        for label, value in _fields(rng, sheet)
    )
    cut = rng.randint(0, len(sheet.pieces))
    return (
        f'{head_html(sheet)}<body><div class="wrapper"><div class="letterhead">'
        f'<img src="/logo.svg" alt=""> {words(letterhead, manner)}</div>'
        f"<h2>{words(sheet.headline, manner)}</h2><p>{escape(sheet.lang.ui('hello', rng))}</p>"
        f'{_pieces(sheet.pieces[:cut], sheet, manner)}<div class="card">{fields}</div>'
        f"{_pieces(sheet.pieces[cut:], sheet, manner)}"
        f"{flow_html(sheet.paragraphs, sheet, manner)}"
        f"<p>{escape(sheet.lang.ui('bye', rng))}<br>{escape(sheet.scene.site.name)}</p>"
        f'{hidden_html(sheet)}<div class="foot"><small>© {sheet.scene.year} '
        f"{link_list(('privacy', 'contact'), sheet, rng, 'span')}</small></div></div></body></html>"
    )


def _fields(rng: Random, sheet: Sheet) -> list[tuple[str, str]]:
    """Draw the numbers that such letters carry; they say nothing."""
    drawn = (
        ("No.", f"{rng.choice('ABCDMT')}{rng.randrange(10**5, 10**9)}"),
        (escape(sheet.lang.ui("time", rng)), f"{rng.randint(1, 28)}.{rng.randint(1, 12)}."),
        ("Ref.", f"{sheet.scene.year}-{rng.randrange(10**4, 10**6)}"),
        ("kg", f"{rng.randint(0, 20)},{rng.randint(0, 9)}"),
    )
    return rng.sample(drawn, rng.randint(0, 3))


def _pieces(pieces: tuple[Piece, ...], sheet: Sheet, manner: Manner) -> str:
    return "\n".join(piece_html(piece, sheet, manner) for piece in pieces)
