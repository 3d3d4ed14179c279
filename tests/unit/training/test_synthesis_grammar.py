"""The sentence grammar, and the phrases that every language must bring."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.synthesis.grammar import Grammar, GrammarError
from training.synthesis.language import (
    HONEST_SLOTS,
    LANGUAGES,
    LURE_OF,
    LURE_SLOTS,
    LURES,
    UI_SLOTS,
    VARIABLES,
    VOICE_SLOTS,
    load_language,
)

LURE_RULES = [f"{v}.{lure}.{s}" for v in ("bait", "honest") for lure in LURES for s in LURE_SLOTS]
VOICE_RULES = [f"{voice}.{slot}" for voice in ("bait", "honest") for slot in VOICE_SLOTS]
SHORT_RULES = [rule for rule in LURE_RULES if rule.endswith(".headline")]
LONG_RULES = [rule for rule in LURE_RULES if not rule.endswith(".headline")]
HONEST_RULES = [f"honest.{slot}" for slot in HONEST_SLOTS]
BUTTON_RULES = [f"shared.{lure}_button" for lure in LURES]


def every_sentence(grammar: Grammar, rule: str) -> set[str]:
    rng = Random(1)
    return {grammar.expand(rule, rng, {"who": "Ann"}) for _ in range(400)}


def test_choices_nest_and_may_be_empty():
    grammar = Grammar({"a.x": ["[go|[run|walk] far|] now."]}, frozenset())
    assert every_sentence(grammar, "a.x") == {"go now.", "run far now.", "walk far now.", "now."}
    assert grammar.variants("a.x") == 4


def test_a_slot_is_looked_up_near_then_shared_then_among_the_variables():
    rules = {"a.b.x": ["{y} {z} {who}"], "a.y": ["near"], "shared.y": ["far"], "shared.z": ["zed"]}
    assert every_sentence(Grammar(rules, frozenset({"who"})), "a.b.x") == {"near zed Ann"}


@pytest.mark.parametrize("line", ["[a|b", "a]", "{x", "x}", "{nobody}", "a|b", "[a|{x]"])
def test_a_line_that_cannot_be_read_is_refused(line: str):
    with pytest.raises(GrammarError):
        Grammar({"a.x": ["x"], "b.x": [line]}, frozenset())


def test_rules_that_contain_each_other_are_refused():
    with pytest.raises(GrammarError, match="contain each other"):
        Grammar({"a.x": ["{y}"], "a.y": ["{x}"]}, frozenset())


def test_an_empty_branch_leaves_no_gap_before_the_stop():
    assert every_sentence(Grammar({"a.x": ["Go [|]."]}, frozenset()), "a.x") == {"Go."}


@given(st.text(max_size=60))
def test_any_line_is_either_read_or_refused(line: str):
    try:
        grammar = Grammar({"a.x": [line]}, frozenset({"who"}))
    except GrammarError:
        return
    assert grammar.variants("a.x") >= 1
    assert isinstance(grammar.expand("a.x", Random(0), {"who": "Ann"}), str)


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_language_has_every_slot(code: str):
    language = load_language(code)
    wanted = [*LURE_RULES, *VOICE_RULES, *HONEST_RULES, *BUTTON_RULES]
    wanted += [f"ui.{slot}" for slot in UI_SLOTS]
    assert [rule for rule in wanted if rule not in language.grammar] == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_language_can_vary_every_slot(code: str):
    grammar = load_language(code).grammar
    rich = [*LONG_RULES, *VOICE_RULES, *HONEST_RULES]
    assert [rule for rule in rich if grammar.variants(rule) < 12] == []
    assert [rule for rule in [*SHORT_RULES, *BUTTON_RULES] if grammar.variants(rule) < 8] == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_language_names_places_for_every_lure(code: str):
    places = load_language(code).places
    assert set(LURES) <= set(places) <= {*LURES, *LURE_OF}
    for known in places.values():
        assert len(known) >= 5
        assert all(place.name and "." in place.host and "/" not in place.host for place in known)


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_language_brings_articles_of_its_own(code: str):
    articles = load_language(code).articles
    assert len(articles) >= 3
    assert all(len(article.paragraphs) >= 2 and article.title for article in articles)


def test_english_is_the_richest():
    totals = {code: _total(code) for code in LANGUAGES}
    assert totals.pop("en") > 3 * max(totals.values())


def _total(code: str) -> int:
    grammar = load_language(code).grammar
    return sum(grammar.variants(rule) for rule in [*LURE_RULES, *VOICE_RULES])


@pytest.mark.parametrize("code", LANGUAGES)
def test_bait_and_honest_share_the_words_of_their_buttons(code: str):
    """No button label may be evidence by itself: both voices reach the shared labels."""
    grammar = load_language(code).grammar
    words = {name: name for name in VARIABLES}
    for lure in LURES:
        said = [
            {grammar.expand(f"{voice}.{lure}.button", Random(n), words) for n in range(400)}
            for voice in ("bait", "honest")
        ]
        assert len(said[0] & said[1]) >= 5
