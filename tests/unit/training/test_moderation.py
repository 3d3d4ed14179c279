from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from saved_lines import line, prose

from model.document import Document
from model.saved import parse_saved_line
from training.corpus import LARGEST_CAMPAIGN, LabelledPage, read_corpus
from training.moderation import MOST_LABELS, MOST_SHARE, weigh_labels


def written(folder, *lines, name="pages.jsonl"):
    path = folder / name
    path.write_bytes(b"".join(lines))
    return path


def ids(corpus):
    return {page.saved.id for page in corpus.pages}


OWN = [
    *(line(f"b{n}", prose(n), "bait", group=f"campaign {n}") for n in range(30)),
    *(line(f"h{n}", prose(100 + n), group=f"site {n}") for n in range(30)),
]


def given_by(name, seed, label="ok", page_id=None, **more):
    return line(page_id or f"{name}-{seed}", prose(seed), label, labelled_by=name, **more)


def test_without_moderators_labels_pages_stay_as_they_are(tmp_path):
    corpus = read_corpus([written(tmp_path, *OWN)])
    assert [page.saved.id for page in corpus.pages] == [
        *(f"b{n}" for n in range(30)),
        *(f"h{n}" for n in range(30)),
    ]
    assert {(page.weight, page.labelled_by) for page in corpus.pages} == {(1.0, ())}
    assert (corpus.dropped, corpus.disputed) == ({}, ())


def test_where_moderators_disagree_nobody_is_believed(tmp_path):
    lines = [
        given_by("ada", 500, "bait"),
        given_by("bob", 500, "ok"),
        given_by("ada", 501, "bait", url="https://a.example/x"),
        given_by("bob", 502, "ok", url="https://a.example/x"),
        given_by("ada", 503, "bait"),
    ]
    corpus = read_corpus([written(tmp_path, *OWN, *lines)])
    assert {page for page in ids(corpus) if page[0] not in "bh"} == {"ada-503"}
    assert corpus.dropped == {"moderators disagree": 4}
    assert {review.id for review in corpus.disputed} == {"ada-500", "bob-500", "ada-501", "bob-502"}
    assert not any(review.used for review in corpus.disputed)


def test_people_who_agree_are_one_page_with_all_their_names(tmp_path):
    lines = [given_by(name, 500, "bait") for name in ("bob", "ada", "eve")]
    corpus = read_corpus([written(tmp_path, *OWN, *lines)])
    (page,) = (page for page in corpus.pages if page.labelled_by)
    assert page.labelled_by == ("ada", "bob", "eve")
    assert corpus.dropped == {"same text": 2}


def test_the_operators_own_label_counts_before_a_moderators(tmp_path):
    lines = [given_by("eve", 3, "ok"), given_by("eve", 4, "bait")]
    corpus = read_corpus([written(tmp_path, *lines, *OWN)])
    assert corpus.dropped == {"it contradicts a label of your own": 1, "same text": 1}
    assert {page.saved.id for page in corpus.pages} >= {"b3", "b4"}
    assert [review.by for review in corpus.disputed] == [("eve",)]


def test_twins_that_differ_in_a_link_alone_are_no_disagreement(tmp_path):
    html = "<p>See the film of the year</p><a href='{}'>here</a>"
    lines = [
        line("x", None, "bait", html=html.format("https://bit.ly/x"), labelled_by="ada"),
        line("y", None, "ok", html=html.format("https://a.example/"), labelled_by="bob"),
    ]
    corpus = read_corpus([written(tmp_path, *OWN, *lines)])
    assert {"x", "y"} <= ids(corpus)


def test_a_trusted_persons_labels_are_the_operators_own(tmp_path):
    lines = [given_by("ada", 500 + n, "bait", group=f"c{n}") for n in range(20)]
    corpus = read_corpus([written(tmp_path, *OWN, *lines)], trusted=("ada",))
    assert len(corpus.pages) == 80
    assert {(page.weight, page.labelled_by) for page in corpus.pages} == {(1.0, ())}


def test_a_flood_of_one_person_is_cut_to_what_a_person_may_give(tmp_path):
    flood = [given_by("eve", 1000 + n, group=f"e{n}") for n in range(MOST_LABELS + 50)]
    few = [given_by("ada", 5000 + n, group=f"a{n}") for n in range(5)]
    corpus = read_corpus([written(tmp_path, *flood, *few, *OWN)])
    people = Counter(by for page in corpus.pages for by in page.labelled_by)
    assert people == {"eve": MOST_LABELS, "ada": 5}
    assert corpus.dropped == {"more labels than a person may give": 50}
    places = sorted(int(i.split("-")[1]) for i in ids(corpus) if i.startswith("eve"))
    assert places[-1] > 1000 + MOST_LABELS, "the first pages of a flood must not be all"


