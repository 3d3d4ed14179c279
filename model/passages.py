"""Passages: short stretches of a page, with what their links lead to.

A long honest article cannot drown a short closing when each passage is looked at by itself. The
text is cut into units (a block, or a sentence of a long block); a passage is a run of consecutive
units. Units carry the tokens, so that overlapping passages cost no second reading.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate, combinations, pairwise
from typing import Literal, TypeVar
from urllib.parse import unquote_plus

from model.document import Block, Document, Link
from model.known_hosts import HostKind, host_kind
from model.lexicon import count_phrases
from model.normalize import normalize
from model.url import URL, InvalidUrl, canonicalize_url, registrable_domain

PASSAGE_CHARACTERS = 350
SHORT_PASSAGE_CHARACTERS = 160
_LONGEST_UNIT = 260
_MOST_UNITS = 3_000
_MOST_CHARACTERS = 150_000  # of text cut into units
_MOST_PICTURES = 40  # picture buttons of one unit whose words are read
_MOST_LINKS = 40  # of one unit whose words are read together with where they lead
_LINK_CHARACTERS = 80  # of such words
_MOST_WORDS = 300  # of one unit; more only where single signs decompose into many letters
_SENTENCE_END = re.compile(r"(?<=[.!?…؟।])[\"'”’»)\]]*\s+|(?<=[。！？])")

_HAN_OR_KANA = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_HANGUL = re.compile(r"[\uac00-\ud7af]")

Item = TypeVar("Item")
LinkKind = Literal["own", "fragment", "redirector", "unlisted", "none"] | HostKind


@dataclass(frozen=True, slots=True)
class Destination:
    """What a link leads to.

    ``masked``: its words show an address of another site. ``named``: the page's own words say the
    name of the site, and not only its address.
    """

    link: Link
    kind: LinkKind
    domain: str  # registrable, lower-case; "" where there is none
    masked: bool
    named: bool = False

    @property
    def is_elsewhere(self) -> bool:
        """Whether it leaves the page for a place that nothing vouches for."""
        return self.kind in {"unlisted", "shortener", "locker", "free-host", "redirector"}


@dataclass(frozen=True, slots=True)
class Unit:
    """The smallest piece of a page: ``document.text[start:end]`` and the links that start in it."""

    start: int
    end: int
    role: str
    in_page_frame: bool
    destinations: tuple[Destination, ...]
    width: int  # its length, in letters of a script that writes each sound


@dataclass(frozen=True, slots=True)
class Passage:
    """The units ``first`` to ``last`` (both included), and the text they span."""

    first: int
    last: int
    start: int
    end: int


_NOT_A_PLACE = ("mailto:", "tel:", "javascript:", "data:", "sms:", "about:", "blob:")
_REDIRECT_PATH = re.compile(
    r"/(?:go|out|away|redirect|redir|exit|leave|jump|cloak|track)(?:[/.?]|$)"
)
_TARGET_PARAMETER = re.compile(
    r"(?:^|&)(?:u|url|to|go|dest|target|redirect)=([^&]{1,40})", re.IGNORECASE
)
_SHOWN_ADDRESS = re.compile(r"(?:https?://)?((?:[a-z0-9-]+\.)+[a-z]{2,})(?:[/?#:]|$)")


def find_destinations(document: Document) -> tuple[Destination, ...]:
    """Say for each link of a document, in order, what it leads to."""
    own = _own_domains(document)
    found = tuple(_destination(link, own) for link in document.links)
    if not any(d.is_elsewhere for d in found):
        return found
    said = _said_by(document)
    names = {d.domain: _is_named(d.domain, said) for d in found if d.is_elsewhere}
    return tuple(replace(d, named=True) if names.get(d.domain) else d for d in found)


_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\b(?:[\w-]+\.)+[a-z]{2,}\b(?:/\S*)?")
_NOT_OF_A_NAME = re.compile(r"[\W_]+")
_SHORTEST_NAME = 4
_NAMED_WITHIN = 24_000  # characters of both ends of the text


def _said_by(document: Document) -> str:
    """Return the page's words run together, without the addresses among them."""
    text = document.text
    if len(text) > _NAMED_WITHIN:
        text = f"{text[: _NAMED_WITHIN // 2]} {text[-_NAMED_WITHIN // 2 :]}"
    words = _ADDRESS.sub(" ", f"{document.title} {text}".lower())
    return _NOT_OF_A_NAME.sub("", words)


def _is_named(domain: str, said: str) -> bool:
    label = _NOT_OF_A_NAME.sub("", domain.partition(".")[0])
    return len(label) >= _SHORTEST_NAME and label in said


@lru_cache(maxsize=4_096)
def _absolute(href: str) -> URL | None:
    try:
        return canonicalize_url(href)
    except InvalidUrl:
        return None


