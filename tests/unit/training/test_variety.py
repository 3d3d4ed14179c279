"""What the measures of variety say of pages whose variety is known."""

from __future__ import annotations

from dataclasses import replace

from training.synthesis import Generated, generate
from training.variety import measure_variety, nearest_templates

PAGE = Generated(
    id="a",
    label="bait",
    html=None,
    text="Boats come home.\nGet the red boat at the next page",
    url=None,
    group="g",
    lang="en",
    lure="download",
    pair="p1",
    planted=("Get the red boat at the next page",),
    template="notes",
    article_group="g",
    purpose="bait",
)
OTHER = replace(
    PAGE,
    id="b",
    pair="p2",
    text="# Trains\n\nA line of rails.\n- Open blue doors with no key today please",
    planted=("Open blue doors with no key today please",),
    template="readme",
)


def test_distinct_wordings_are_counted_for_each_bait_page():
    (found,) = measure_variety([PAGE, OTHER])
    assert (found.lang, found.pages) == ("en", 2)
    assert found.wordings == 5.0  # eight words hold five runs of four, twice


def test_addresses_are_no_variety():
    address = "https://example.org/a/b/c/d/e/f"
    (found,) = measure_variety([replace(PAGE, planted=(*PAGE.planted, address))])
    assert found.wordings == 5.0


def test_a_passage_that_comes_again_is_a_near_copy():
    (found,) = measure_variety([PAGE, replace(OTHER, planted=PAGE.planted)])
    assert found.near_passages == 0.5
    assert found.near_pages == 0.0


def test_a_page_that_comes_again_in_another_family_is_a_near_copy():
    (found,) = measure_variety([PAGE, replace(PAGE, id="c", pair="p3")])
    assert found.near_pages == 0.5


def test_pages_of_one_family_and_label_are_counted_once():
    (found,) = measure_variety([PAGE, replace(PAGE, id="c")])
    assert found.near_pages == 0.0


def test_scripts_that_do_not_part_words_are_counted_by_letters():
    (found,) = measure_variety([replace(PAGE, lang="ja", planted=("こちらからどうぞ見て",))])
    assert found.wordings == 7.0


def test_languages_are_measured_apart():
    assert [v.lang for v in measure_variety([PAGE, replace(OTHER, lang="de")])] == ["de", "en"]


def test_templates_of_the_same_build_are_wholly_alike_and_others_are_not():
    same = replace(PAGE, template="copy")
    first = nearest_templates([PAGE, same, OTHER])[0]
    assert {first.template, first.nearest} == {"notes", "copy"}
    assert first.similarity == 1.0
    assert nearest_templates([PAGE, OTHER])[0].similarity < 0.5


def test_markup_is_never_compared_with_text():
    page = replace(PAGE, html="<p class='a'>x</p>", text=None, template="story")
    assert nearest_templates([PAGE, page]) == ()


def test_the_generator_reaches_the_goals_on_a_small_draw():
    """The benchmark holds a large draw to tighter goals."""
    pages = list(generate([], count=1500, seed=21, languages=["en", "es", "ja", "ar"]))
    for found in measure_variety(pages):
        assert found.wordings >= 8
        assert found.near_passages <= 0.05
    assert nearest_templates(pages)[0].similarity <= 0.7
