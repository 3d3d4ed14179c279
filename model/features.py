"""Features: named numbers and texts, each made by a function of its own from one reading.

``FEATURES`` maps every name to its function and to the sentence that people are shown when it
speaks for bait. Numbers are roughly between 0 and 1, counts on a logarithmic scale.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from math import log1p

from model.document import Document
from model.known_hosts import BRANDS
from model.lexicon import count_phrases
from model.lookalike import registrable_label, skeleton
from model.meaning import Meaning, unit_meanings
from model.normalize import count_disguised, normalize
from model.passages import (
    Destination,
    Passage,
    ReadText,
    Unit,
    cut_passages,
    cut_units,
    destination_tokens,
    find_destinations,
    ngrams_of,
    read_unit,
    unit_signals,
    unit_tokens,
    words_of,
)

SCHEMA = 7  # raised whenever a feature's meaning changes: an artefact of another one is refused

_CLOSING_CHARACTERS = 400
_BODY_CHARACTERS = 12_000
_PROSE_CHARACTERS = 120


@dataclass(frozen=True)
class Reading:
    """A document with everything that several features look at, each computed once."""

    document: Document
    # The texts already read, for the reading of the same page without its evidence.
    known_texts: dict[str, ReadText] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def destinations(self) -> tuple[Destination, ...]:
        """What each link leads to, in order."""
        return find_destinations(self.document)

    @cached_property
    def elsewhere(self) -> tuple[Destination, ...]:
        """The links that leave the page for a place that nothing vouches for."""
        return tuple(d for d in self.destinations if d.is_elsewhere)

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        """The pieces of the text."""
        return cut_units(self.document, self.destinations)

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """The overlapping runs of units that are looked at by themselves."""
        return cut_passages(self.units)

    @cached_property
    def unit_tokens(self) -> tuple[list[str], ...]:
        """The tokens of each unit."""
        return tuple(unit_tokens(self.document, unit, self.known_texts) for unit in self.units)

    @cached_property
    def unit_meanings(self) -> tuple[Meaning, ...]:
        """What each unit is about, whatever its language."""
        return unit_meanings(self.document, self.units, self.known_texts)

    @cached_property
    def unit_signals(self) -> tuple[frozenset[str], ...]:
        """What each unit does and is about, whatever its language."""
        return tuple(
            unit_signals(self.document, unit, self.known_texts) | meaning.signals
            for unit, meaning in zip(self.units, self.unit_meanings, strict=True)
        )

    @cached_property
    def page_units(self) -> tuple[int, ...]:
        """The numbers of the units that the page view reads: those of both ends of the text."""
        end = len(self.document.text) - _BODY_CHARACTERS // 2
        return tuple(
            number
            for number, unit in enumerate(self.units)
            if unit.start < _BODY_CHARACTERS // 2 or unit.start > end
        )

    @cached_property
    def outer_texts(self) -> tuple[ReadText, ...]:
        """What is read at both ends of the text: all of it, but for very long pages."""
        return tuple(
            read_unit(self.document, self.units[number], self.known_texts)
            for number in self.page_units
        )

    @cached_property
    def text(self) -> str:
        """The visible text, normalised, cut to what features look at."""
        return "\n".join(read.normalized for read in self.outer_texts)

    @cached_property
    def title(self) -> str:
        """The title, normalised; the first line where the page has none."""
        title = self.document.title or self.document.text[:200].partition("\n")[0]
        return normalize(title)[:300]

    @cached_property
    def closing(self) -> str:
        """The last lines of the text that stand outside the page's furniture, normalised."""
        blocks = [b for b in self.document.blocks if not b.in_page_frame] or self.document.blocks
        if not blocks:
            return ""
        end = blocks[-1].end
        return normalize(self.document.text[max(0, end - _CLOSING_CHARACTERS) : end])

    @cached_property
    def buttons(self) -> str:
        """The words of links and picture buttons that lead elsewhere, normalised."""
        return normalize(" | ".join(d.link.text[:120] for d in self.elsewhere[:60]))

    @cached_property
    def said(self) -> Counter[str]:
        """How often the text calls, offers, warns and so on."""
        counts: Counter[str] = Counter()
        for read in self.outer_texts:
            counts.update(read.said)
        return counts

    @cached_property
    def said_in_closing(self) -> Counter[str]:
        """What the closing says."""
        return count_phrases(self.closing)

    @cached_property
    def said_in_buttons(self) -> Counter[str]:
        """What the links and picture buttons that lead elsewhere say."""
        return count_phrases(self.buttons)

    @cached_property
    def hidden_text(self) -> str:
        """What is in the page but not shown, normalised."""
        return normalize(" ".join(h.text for h in self.document.hidden)[:4_000])