def _domain(href: str) -> str:
    url = _absolute(href)
    return registrable_domain(url.host) if url else ""


def _own_domains(document: Document) -> frozenset[str]:
    """Return the page's own registrable domains: its address, else what it says, else a guess."""
    if document.url and (domain := _domain(document.url)):
        return frozenset({domain})
    for name, content in document.meta:
        if name in {"og:url", "canonical"} and (domain := _domain(content)):
            return frozenset({domain})
    # A site links to many of its own pages; bait repeats one address.
    pages_of: dict[str, set[str]] = defaultdict(set)
    for link in document.links:
        url = _absolute(link.href)
        if url and host_kind(url.host) is None:
            pages_of[registrable_domain(url.host)].add(url.href)
    total = sum(map(len, pages_of.values()))
    return frozenset(
        d for d, pages in pages_of.items() if len(pages) > 4 and 2 * len(pages) > total
    )


def _destination(link: Link, own: frozenset[str]) -> Destination:
    href = link.href.strip()
    if not href or href.lower().startswith(_NOT_A_PLACE):
        return Destination(link, "none", "", False)
    if href.startswith("#"):
        return Destination(link, "fragment", "", False)
    url = _absolute(href)
    if url is None:
        return Destination(link, "redirector" if _REDIRECT_PATH.match(href) else "own", "", False)
    domain = registrable_domain(url.host)
    shown = _SHOWN_ADDRESS.match(link.text.strip().lower())
    masked = shown is not None and registrable_domain(shown.group(1)) != domain
    kind = (host_kind(url.host) or "unlisted") if domain not in own else _own_kind(url)
    return Destination(link, kind, domain, masked)


def _own_kind(url: URL) -> LinkKind:
    """Say whether an address of the page's own site looks as if it led on to another."""
    if _REDIRECT_PATH.match(url.path.lower()):
        return "redirector"
    return "redirector" if _carries_address(url.query) else "own"


@lru_cache(maxsize=1_024)
def _carries_address(query: str) -> bool:
    return any(
        unquote_plus(match.group(1)).lower().startswith(("http://", "https://", "//"))
        for match in _TARGET_PARAMETER.finditer(query)
    )


def cut_units(document: Document, destinations: Sequence[Destination]) -> tuple[Unit, ...]:
    """Cut the visible text into units, in order; a page without text has one empty unit.

    Of a text beyond ``_MOST_CHARACTERS`` or ``_MOST_UNITS`` the middle is left out, with the links
    in it: bait opens a page or closes it, and what is looked at costs the same whatever its length.
    """
    spans = [
        (start, end, block.role, block.in_page_frame)
        for block, first, last in _outer_blocks(document)
        for start, end in _sentences(document.text, first, last)
    ]
    spans = _outer(spans, _MOST_UNITS) or [(0, 0, "paragraph", False)]
    starts = [span[0] for span in spans]
    held: dict[int, list[Destination]] = defaultdict(list)
    for destination in destinations:
        place = max(0, bisect_right(starts, destination.link.start) - 1)
        # Between two units stands one line break at most, but for the middle that is left out.
        if destination.link.start <= spans[place][1] + 1 or place == len(spans) - 1:
            held[place].append(destination)
    return tuple(
        Unit(*span, tuple(held.get(i, ())), _width(document.text[span[0] : span[1]]))
        for i, span in enumerate(spans)
    )


def density(text: str) -> int:
    """Say how many letters of a script that writes each sound one sign of this text stands for."""
    if text.isascii():
        return 1
    if 2 * len(_HAN_OR_KANA.findall(text)) > len(text):
        return 3
    return 2 if 2 * len(_HANGUL.findall(text)) > len(text) else 1


def _width(text: str) -> int:
    return (len(text) + 1) * density(text)


