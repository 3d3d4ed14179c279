"""Layouts in markup whose body is an article: blogs of several makes, farms, forums, old pages."""

from __future__ import annotations

from html import escape
from random import Random

from training.synthesis import names
from training.synthesis.markup import (
    draw_manner,
    flow_html,
    head_html,
    hidden_html,
    link_list,
    plain,
    share_links,
    words,
)
from training.synthesis.sheet import Sheet, flow_of

_NAV = ("home", "about", "contact")
_FOOT = ("privacy", "contact", "about")


def plain_article(sheet: Sheet) -> str:
    """A page of today's elements: header, article, footer."""
    rng, manner = sheet.rng("layout"), draw_manner(sheet.rng("manner"))
    return (
        f"{head_html(sheet)}<body><header><nav><ul>"
        f"{link_list(_NAV, sheet, rng)}</ul></nav></header>\n"
        f"<main><article><h1>{words(sheet.headline, manner)}</h1>\n"
        f"{flow_html(flow_of(sheet), sheet, manner)}</article></main>\n{hidden_html(sheet)}"
        f"<footer><ul>{link_list(_FOOT, sheet, rng)}</ul></footer></body></html>"
    )


def blog_feed(sheet: Sheet) -> str:
    """A hosted blog with its gadgets beside the post and labels under it."""
    rng, manner = sheet.rng("layout"), draw_manner(sheet.rng("manner"))
    labels = ", ".join(
        f'<a href="/search/label/{n}" rel="tag">{escape(_entry(rng))}</a>'
        for n in range(rng.randint(1, 4))
    )
    body = flow_html(flow_of(sheet), sheet, manner)
    if rng.random() < 0.4:
        body = body.replace("</p>\n<p>", "<br /><br />\n")
    return (
        f'{head_html(sheet)}<body class="item-view"><div class="header section"><h2>'
        f'{escape(sheet.scene.site.name)}</h2></div><div class="post hentry">'
        f'<h3 class="post-title entry-title">{words(sheet.headline, manner)}</h3>'
        f'<div class="post-body entry-content">{body}</div>'
        f'<div class="post-footer">{share_links(sheet, rng)}'
        f"{escape(sheet.lang.ui('tags', rng))}: {labels}</div></div>{hidden_html(sheet)}"
        f'<div class="sidebar"><div class="widget"><ul>'
        f"{link_list(('search', 'newsletter', 'related', 'more'), sheet, rng)}</ul></div></div>"
        f"</body></html>"
    )


def press_post(sheet: Sheet) -> str:
    """A post of the commonest blog software, with its classes and its comment form."""
    rng, manner = sheet.rng("layout"), draw_manner(sheet.rng("manner"))
    ui = sheet.lang.ui
    return (
        f"{head_html(sheet, extra='<meta name=generator content=WordPress>')}"
        f'<body class="post-template single"><div id="page" class="site">'
        f'<ul class="menu">{link_list(_NAV, sheet, rng)}</ul>'
        f'<article class="post type-post"><header class="entry-header">'
        f'<h1 class="entry-title">{words(sheet.headline, manner)}</h1><div class="entry-meta">'
        f"{escape(ui('by', rng))} {escape(ui('anonymous', rng))}</div></header>"
        f'<div class="entry-content">{flow_html(flow_of(sheet), sheet, manner)}</div></article>'
        f'<div id="comments"><h3>{escape(ui("comments", rng))}</h3>'
        f'<form action="/wp-comments-post.php" method="post"><textarea name="c"></textarea>'
        f'<input type="email" name="email" placeholder="{escape(ui("email", rng))}"></form></div>'
        f'{hidden_html(sheet)}<footer class="site-footer">{link_list(_FOOT, sheet, rng, "span")}'
        f"</footer></div></body></html>"
    )


