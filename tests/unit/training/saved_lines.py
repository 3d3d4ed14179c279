"""What the tests of training are made of: saved lines, sources, pages in words of their own."""

from __future__ import annotations

import json
from random import Random

from training.examples import Source, make_example
from training.metrics import Scored
from training.synthesis import generate

WORDS = tuple(
    f"{start}{middle}{end}"
    for start in ("bar", "kel", "mon", "tis", "vor", "lun", "pra", "sed")
    for middle in ("a", "ello", "imo", "ura", "en")
    for end in ("", "s", "ta", "ric", "don", "ve")
)


def line(page_id, text="words to read", label="ok", **more):
    """Write one saved page as a line of bytes; a value of None leaves its key out."""
    record = {"id": page_id, "text": text, "label": label, **more}
    return json.dumps({k: v for k, v in record.items() if v is not None}).encode() + b"\n"


def prose(seed, words=60):
    """Make up text that no other seed makes up."""
    random = Random(seed)
    return " ".join(random.choice(WORDS) for _ in range(words))


def source(label="ok", **more):
    known = {"id": "p", "group": "g", "lang": "en", "lure": "", "real": True}
    return Source(label=label, **{**known, **more})


def scored(label, score, verdict="clean", **more):
    return Scored(source(label, **more), score, verdict)


def example(document, planted=(), **more):
    return make_example(source(**more), document, planted)


def corpus_lines(count, seed=11):
    """Write a small corpus: families of bait and honest twins, each a campaign or a site."""
    for page in generate([], count=count, seed=seed, languages=("en",)):
        yield line(
            page.id,
            page.text,
            page.label,
            html=page.html,
            url=page.url,
            group=page.pair,
            pair=page.pair,
            lang=page.lang,
            lure=page.lure,
            kind=page.purpose,
        )
