from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from model.features import Features
from model.hashing import LURE_HASHES, fold, hash_features, hash_rows, join_rows
from model.passages import Passage

TOKENS = st.lists(st.text(max_size=8), max_size=6)


@given(st.lists(TOKENS, min_size=1, max_size=5))
def test_a_token_counts_once_however_often_it_stands_there(rows):
    alone = [[number] for number in range(len(rows))]
    once = join_rows(hash_rows([sorted(set(row)) for row in rows]), alone)
    often = join_rows(hash_rows([row * 3 for row in rows]), alone)
    assert (once != often).nnz == 0
    assert set(once.data) <= {1.0}


def test_a_passage_has_the_tokens_of_its_units_and_the_page_those_of_its_own_too():
    units = (["a"], ["b", "c"], ["c", "d"])
    passages = (Passage(0, 1, 0, 2), Passage(1, 2, 1, 3), Passage(2, 2, 2, 3))
    hashed = hash_features(Features((), ["e"], (0, 2), units, passages))
    assert (hashed.passages != hash_rows([["a", "b", "c"], ["b", "c", "d"], ["c", "d"]])).nnz == 0
    assert (hashed.page != hash_rows([["a", "c", "d", "e"]])).nnz == 0


@given(TOKENS)
def test_folded_rows_have_each_column_once(tokens):
    row = fold(hash_rows([tokens]))
    assert row.shape == (1, LURE_HASHES)
    assert len(set(row.indices)) == row.nnz <= len(set(tokens))
    assert set(row.data) <= {1.0}