@dataclass(frozen=True, slots=True)
class Features:
    """What the classifier sees of a page.

    ``numbers`` follow the order of ``FEATURES``; ``unit_tokens``, ``meaning_tokens`` and
    ``unit_signals`` are those of each unit; ``passages`` runs of units by index. The whole page has
    the ``unit_tokens`` of ``page_units``, and ``page_tokens``.
    """

    numbers: tuple[float, ...]
    page_tokens: list[str]
    page_units: tuple[int, ...]
    unit_tokens: tuple[list[str], ...]
    meaning_tokens: tuple[list[str], ...]
    unit_signals: tuple[frozenset[str], ...]
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Feature:
    """A named number: how it is computed, and what it tells people when it speaks for bait.

    ``sign`` is what it may speak for: 1 for bait, -1 for an honest page, never for either.
    """

    compute: Callable[[Reading], float]
    sentence: str
    sign: int


FEATURES: dict[str, Feature] = {}


def _feature(
    sentence: str, sign: int = 1
) -> Callable[[Callable[[Reading], float]], Callable[[Reading], float]]:
    def register(function: Callable[[Reading], float]) -> Callable[[Reading], float]:
        FEATURES[function.__name__] = Feature(function, sentence, sign)
        return function

    return register


def _log(count: float, full: float = 20.0) -> float:
    """Put a count on a logarithmic scale that reaches 1, and ends, at ``full``.

    Without an end, a page could buy itself free by repeating what speaks for honest pages.
    """
    return min(1.0, log1p(count) / log1p(full))


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def _count(pattern: re.Pattern[str], text: str) -> int:
    return len(pattern.findall(text))


# --- where it leads ------------------------------------------------------------------------------


@_feature("A link hides where it leads behind a shortener.")
def shortened_destination(reading: Reading) -> float:
    """Number of links through a URL shortener."""
    return _log(sum(d.kind == "shortener" for d in reading.destinations), 5)


@_feature("A link leads to a file locker or an offer wall.")
def locker_destination(reading: Reading) -> float:
    """Number of links to lockers and offer walls."""
    return _log(sum(d.kind == "locker" for d in reading.destinations), 5)


@_feature("A link leads to a host where anyone gets a name within a minute.")
def free_host_destination(reading: Reading) -> float:
    """Number of links to freely made hosts."""
    return _log(sum(d.kind == "free-host" for d in reading.destinations), 5)


@_feature("A link goes through a redirect script of the page's own site.")
def redirector_destination(reading: Reading) -> float:
    """Number of links through the page's own redirect scripts."""
    return _log(sum(d.kind == "redirector" for d in reading.destinations), 5)


@_feature("A link shows one address and leads to another.")
def masked_destination(reading: Reading) -> float:
    """Number of links whose words are an address of another site than they lead to."""
    return _log(sum(d.masked for d in reading.destinations), 3)


_CHEAP_SUFFIXES = frozenset(
    "xyz top club online site website space fun icu buzz click link live stream pw tk ml ga cf gq "
    "cc ws su rest lol cyou sbs cfd monster quest bond win bid loan download racing date faith "
    "review trade party science men work zip mov".split()
)


@_feature("A link leads to a host under a suffix that is sold for cents.")
def cheap_suffix_destination(reading: Reading) -> float:
    """Number of links elsewhere under cheap top-level domains."""
    cheap = sum(d.domain.rpartition(".")[2] in _CHEAP_SUFFIXES for d in reading.elsewhere)
    return _log(cheap, 5)


@_feature("The same outside address is linked again and again.")
def repeated_destination(reading: Reading) -> float:
    """How often the most repeated address elsewhere is linked, beyond the first time."""
    repeats = Counter(d.link.href for d in reading.elsewhere)
    return _log(max(repeats.values(), default=1) - 1, 10)


