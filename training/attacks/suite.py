"""The attacks by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

from model.page import Page
from training.attacks import letters, linking, padding, wording
from training.attacks.letters import Disguising, in_words
from training.attacks.pages import rewrite
from training.synthesis.chance import chance

Rewrite = Callable[[Page, Random], Page | None]


@dataclass(frozen=True, slots=True)
class Attack:
    """One way to rewrite a page, and what it does to it in a sentence."""

    rewrite: Rewrite
    description: str


def _letters(disguising: Disguising, share: float, description: str) -> Attack:
    some, every = in_words(disguising, share), in_words(disguising, 1.0)

    def rewritten(page: Page, rng: Random) -> Page | None:
        # On a page of few words it may happen that none is drawn.
        return rewrite(page, some, rng) or rewrite(page, every, rng)

    return Attack(rewritten, description)


ATTACKS: Mapping[str, Attack] = {
    "look-alike letters": _letters(
        letters.look_alike, 0.85, "Letters of other alphabets stand for those they look like."
    ),
    "styled letters": _letters(
        letters.styled, 0.8, "Latin letters come from a mathematical alphabet."
    ),
    "fullwidth letters": _letters(
        letters.fullwidth, 0.8, "Latin letters are as wide as ideographs."
    ),
    "enclosed letters": _letters(
        letters.enclosed, 0.7, "Latin letters stand in circles, squares or brackets."
    ),
    "small capitals": _letters(
        letters.small_capitals, 0.8, "Latin letters are phonetic small capitals, or raised."
    ),
    "invisible characters": _letters(
        letters.invisible, 0.9, "Characters without width stand between letters."
    ),
    "soft hyphens": _letters(
        letters.soft_hyphens, 0.9, "Hyphens that show at a line's end only stand between letters."
    ),
    "leetspeak": _letters(letters.leetspeak, 0.6, "Digits and signs stand for letters."),
    "spaced letters": _letters(letters.spaced, 0.4, "Blanks stand between a word's letters."),
    "punctuated letters": _letters(
        letters.punctuated, 0.4, "Marks stand between a word's letters."
    ),
    "direction marks": _letters(
        letters.direction_marks, 0.9, "Marks of reading direction stand between letters."
    ),
    "reversed letters": _letters(
        letters.reversed_letters, 0.45, "Words are written backwards and turned on the screen."
    ),
    "changed case": _letters(
        letters.changed_case, 0.9, "Capitals and small letters change at random."
    ),
    "added marks": _letters(
        letters.added_marks, 0.7, "Letters carry accents and strokes, or are stretched."
    ),
    "dropped accents": _letters(letters.dropped_accents, 1.0, "Accents are left out."),
    "emoji between words": Attack(
        wording.emoji_between_words, "Pictures stand between words in place of blanks."
    ),
    "joined words": Attack(
        wording.joined_words, "Short lines are written without blanks, or with marks for them."
    ),
    "split words": Attack(
        wording.split_words, "Elements and comments cut words into pieces."
    ),
    "hidden letters": Attack(
        wording.hidden_letters, "Letters that are not shown stand within words."
    ),
    "entities": Attack(wording.entities, "Letters are written as numeric references."),
    "split calls": Attack(
        wording.split_calls, "Calls to act are broken into lines of a word or two."
    ),
    "blank padding": Attack(
        wording.blank_padding, "Dots or blank lines push half of the page down."
    ),
    "image calls": Attack(
        linking.image_calls, "Links' words become pictures with a file name or a short text."
    ),
    "scripted links": Attack(
        linking.scripted_links, "Handlers, data attributes and forms lead where links led."
    ),
    "computed links": Attack(
        linking.computed_links, "A script puts the addresses of links together."
    ),
    "shortened links": Attack(linking.shortened_links, "Links lead through a shortener."),
    "redirected links": Attack(
        linking.redirected_links, "Links lead through a redirecting script."
    ),
    "spelled addresses": Attack(
        linking.spelled_addresses, "Addresses are written out to be typed, with words for dots."
    ),
    "hidden padding": Attack(
        padding.hidden_padding, "Honest prose is hidden before and after everything."
    ),
    "honest padding": Attack(
        padding.honest_padding, "Long honest prose stands before and after everything."
    ),
    "honest links": Attack(
        padding.honest_links, "Links to encyclopaedias and newspapers, and a menu, are added."
    ),
}  # fmt: skip


def attack(page: Page, name: str, seed: int) -> Page | None:
    """Rewrite a page by the attack of that name; the same arguments give the same copy.

    None where the attack cannot apply, such as on links where there are none. Raises KeyError for
    a name that is not in ``ATTACKS``.
    """
    rewriting = ATTACKS[name].rewrite
    # Seeded by the page as well, so that the pages of a set are not all attacked alike.
    return rewriting(page, chance(f"{seed}/{name}/{len(page.body)}/{page.body[-500:]!r}"))