def story(sheet: Sheet) -> str:
    """A story on a writing platform: sections, long class names, a follow button."""
    rng, manner = sheet.rng("layout"), draw_manner(sheet.rng("manner"))
    return (
        f'{head_html(sheet)}<body><div id="root"><div class="a b c"><a href="/" rel="noopener '
        f'follow">{escape(sheet.lang.ui("home", rng))}</a></div><article><div class="l"><section>'
        f'<h1 class="pw-post-title fo fp">{words(sheet.headline, manner)}</h1>'
        f"{flow_html(flow_of(sheet), sheet, manner)}</section></div></article>"
        f'<div class="responses">{share_links(sheet, rng)}</div>{hidden_html(sheet)}'
        f"{link_list(('newsletter', 'about', 'privacy'), sheet, rng, 'p')}</div></body></html>"
    )


def farm(sheet: Sheet) -> str:
    """A crowded page: tables or columns, two sidebars, lists of recent entries."""
    rng, manner = sheet.rng("layout"), draw_manner(sheet.rng("manner"))
    recent = "".join(
        f'<li><a href="/{n}.html">{escape(_entry(rng))}</a></li>' for n in range(rng.randint(4, 14))
    )
    cell = ('<table width="100%"><tr><td>', "</td><td>", "</td></tr></table>")
    box = ('<div class="row"><div class="col-8">', '</div><div class="col-4">', "</div></div>")
    opened, between, closed = rng.choice((cell, box))
    return (
        f'{head_html(sheet)}<body><div id="top">{link_list(_NAV, sheet, rng, "span")}</div>{opened}'
        f"<h1>{words(sheet.headline, manner)}</h1>{flow_html(flow_of(sheet), sheet, manner)}"
        f"{share_links(sheet, rng)}{between}<h4>{escape(sheet.lang.ui('related', rng))}</h4>"
        f'<ul>{recent}</ul>{closed}{hidden_html(sheet)}<div id="foot">'
        f"{link_list((*_FOOT, 'newsletter'), sheet, rng, 'span')} © {sheet.scene.year} "
        f"{escape(sheet.scene.site.name)}</div></body></html>"
    )


def old_page(sheet: Sheet) -> str:
    """A page as people wrote them by hand: font tags, centred lines, nothing closed."""
    rng, manner = sheet.rng("layout"), draw_manner(sheet.rng("manner"))
    colour = rng.choice(("red", "navy", "#333", "green"))
    return (
        f"<html><head><title>{plain(sheet.headline)}</title></head><body bgcolor=white>"
        f"<center><font size=5 color={colour}>{words(sheet.headline, manner)}</font></center><hr>\n"
        f"{flow_html(flow_of(sheet), sheet, manner)}<br><br>{hidden_html(sheet)}\n"
        f"<a href=index.html>{escape(sheet.lang.ui('home', rng))}</a>"
    )


def thread(sheet: Sheet) -> str:
    """A forum thread: the passage and the text in posts of several people."""
    rng, manner = sheet.rng("layout"), draw_manner(sheet.rng("manner"))
    flow = flow_of(sheet)
    posts, start = [], 0
    while start < len(flow):
        end = start + rng.randint(1, 4)
        who = f"{escape(sheet.lang.ui('anonymous', rng))}{rng.randint(1, 999)}"
        posts.append(
            f'<div class="post"><b class="author">{who}</b><div class="content">'
            f"{flow_html(flow[start:end], sheet, manner)}</div></div>"
        )
        start = end
    return (
        f'{head_html(sheet)}<body><div class="breadcrumbs">'
        f"{link_list(_NAV, sheet, rng, 'span')}</div>"
        f'<h2 class="topic-title">{words(sheet.headline, manner)}</h2>{"".join(posts)}'
        f'{hidden_html(sheet)}<div class="footer">{link_list(_FOOT, sheet, rng, "span")}</div>'
        f"</body></html>"
    )


def _entry(rng: Random) -> str:
    name = rng.choice(names.TITLES + names.APPS + names.TEAMS)
    return f"{name} {rng.randint(2015, 2026)}" if rng.random() < 0.5 else name
