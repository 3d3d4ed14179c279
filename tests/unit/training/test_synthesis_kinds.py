"""Kinds of lures, kinds of honest pages, and money: what a language may add."""

from __future__ import annotations

import re
from random import Random

import pytest

from training.synthesis.backgrounds import compose
from training.synthesis.destinations import Site, cover_address, invent_place
from training.synthesis.language import KINDS, LANGUAGES, LURE_SLOTS, Place, load_language
from training.synthesis.money import draw_currency, price, sum_of_money
from training.synthesis.plan import ARTICLE_SHAPES, draw_plan
from training.synthesis.voices import draw_scene, fill, freshened, speaker

SITE = Site("Harbour Post", "harbourpost.example", "https://harbourpost.example/a")


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_kind_that_a_language_knows_has_all_slots_in_both_voices(code: str):
    grammar = load_language(code).grammar
    for kind in (kind for kinds in KINDS.values() for kind in kinds):
        rules = [f"{voice}.{kind}.{slot}" for voice in ("bait", "honest") for slot in LURE_SLOTS]
        known = [rule for rule in rules if rule in grammar]
        assert known in ([], rules)
        assert [rule for rule in known if grammar.variants(rule) < 5] == []


def test_a_language_without_kinds_speaks_from_its_lures():
    language = load_language("en")
    assert language.kinds_of("live") == ("live",)
    assert language.kinds_of("download") == ("download", "book")
    assert set(language.kinds_of("other")) == {"other", *KINDS["other"]}


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_kind_of_page_can_be_composed(code: str):
    language = load_language(code)
    assert {"manual", "guide", "filmblog", "deal"} <= set(language.page_kinds)
    scene = draw_scene(Random(1), language, SITE, "")
    for kind in language.page_kinds:
        said = set()
        for seed in range(20):
            page = compose(Random(seed), language, kind, scene, "button")
            assert page.article.title
            assert page.article.lang == code
            assert all(piece.href and piece.text for piece in page.pieces)
            said.update(page.article.paragraphs)
        assert len(said) > 20


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_fee_is_smaller_than_a_prize_and_both_are_written_with_their_currency(code: str):
    rng = Random(5)
    for _ in range(200):
        currency = draw_currency(rng, code)
        fee, prize = price(rng, currency), sum_of_money(rng, currency)
        assert re.search(r"\d", fee)
        sign = currency.pattern.replace("{}", "").strip()
        assert sign in fee
        assert sign in prize
        assert _whole(fee, currency) < 45 * currency.worth
        assert _whole(prize, currency) >= 18 * currency.worth


def _whole(written: str, currency) -> int:
    number = written.replace(currency.pattern.replace("{}", "").strip(), "").strip()
    if currency.comma:
        number = number.partition(currency.comma)[0]
    return int(re.sub(r"\D", "", number))


def test_an_address_in_disguise_names_the_place_and_is_not_its_host():
    place = Place("Netflix", "netflix.com")
    for seed in range(200):
        host = cover_address(Random(seed), place, "Night train").split("/")[2]
        assert "netflix" in host
        assert host != "netflix.com"
        assert not host.endswith(".netflix.com")


@pytest.mark.parametrize("code", LANGUAGES)
def test_small_honest_places_have_their_own_names_as_hosts(code: str):
    for seed in range(50):
        place = invent_place(Random(seed), code)
        first = re.sub(r"[^a-z]", "", place.host.split(".")[0])
        assert first
        assert place.name.split()[0][0].lower() == first[0]


def test_bait_in_an_honest_service_s_words_leads_somewhere_that_is_not_the_service():
    language = load_language("en")
    covered = 0
    for seed in range(600):
        rng = Random(seed)
        plan = draw_plan(rng, "streaming", ARTICLE_SHAPES, links=("text", "none"), markup=True)
        who = speaker(rng, "bait", draw_scene(rng, language, SITE, "Night train"), plan)
        links = [piece.href for piece in fill(rng, who, plan) if piece.href]
        if who.cover:
            covered += 1
            assert links
        assert not any(href.split("/")[2:3] == [who.place.host] for href in links)
    assert covered > 20


def test_a_freshened_headline_keeps_its_words():
    scene = draw_scene(Random(1), load_language("en"), SITE, "Night train")
    assert all(
        "The harbour {x}" in freshened(Random(seed), "The harbour {x}", scene) for seed in range(60)
    )
