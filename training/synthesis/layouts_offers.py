"""Layouts in markup that are mostly the passage: landings, steps, tools, tables, mails, redirects.

Honest pages have all of these forms too: product pages, checkouts, calculators, TV guides,
newsletters, moved pages.
"""

from __future__ import annotations

from html import escape
from random import Random

from training.synthesis import names
from training.synthesis.markup import (
    Manner,
    draw_manner,
    flow_html,
    head_html,
    hidden_html,
    link_list,
    piece_html,
    plain,
    words,
)
from training.synthesis.plan import Piece
from training.synthesis.sheet import Sheet

_CSS = "body{{font-family:sans-serif;background:{};text-align:center}}.{}{{padding:1em}}"


def landing(sheet: Sheet) -> str:
    """One offer and its button, with little else."""
    rng, manner = sheet.rng("layout"), draw_manner(sheet.rng("manner"))
    css = _CSS.format(rng.choice(("#fff", "#eef", "#f6f6f6")), "box")
    menu = (
        f"<nav>{link_list(('home', 'about'), sheet, rng, 'span')}</nav>"
        if rng.random() < 0.5
        else ""
    )
    foot = link_list(("privacy", "contact"), sheet, rng, "span") if rng.random() < 0.6 else ""
    return (
        f'{head_html(sheet, css=css)}<body>{menu}<section class="hero box">'
        f"<h1>{words(sheet.headline, manner)}</h1>{_pieces(sheet, manner)}</section>"
        f"{flow_html(sheet.paragraphs, sheet, manner)}{hidden_html(sheet)}"
        f"<footer>{foot} © {sheet.scene.year} {escape(sheet.scene.site.name)}</footer>"
        "</body></html>"
    )


def steps_page(sheet: Sheet) -> str:
    """Numbered steps under a bar of progress, then a button."""
    rng, manner = sheet.rng("layout"), draw_manner(sheet.rng("manner"))
    steps = [piece for piece in sheet.pieces if piece.role == "step"]
    listed = "".join(f"<li>{words(step.text, manner)}</li>" for step in steps)
    width = rng.randint(5, 97)
    bar = rng.choice((
        f'<div class="progress"><div class="bar" style="width:{width}%"></div></div>',
        f'<progress value="{width}" max="100"></progress>',
    ))  # fmt: skip
    head = "".join(
        piece_html(p, sheet, manner)
        for p in sheet.pieces
        if p.role in ("heading", "promise", "status")
    )
    tail = "".join(
        piece_html(p, sheet, manner)
        for p in sheet.pieces
        if p.role not in ("heading", "promise", "status", "step")
    )
    return (
        f'{head_html(sheet)}<body><div id="app" class="modal">'
        f"{head}{bar}<ol>{listed}</ol>{tail}</div>"
        f"{flow_html(sheet.paragraphs, sheet, manner)}{hidden_html(sheet)}"
        f"<p>{link_list(('privacy', 'contact'), sheet, rng, 'span')}</p></body></html>"
    )


def tool(sheet: Sheet) -> str:
    """A form with a name to type and a platform to choose."""
    rng, manner = sheet.rng("layout"), draw_manner(sheet.rng("manner"))
    options = "".join(f"<option>{escape(sheet.lang.ui('device', rng))}</option>" for _ in range(3))
    amounts = "".join(
        f'<label><input type="radio" name="a">{rng.randint(1, 99) * 100} '
        f"{escape(rng.choice(names.COINS))}</label>"
        for _ in range(rng.randint(0, 4))
    )
    return (
        f'{head_html(sheet)}<body><div class="container"><h1>{words(sheet.headline, manner)}</h1>'
        f'<div class="panel">{_pieces(sheet, manner)}'
        f"<select>{options}</select>{amounts}</div></div>"
        f"{flow_html(sheet.paragraphs, sheet, manner)}{hidden_html(sheet)}"
        f"<footer>{link_list(('privacy', 'about'), sheet, rng, 'span')}</footer></body></html>"
    )


def schedule(sheet: Sheet) -> str:
    """A table of matches, each row with a link."""
    rng, manner = sheet.rng("layout"), draw_manner(sheet.rng("manner"))
    ui = sheet.lang.ui
    rows = "".join(
        f"<tr><td>{rng.randint(10, 22)}:{rng.choice(('00', '15', '30', '45'))}</td>"
        f"<td>{escape(' – '.join(rng.sample(names.TEAMS, 2)))}</td>"
        f"<td>{escape(rng.choice(names.LEAGUES))}</td>"
        f"<td>{piece_html(piece, sheet, manner)}</td></tr>"
        for piece in sheet.pieces
        if piece.role == "row"
    )
    head = "".join(
        f"<th>{escape(ui(slot, rng))}</th>" for slot in ("time", "match", "tags", "where")
    )
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    return _around(sheet, manner, rng, table)


