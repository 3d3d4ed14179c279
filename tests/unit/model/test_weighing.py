from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfTransformer

from model.weighing import DampedTfidf

ROWS = csr_matrix(np.array([[1, 1, 0, 0], [1, 0, 1, 1], [0, 0, 0, 1]], dtype=np.float32))


def lengths(rows):
    return np.sqrt(np.asarray(rows.power(2).sum(axis=1)).ravel())


def test_without_damping_it_is_plain_tf_idf():
    plain = TfidfTransformer().fit_transform(ROWS)
    assert np.allclose(DampedTfidf().fit_transform(ROWS).toarray(), plain.toarray())


@given(st.floats(0.1, 10_000))
def test_damping_shortens_short_rows_more_than_long_ones(damping):
    short, long = lengths(DampedTfidf(damping).fit(ROWS).transform(ROWS))[[2, 1]]
    assert 0 < short < long < 1


def test_an_empty_row_stays_empty():
    empty = DampedTfidf(5.0).fit(ROWS).transform(csr_matrix((1, 4), dtype=np.float32))
    assert lengths(empty) == pytest.approx([0.0])