def _outer(items: Sequence[Item], most: int) -> list[Item]:
    """Return the first and the last half of ``most`` items, or all where there are no more."""
    if len(items) <= most:
        return list(items)
    return [*items[: most // 2], *items[-(most // 2) :]]


def _outer_blocks(document: Document) -> Iterator[tuple[Block, int, int]]:
    """Yield blocks with the part of them that lies in the text's first or last stretch."""
    length, half = len(document.text), _MOST_CHARACTERS // 2
    if length <= _MOST_CHARACTERS:
        yield from ((block, block.start, block.end) for block in document.blocks)
        return
    for block in document.blocks:
        if block.start < half:
            yield block, block.start, min(block.end, half)
        if block.end > length - half:
            yield block, max(block.start, length - half), block.end


def _sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the spans of a block's pieces: itself, or its sentences, or cuts of a long sentence."""
    longest = _LONGEST_UNIT // density(text[start:end])
    if end - start <= longest:
        yield start, end
        return
    ends = [match.end() for match in _SENTENCE_END.finditer(text, start, end)]
    begin = start
    for stop in [*ends, end]:
        while stop - begin > longest:
            blank = text.rfind(" ", begin + longest // 2, begin + longest)
            cut = blank + 1 if blank > 0 else begin + longest
            yield begin, cut
            begin = cut
        if stop > begin:
            yield begin, stop
        begin = stop


def cut_passages(units: Sequence[Unit]) -> tuple[Passage, ...]:
    """Return the overlapping runs of units that are looked at by themselves, in order.

    Every longest run within ``PASSAGE_CHARACTERS``, and every longest one within
    ``SHORT_PASSAGE_CHARACTERS``: bait of two lines is not diluted by the sentence before it.
    """
    runs = {*_longest_runs(units, PASSAGE_CHARACTERS)}
    runs.update(_longest_runs(units, SHORT_PASSAGE_CHARACTERS))
    return tuple(
        Passage(first, last, units[first].start, units[last].end) for first, last in sorted(runs)
    )


def _longest_runs(units: Sequence[Unit], characters: int) -> Iterator[tuple[int, int]]:
    """Yield each run (first, last) that fits and that no run before it holds."""
    last = -1
    widths = [0, *accumulate(unit.width for unit in units)]
    for first in range(len(units)):
        furthest = max(last, first)
        while furthest + 1 < len(units) and widths[furthest + 2] - widths[first] <= characters:
            furthest += 1
        if furthest > last:
            yield first, furthest
            last = furthest


# Scripts written without blanks between words: their words are taken as pairs and triples.
_NO_BLANKS = re.compile(r"[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]+")
_TOKEN = re.compile(
    r"[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]+"
    r"|[^\W\d_\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]+"
    r"(?:[\u0300-\u036f\u0900-\u0dff]+[^\W\d_]*)*"
    r"|\d+|[!?$€£₹¥%*:]|[^\w\s\x00-\u1fff]"
)
_ARROWS = frozenset("►▶➤➡→⇒⇨➜➔👉⏩⏬⬇⬅👇🔗☛»▷🡆⮕⇩↓")


def words_of(text: str) -> list[str]:
    """Return the words, number shapes and marks of a text, normalised, in order."""
    return _words_in(normalize(text))


def _words_in(normalized: str) -> list[str]:
    words: list[str] = []
    for token in _TOKEN.findall(normalized):
        first = token[0]
        if "a" <= first <= "z":  # most of them, told fast
            words.append(token[:24])
        elif first.isdigit():
            words.append(_number_shape(token))
        elif _NO_BLANKS.match(first):
            words.extend(token[i : i + 2] for i in range(max(1, len(token) - 1)))
        elif first in _ARROWS:
            words.append("→")
        else:
            words.append(token[:24])
    return words


def _number_shape(digits: str) -> str:
    if len(digits) == 4 and digits[:2] in {"19", "20"}:
        return "#year"
    return f"#{min(len(digits), 6)}"


def _stem(word: str) -> str:
    if "\uac00" <= word[0] <= "\ud7af":
        return word[:2]
    return word if word[0] == "#" else word[:5]


def _stems_of(words: Sequence[str]) -> list[str]:
    return [word[:5] if "a" <= word[0] <= "z" else _stem(word) for word in words]


def letters_of(words: Sequence[str]) -> list[str]:
    """Return runs of letters inside words: four of them, two of a script that writes syllables."""
    tokens: list[str] = []
    for word in words:
        if "\uac00" <= word[0] <= "\ud7af":
            tokens += [f"_{word[i : i + 2]}" for i in range(len(word) - 1)]
        elif len(word) > 5:
            padded = f"{word}_"
            tokens += [f"_{padded[i : i + 4]}" for i in range(1, len(padded) - 3)]
    return tokens


def ngrams_of(words: Sequence[str]) -> list[str]:
    """Return words, stems of five letters, and pairs and triples of stems."""
    stems = _stems_of(words)
    pairs = [f"{a} {b}" for a, b in pairwise(stems)]
    return [
        *words,
        *[f"{stem}~" for stem, word in zip(stems, words, strict=True) if stem != word],
        *pairs,
        *[f"{a} {pair}" for a, pair in zip(stems, pairs[1:], strict=False)],
    ]


def destination_tokens(destinations: Sequence[Destination]) -> list[str]:
    """Return tokens that name what links lead to, never which site; each once."""
    tokens: list[str] = []
    for destination in destinations:
        link = destination.link
        kind = "elsewhere" if destination.is_elsewhere else destination.kind
        tokens += [f"L:{destination.kind}", f"L:{kind}", f"L:{link.role}:{kind}"]
        if destination.masked:
            tokens.append("L:masked")
        if link.hidden:
            tokens.append("L:hidden")
        if destination.is_elsewhere:
            named = "named" if destination.named else "unnamed"
            tokens += [f"L:{named}", f"L:{destination.kind}:{named}"]
            tokens.append(f"L:.{destination.domain.rpartition('.')[2]}")
    repeated = Counter(d.link.href for d in destinations if d.is_elsewhere)
    if repeated and repeated.most_common(1)[0][1] > 1:
        tokens.append("L:repeated")
    return list(dict.fromkeys(tokens))


# Few classes, so that what one kind of destination teaches carries over to its like.
_LEADS_TO: dict[str, str] = {
    "shortener": "masked",
    "locker": "masked",
    "redirector": "masked",
    "unlisted": "elsewhere",
    "free-host": "elsewhere",
    "own": "own",
    "none": "nowhere",
    "fragment": "nowhere",
}


def leads_to(destination: Destination) -> str:
    """Return the class of what a link leads to."""
    return "named" if destination.named else _LEADS_TO.get(destination.kind, "known")


def link_tokens(destination: Destination) -> list[str]:
    """Return the words of a link together with what it leads to: stems, and pairs of stems.

    The same words mean one thing on a link to a known service and another on a shortened one.
    """
    link = destination.link
    stems = _stems_of(words_of_link(destination))
    where = leads_to(destination)
    tokens = [f"{where}:{stem}" for stem in stems]
    tokens += [f"{where}:{a} {b}" for a, b in pairwise(stems)]
    if link.role != "text":
        tokens += [f"{where}:{link.role}:{stem}" for stem in stems]
    return tokens


@dataclass(frozen=True, slots=True)
class ReadText:
    """A piece of text, normalised: words, tokens, and how often it says each kind of phrase."""

    normalized: str
    words: list[str]
    tokens: list[str]
    said: Mapping[str, int]


def unit_tokens(document: Document, unit: Unit, known: dict[str, ReadText]) -> list[str]:
    """Return a unit's tokens: n-grams of its words and of its picture buttons, its links.

    ``known`` keeps what was read of each text for the next reading of the same page.
    """
    tokens = list(read_unit(document, unit, known).tokens)
    for picture in read_pictures(unit, known):
        tokens += picture.tokens or ["L:image:wordless"]
    for destination in linked(unit):
        tokens += link_tokens(destination)
    tokens += destination_tokens(unit.destinations)
    return tokens


def unit_signals(document: Document, unit: Unit, known: dict[str, ReadText]) -> frozenset[str]:
    """Return what a unit does, whatever its language: kinds of phrases, classes of destinations."""
    texts = (read_unit(document, unit, known), *read_pictures(unit, known))
    said = {f"C:{kind}" for read in texts for kind in read.said}
    return frozenset(said | {f"W:{leads_to(d)}" for d in unit.destinations})


def read_unit(document: Document, unit: Unit, known: dict[str, ReadText]) -> ReadText:
    """Read a unit's own text."""
    return _read(document.text[unit.start : unit.end], known)


def passage_tokens(signals: Sequence[frozenset[str]]) -> list[str]:
    """Return what the units of a passage do together, given the signals of each.

    Each kind of phrase, each pair of them, and each pair and concept with a class of destination:
    what one language teaches of them holds in the others.
    """
    found = sorted(frozenset().union(*signals))
    said = [signal for signal in found if signal[0] == "C"]
    about = [signal for signal in found if signal[0] == "K"]
    leads = [signal for signal in found if signal[0] == "W"]
    pairs = [f"{a}+{b}" for a, b in combinations(said, 2)]
    return [
        *said,
        *(leads or ["W:none"]),
        *pairs,
        *(f"{phrase}+{lead}" for phrase in (*said, *pairs) for lead in leads or ["W:none"]),
        *(f"{concept}+{lead}" for concept in about for lead in leads),
    ]


def linked(unit: Unit) -> list[Destination]:
    """Return the links of a unit whose words are read: the outer ones of very many."""
    return _outer(unit.destinations, _MOST_LINKS)


def words_of_link(destination: Destination) -> list[str]:
    """Return the words of a link, or those it begins with."""
    return words_of(destination.link.text[:_LINK_CHARACTERS])


def read_pictures(unit: Unit, known: dict[str, ReadText]) -> list[ReadText]:
    """Read the words of a unit's picture buttons."""
    pictures = [d.link.text[:_LONGEST_UNIT] for d in unit.destinations if d.link.role == "image"]
    return [_read(alt, known) for alt in _outer(pictures, _MOST_PICTURES)]


def _read(text: str, known: dict[str, ReadText]) -> ReadText:
    if text not in known:
        normalized = normalize(text)
        words = _words_in(normalized)[:_MOST_WORDS]
        tokens = list(dict.fromkeys([*ngrams_of(words), *letters_of(words)]))
        known[text] = ReadText(normalized, words, tokens, count_phrases(normalized))
    return known[text]