def catalogue(sheet: Sheet) -> str:
    """A grid of films or apps, each card with a picture and a button."""
    rng, manner = sheet.rng("layout"), draw_manner(sheet.rng("manner"))
    shelf = names.APPS if sheet.plan.lure in ("download", "giveaway") else names.TITLES
    cards = []
    for piece in sheet.pieces:
        if piece.role == "row":
            name = escape(rng.choice(shelf))
            cards.append(
                f'<div class="card"><img src="/c/{rng.randint(1, 999)}.jpg" alt="{name}">'
                f"<h4>{name}</h4>{piece_html(piece, sheet, manner)}</div>"
            )
    return _around(sheet, manner, rng, f'<div class="grid">{"".join(cards)}</div>')


def picture(sheet: Sheet) -> str:
    """A page that is hardly more than a picture to click."""
    manner = draw_manner(sheet.rng("manner"))
    return (
        f"{head_html(sheet)}<body><center>{_pieces(sheet, manner)}</center>"
        f"{flow_html(sheet.paragraphs, sheet, manner)}{hidden_html(sheet)}</body></html>"
    )


def redirect(sheet: Sheet) -> str:
    """A page that moves its reader on by itself, with a link for those it cannot move."""
    rng, manner = sheet.rng("layout"), draw_manner(sheet.rng("manner"))
    piece = next((p for p in sheet.pieces if p.role == "redirect" and p.href), None)
    href = piece.href if piece and piece.href else "/"
    quiet = plain(href)
    quoted = href.replace("\\", "\\\\").replace('"', "%22").replace("<", "%3C")
    wait = rng.randint(0, 9)
    moves = rng.choice((
        f'<meta http-equiv="refresh" content="{wait};url={quiet}">',
        f'<script>window.location.href="{quoted}";</script>',
        f'<script>setTimeout(function(){{location.replace("{quoted}")}},{wait}00);</script>',
    ))  # fmt: skip
    return (
        f"{head_html(sheet, extra=moves)}<body>{_pieces(sheet, manner)}"
        f"{flow_html(sheet.paragraphs, sheet, manner)}{hidden_html(sheet)}</body></html>"
    )


def mail(sheet: Sheet) -> str:
    """A message in the tables that mail programs ask for."""
    rng, manner = sheet.rng("layout"), draw_manner(sheet.rng("manner"))
    ui = sheet.lang.ui
    return (
        f'{head_html(sheet)}<body><table width="600" align="center"><tr><td>'
        f"<b>{escape(sheet.scene.site.name)}</b></td></tr><tr><td>"
        f"<p>{escape(ui('hello', rng))}</p>"
        f"{_pieces(sheet, manner)}{flow_html(sheet.paragraphs, sheet, manner)}"
        f"<p>{escape(ui('bye', rng))}<br>{escape(sheet.scene.site.name)}</p></td></tr>"
        "<tr><td><small>"
        f"{link_list(('privacy', 'contact'), sheet, rng, 'span')}</small></td></tr></table>"
        f"{hidden_html(sheet)}</body></html>"
    )


def _pieces(sheet: Sheet, manner: Manner) -> str:
    return "\n".join(piece_html(piece, sheet, manner) for piece in sheet.pieces)


def _around(sheet: Sheet, manner: Manner, rng: Random, core: str) -> str:
    """Set a table or a grid among the passage's other parts and the site's furniture."""
    others = [piece for piece in sheet.pieces if piece.role != "row"]
    cut = sum(_opens(piece) for piece in others)
    above = "\n".join(piece_html(piece, sheet, manner) for piece in others[:cut])
    below = "\n".join(piece_html(piece, sheet, manner) for piece in others[cut:])
    return (
        f"{head_html(sheet)}<body><nav><ul>"
        f"{link_list(('home', 'contact', 'search'), sheet, rng)}</ul></nav>"
        f"<h1>{words(sheet.headline, manner)}</h1>{above}{core}{below}"
        f"{flow_html(sheet.paragraphs, sheet, manner)}{hidden_html(sheet)}"
        f"<footer>{link_list(('privacy', 'about'), sheet, rng, 'span')}</footer></body></html>"
    )


def _opens(piece: Piece) -> bool:
    return piece.role in ("heading", "call")