@_feature("Every outside link leads to one and the same unlisted site.")
def single_destination(reading: Reading) -> float:
    """1 where all links elsewhere lead to one domain."""
    domains = {d.domain for d in reading.elsewhere}
    return float(len(domains) == 1 and bool(reading.elsewhere))


@_feature("It leads to a site whose name the page does not say.")
def unsaid_destination(reading: Reading) -> float:
    """Number of sites elsewhere whose name stands nowhere in the page's own words."""
    return _log(len({d.domain for d in reading.elsewhere if not d.named}), 10)


@_feature("It names a known brand and leads its reader somewhere else.")
def brand_elsewhere(reading: Reading) -> float:
    """1 where title or buttons name a brand, links go elsewhere, and none goes to the brand."""
    words = set(re.findall(r"[a-z0-9-]{4,}", f"{reading.title} {reading.buttons}"))
    named = words & BRANDS
    if not named or not reading.elsewhere:
        return 0.0
    reached = {d.domain.partition(".")[0] for d in reading.destinations if not d.is_elsewhere}
    return float(not named & reached)


@_feature("It asks to watch, download or claim something and names no place for it.")
def promise_without_place(reading: Reading) -> float:
    """1 where the text calls to act and there is no link at all."""
    return float(not reading.destinations and reading.said["call_to_action"] > 0)


@_feature("It sends its reader to a destination it does not name, such as a partner site.")
def unnamed_destination(reading: Reading) -> float:
    """Mentions of partner sites, links below and the like."""
    return _log(reading.said["unnamed_destination"], 5)


_BRAND_SKELETONS = {skeleton(brand): brand for brand in BRANDS}


def _imitates(domain: str) -> bool:
    label = registrable_label(domain)
    return _BRAND_SKELETONS.get(skeleton(label), label) != label


@_feature("A link leads to a host that imitates the name of a known one.")
def lookalike_destination(reading: Reading) -> float:
    """Number of sites elsewhere whose name looks like a known service's or store's."""
    return _log(sum(_imitates(d) for d in {d.domain for d in reading.elsewhere}), 3)


@_feature("A button that leads elsewhere is only a picture.")
def image_button(reading: Reading) -> float:
    """Number of picture links that lead elsewhere."""
    return _log(sum(d.link.role == "image" for d in reading.elsewhere), 5)


@_feature("The page sends its reader on by itself, with a refresh or a script.")
def automatic_redirect(reading: Reading) -> float:
    """1 where a meta refresh or script leads elsewhere."""
    return float(any(d.link.role in {"refresh", "script"} for d in reading.elsewhere))


@_feature("A button or a frame loads another site without showing its address.")
def scripted_destination(reading: Reading) -> float:
    """Number of onclick, data-href and frame destinations elsewhere."""
    return _log(sum(d.link.role in {"button", "frame"} for d in reading.elsewhere), 5)


@_feature("A form sends what is typed to another site.")
def form_elsewhere(reading: Reading) -> float:
    """1 where a form's target is elsewhere."""
    return float(any(d.link.role == "form" for d in reading.elsewhere))


@_feature("A link that readers cannot see leads elsewhere.")
def hidden_link(reading: Reading) -> float:
    """Number of hidden links elsewhere."""
    return _log(sum(d.link.hidden for d in reading.elsewhere), 10)


# --- what it says --------------------------------------------------------------------------------


@_feature("It urges its reader to watch, download, unlock or claim.")
def call_to_action(reading: Reading) -> float:
    """Number of calls to action in the text."""
    return _log(reading.said["call_to_action"], 20)


@_feature("Its buttons urge to watch, download, unlock or claim, on a site nothing vouches for.")
def button_call(reading: Reading) -> float:
    """Calls to action in the words of links that lead elsewhere."""
    return _log(reading.said_in_buttons["call_to_action"], 5)


@_feature("It ends by urging its reader to go elsewhere.")
def closing_call(reading: Reading) -> float:
    """Calls to action in the closing lines."""
    return _log(reading.said_in_closing["call_to_action"], 3)


@_feature("It closes by pointing to a place that it does not name.")
def closing_unnamed(reading: Reading) -> float:
    """Unnamed destinations in the closing lines."""
    return _log(reading.said_in_closing["unnamed_destination"], 3)


@_feature("It offers too much: free, full, unlimited, unlocked.")
def offer(reading: Reading) -> float:
    """Density of offers: 1 at about one in a hundred characters."""
    count = reading.said["offer"]
    return min(1.0, _share(100.0 * count, len(reading.text) + 200))


