from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from model.features import Features
from model.hashing import LURE_HASHES, fold, hash_features, hash_rows, hash_runs, join_rows
from model.passages import Passage

TOKENS = st.lists(st.text(max_size=8), max_size=6)


@given(st.lists(TOKENS, min_size=1, max_size=5))
def test_a_token_counts_once_however_often_it_stands_there(rows):
    alone = [[number] for number in range(len(rows))]
    once = join_rows(hash_rows([sorted(set(row)) for row in rows]), alone)
    often = join_rows(hash_rows([row * 3 for row in rows]), alone)
    assert (once != often).nnz == 0
    assert set(once.data) <= {1.0}


UNITS = (["a"], ["b", "c"], ["c", "d"])
MEANINGS = (["K:film"], [], ["K:free"])
SIGNALS = (frozenset({"C:offer"}), frozenset[str](), frozenset({"W:own"}))
PASSAGES = (Passage(0, 1, 0, 2), Passage(1, 2, 1, 3), Passage(2, 2, 2, 3))


def test_a_passage_has_its_units_words_and_meaning_the_page_their_words_and_its_own():
    hashed = hash_features(Features((), ["e"], (0, 2), UNITS, MEANINGS, SIGNALS, PASSAGES))
    expected = [
        ["a", "b", "c", "K:film", "C:offer", "W:none", "C:offer+W:none"],
        ["b", "c", "d", "K:free", "W:own"],
        ["c", "d", "K:free", "W:own"],
    ]
    assert (hashed.passages != hash_rows(expected)).nnz == 0
    assert (hashed.page != hash_rows([["a", "c", "d", "e"]])).nnz == 0


def test_a_run_of_units_has_the_row_of_the_passage_it_is():
    hashed = hash_features(Features((), [], (), UNITS, MEANINGS, SIGNALS, PASSAGES))
    rows = hash_runs(hashed, [range(p.first, p.last + 1) for p in PASSAGES])
    assert (rows != hashed.passages).nnz == 0


@given(TOKENS)
def test_folded_rows_have_each_column_once(tokens):
    row = fold(hash_rows([tokens]))
    assert row.shape == (1, LURE_HASHES)
    assert len(set(row.indices)) == row.nnz <= len(set(tokens))
    assert set(row.data) <= {1.0}
