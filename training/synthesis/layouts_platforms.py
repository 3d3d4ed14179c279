"""Layouts of hosted platforms: site builders, workspaces, repositories, issues, pastes."""

from __future__ import annotations

from html import escape

from training.synthesis import names
from training.synthesis.destinations import own_address, slug
from training.synthesis.layouts_text import spoken_flow
from training.synthesis.markup import (
    draw_manner,
    flow_html,
    head_html,
    hidden_html,
    link_list,
    plain,
    words,
)
from training.synthesis.sheet import Sheet, flow_of


def built_site(sheet: Sheet) -> str:
    """A page of a site builder: sections within sections, every line in a box of its own."""
    rng, manner = sheet.rng("layout"), draw_manner(sheet.rng("manner"))
    boxes, start, flow = [], 0, flow_of(sheet)
    while start < len(flow):
        end = start + rng.randint(1, 4)
        inner = flow_html(flow[start:end], sheet, manner)
        boxes.append(
            f'<section class="yaqOZd"><div class="mYVXT"><div class="hJDwNd"><div class="oKdM2c">'
            f'<div class="tyJCtd">{inner}</div></div></div></div></section>'
        )
        start = end
    return (
        f'{head_html(sheet)}<body><div role="navigation"><ul>'
        f"{link_list(('home', 'more'), sheet, rng)}</ul><span>{escape(sheet.scene.site.name)}"
        f'</span></div><div role="main"><section><h1 id="h.{rng.randrange(10**6)}" class="zfr3Q">'
        f"{words(sheet.headline, manner)}</h1></section>{''.join(boxes)}</div>{hidden_html(sheet)}"
        "</body></html>"
    )


def workspace(sheet: Sheet) -> str:
    """A page of a shared workspace: blocks of no meaning, a toggle, a small table of properties."""
    rng, manner = sheet.rng("layout"), draw_manner(sheet.rng("manner"))
    rows = "".join(
        f'<div class="row"><span>{escape(sheet.lang.ui(slot, rng))}</span>'
        f"<span>{escape(value)}</span></div>"
        for slot, value in (("by", names.person_name(rng)), ("tags", rng.choice(names.LEAGUES)))
    )
    blocks = "".join(
        f'<div data-block-id="{rng.randrange(16**8):08x}" class="notion-block">'
        f"{flow_html([part], sheet, manner)}</div>"
        for part in flow_of(sheet)
    )
    if rng.random() < 0.3:
        toggle = escape(sheet.lang.ui("more", rng))
        blocks = f"<details open><summary>{toggle}</summary>{blocks}</details>"
    return (
        f'{head_html(sheet)}<body><div id="app"><main class="frame"><div class="page-title" '
        f'role="heading">{words(sheet.headline, manner)}</div><div class="properties">{rows}</div>'
        f"{blocks}</main></div>{hidden_html(sheet)}</body></html>"
    )


def repository(sheet: Sheet) -> str:
    """A repository's front page: a list of files, the readme below it, topics beside it."""
    rng, manner = sheet.rng("layout"), draw_manner(sheet.rng("manner"))
    files = "".join(
        f'<tr><td><a href="{escape(own_address(rng, sheet.scene.site))}">{name}</a></td>'
        f"<td>v{rng.randint(0, 9)}.{rng.randint(0, 30)}</td></tr>"
        for name in rng.sample(_FILES, rng.randint(2, 6))
    )
    topics = "".join(
        f'<a class="topic-tag" href="/topics/{slug(name, rng)}">{escape(name)}</a> '
        for name in rng.sample(names.APPS + names.LEAGUES, rng.randint(0, 6))
    )
    owner = slug(sheet.scene.site.name, rng)
    return (
        f'{head_html(sheet)}<body class="logged-out"><header><a href="/">'
        f'{escape(sheet.lang.ui("home", rng))}</a> <a href="/{owner}">{owner}</a></header>'
        f'<table class="files">{files}</table><div class="Box"><article class="markdown-body">'
        f"<h1>{words(sheet.headline, manner)}</h1>{flow_html(flow_of(sheet), sheet, manner)}"
        f"</article></div><aside><h2>{escape(sheet.lang.ui('about', rng))}</h2>{topics}"
        f"<p>{rng.randint(0, 900)} stars</p></aside>{hidden_html(sheet)}"
        f"<footer>© {sheet.scene.year} {link_list(('privacy', 'contact'), sheet, rng, 'span')}"
        "</footer></body></html>"
    )


def issue(sheet: Sheet) -> str:
    """An issue and its answers, or a page's comments: the passage may be any of them."""
    rng, manner = sheet.rng("layout"), draw_manner(sheet.rng("manner"))
    posts, start, flow = [], 0, flow_of(sheet)
    while start < len(flow):
        end = start + rng.randint(1, 5)
        posts.append(
            f'<li class="timeline-comment"><h3><a class="author" href="/u/{rng.randint(1, 9999)}">'
            f"{escape(names.person_name(rng))}</a> <time>{sheet.scene.year}-0{rng.randint(1, 9)}"
            f'</time></h3><div class="comment-body">{flow_html(flow[start:end], sheet, manner)}'
            f"</div></li>"
        )
        start = end
    return (
        f'{head_html(sheet)}<body><div class="gh-header"><h1><bdi>'
        f"{words(sheet.headline, manner)}</bdi> <span>#{rng.randint(1, 9999)}</span></h1></div>"
        f'<ul>{"".join(posts)}</ul>{hidden_html(sheet)}<form action="/comment"><textarea '
        f'placeholder="{plain(sheet.lang.ui("comments", rng))}"></textarea></form></body></html>'
    )


def paste(sheet: Sheet) -> str:
    """A paste: the text as it was typed, in one block, with buttons of the site around it."""
    rng, manner = sheet.rng("layout"), draw_manner(sheet.rng("manner"))
    typed = rng.choice(("\n", "\n\n")).join(spoken_flow(sheet))
    tag = rng.choice(("pre", "pre", "code", "div"))
    return (
        f'{head_html(sheet)}<body><div class="bar">'
        f"{link_list(('home', 'search', 'about'), sheet, rng, 'span')}</div>"
        f'<div class="info"><h1>{words(sheet.headline, manner)}</h1>'
        f"<span>{rng.randint(1, 99)}.{rng.randint(1, 99)} KB</span></div>"
        f'<{tag} class="source" style="white-space:pre-wrap">{words(typed, manner)}</{tag}>'
        f"{hidden_html(sheet)}<p>{link_list(('privacy', 'contact'), sheet, rng, 'span')}</p>"
        "</body></html>"
    )


_FILES = (
    "README.md", "LICENSE", "index.html", "src", "docs", "setup.py", "package.json", ".gitignore",
    "images", "main.js", "style.css", "app", "CHANGELOG.md", "tests", "Makefile",
)  # fmt: skip