@_feature("A note moves responsibility away: the content is hosted elsewhere.")
def disclaimer(reading: Reading) -> float:
    """Number of disclaimers."""
    return _log(reading.said["disclaimer"], 4)


@_feature("It presses for time or flatters with a win.")
def pressure(reading: Reading) -> float:
    """Density of pressure: limited time, winners, viewers online."""
    return _log(reading.said["pressure"], 10)


@_feature("It warns of fraud.", sign=-1)
def warning(reading: Reading) -> float:
    """Number of warnings: speaks for an honest page, as those who quote bait warn of it."""
    return _log(reading.said["warning"], 10)


@_feature("The words of its title are repeated over and over.")
def stuffed_title(reading: Reading) -> float:
    """How often the title's first words come again in the text, per length."""
    words = re.findall(r"\w+", reading.title)[:3]
    phrase = " ".join(words)
    if len(phrase) < 8:
        return 0.0
    return _log(max(0, reading.text.count(phrase) - 2), 15)


@_feature("Words are spelled with look-alike letters, so that filters miss them.")
def disguised_letters(reading: Reading) -> float:
    """Number of words with styled or mixed-script letters."""
    return _log(count_disguised(reading.document.text[:_BODY_CHARACTERS]), 20)


_MARKS = re.compile(r"[►▶➤➡⇒⇨➜➔👉⏩⏬👇🔗☛»🔴✅🎁🔥💰⭐✔📺🎬⬇]|=+>|-+>|>>+")


@_feature("Arrows and signs push towards a link.")
def pushing_marks(reading: Reading) -> float:
    """Number of arrows and pushing emoji in the text."""
    return _log(_count(_MARKS, reading.document.text[:_BODY_CHARACTERS]), 20)


_CLOCK = re.compile(
    r"\b\d{1,3} ?(?:sec|seconds?|min|mins|minutes?|h|hours?) ago|\b\d\d:\d\d:\d\d\b"
)


@_feature("A countdown or a claim of freshness makes it look urgent.")
def fake_freshness(reading: Reading) -> float:
    """Number of countdowns and 'seconds ago' marks."""
    return _log(_count(_CLOCK, reading.text), 5)


@_feature("Text is hidden from its readers.")
def hidden_words(reading: Reading) -> float:
    """Length of the hidden text."""
    return _log(len(reading.hidden_text), 4_000)


# --- how it is built -----------------------------------------------------------------------------


@_feature("A form asks for an account name on a page that promises something.")
def asks_for_account(reading: Reading) -> float:
    """1 where a form has a text or e-mail field and the page makes offers."""
    fields = set(chain.from_iterable(form.field_types for form in reading.document.forms))
    return float(bool(fields & {"text", "email", "tel"}) and reading.said["offer"] > 0)


def _character_ngrams(prefix: str, text: str) -> list[str]:
    """Return character n-grams of length 4 within words, with the word's edges marked."""
    grams: list[str] = []
    for word in text.split():
        padded = f" {word[:30]} "
        grams += [f"{prefix}{padded[i : i + 4]}" for i in range(max(1, len(padded) - 3))]
    return grams


def page_tokens(reading: Reading) -> list[str]:
    """Return what the page view reads besides units: title, closing, hidden words, letters."""
    title = [f"t:{token}" for token in ngrams_of(words_of(reading.title))]
    closing = [f"c:{token}" for token in ngrams_of(words_of(reading.closing))]
    hidden = [f"h:{word}" for word in words_of(reading.hidden_text)]
    return [
        *title,
        *closing,
        *hidden,
        *_character_ngrams("tc:", reading.title),
        *_character_ngrams("cc:", reading.closing),
        *(f"p:{token}" for token in destination_tokens(reading.destinations)),
    ]


def extract_features(reading: Reading) -> Features:
    """Compute every feature of a document. Pure; cost grows linearly with the text."""
    return Features(
        numbers=tuple(float(feature.compute(reading)) for feature in FEATURES.values()),
        page_tokens=page_tokens(reading),
        page_units=reading.page_units,
        unit_tokens=reading.unit_tokens,
        meaning_tokens=tuple(meaning.tokens for meaning in reading.unit_meanings),
        unit_signals=reading.unit_signals,
        passages=reading.passages,
    )