def shares(pages, label):
    """Measure who has how much of a label's weight, as training weighs pages."""
    some = [page for page in pages if page.label == label]
    sizes = Counter((page.group, page.label) for page in pages)
    held = Counter()
    for page in some:
        weight = page.weight * sizes[page.group, label] ** -0.5
        held["all"] += weight
        for unit in {*(("person", by) for by in page.labelled_by)}:
            held[unit] += weight
        if page.labelled_by:
            held["group", page.group] += weight
    return {unit: weight / held["all"] for unit, weight in held.items() if unit != "all"}


def test_no_person_has_more_than_a_share_of_a_labels_weight(tmp_path):
    flood = [given_by("eve", 1000 + n, group=f"e{n}") for n in range(MOST_LABELS)]
    corpus = read_corpus([written(tmp_path, *OWN, *flood)])
    assert shares(corpus.pages, "ok")["person", "eve"] == pytest.approx(MOST_SHARE)
    own = {page.weight for page in corpus.pages if not page.labelled_by}
    assert own == {1.0}


def test_no_campaign_of_moderators_pages_has_more_than_a_share(tmp_path):
    people = ["ada", "bob", "eve", "mal", "sue", "tom"]
    lines = [
        given_by(people[n % 6], 1000 + n, "bait", group="one campaign")
        for n in range(LARGEST_CAMPAIGN)
    ]
    corpus = read_corpus([written(tmp_path, *OWN, *lines)])
    assert shares(corpus.pages, "bait")["group", "one campaign"] == pytest.approx(MOST_SHARE)


def test_labels_with_nothing_beside_them_teach_nothing(tmp_path):
    lines = [given_by("eve", 1000 + n, "bait", group=f"e{n}") for n in range(5)]
    corpus = read_corpus([written(tmp_path, *lines, *OWN[30:])])
    assert corpus.dropped == {"too few labels of others beside them": 5}
    assert {page.label for page in corpus.pages} == {"ok"}


def page(number, label, group, people, weight=1.0):
    saved = parse_saved_line(line(str(number), "words", label, group=group))
    return LabelledPage(saved, Document(None, "", ""), tuple(people), weight)


_pages = st.lists(
    st.tuples(
        st.sampled_from(["bait", "ok"]),
        st.sampled_from("abcdefgh"),
        st.sets(st.sampled_from(["ada", "bob", "eve"]), max_size=2),
    ),
    max_size=60,
)


@given(_pages)
def test_whatever_moderators_send_nobody_has_more_than_the_share(drawn):
    pages = [page(n, *one) for n, one in enumerate(drawn)]
    weighed = weigh_labels(pages, Counter())
    for label in ("bait", "ok"):
        assert all(share <= MOST_SHARE * 1.05 for share in shares(weighed, label).values())
    own = [p.saved.id for p in pages if not p.labelled_by]
    assert [p.saved.id for p in weighed if not p.labelled_by] == own
    assert all(0 < p.weight <= 1 for p in weighed)


def test_own_pages_come_before_moderators_where_a_site_is_full(tmp_path):
    crowd = [given_by("eve", 1000 + n, group="site 1") for n in range(LARGEST_CAMPAIGN)]
    corpus = read_corpus([written(tmp_path, *crowd, *OWN)])
    assert "h1" in ids(corpus)
    assert corpus.dropped["campaign or site too large"] == 1


def test_pages_of_what_is_kept_apart_are_not_learnt_from(tmp_path):
    guard = read_corpus(
        [
            written(
                tmp_path,
                line("g1", prose(900), "bait", group="campaign 3"),
                line("g2", prose(901), url="https://www.shop.example/a"),
                line("g3", prose(105)),
                name="guard.jsonl",
            )
        ],
        drop_duplicates=False,
    ).pages
    more = line("s", prose(700), url="https://shop.example/b")
    corpus = read_corpus([written(tmp_path, *OWN, more)], apart=guard)
    assert ids(corpus) == {f"b{n}" for n in range(30) if n != 3} | {
        f"h{n}" for n in range(30) if n != 5
    }
    assert corpus.dropped == {"kept apart as guard pages": 3}


def test_figures_are_counted_on_pages_as_they_are_labelled(tmp_path):
    lines = [given_by("ada", 500, "bait"), given_by("bob", 500, "ok")]
    corpus = read_corpus([written(tmp_path, *lines)], drop_duplicates=False)
    assert len(corpus.pages) == 2
