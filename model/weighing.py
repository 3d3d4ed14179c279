"""Weighing: TF-IDF whose rows have unit length only where they are long enough to be sure of."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_matrix, diags_array
from sklearn.feature_extraction.text import TfidfTransformer


class DampedTfidf(TfidfTransformer):  # type: ignore[misc]
    """TF-IDF divided by ``sqrt(|row|^2 + damping)`` instead of by the row's length.

    With plain length normalisation two words alone weigh as much as two hundred, so a button or a
    line of figures gets scores that nothing else on a page reaches. The damping is a prior for
    them; it is in squared idf, some 40 a word. Cf. pivoted length normalisation: A. Singhal,
    C. Buckley, M. Mitra, "Pivoted document length normalization", 1996.
    """

    def __init__(self, damping: float = 0.0) -> None:
        super().__init__(norm=None)
        self.damping = damping

    def transform(self, X: csr_matrix, copy: bool = True) -> csr_matrix:  # noqa: N803
        """Weigh rows of ones, or of counts."""
        weighed = super().transform(X, copy=copy)
        squares = np.asarray(weighed.power(2).sum(axis=1)).ravel() + self.damping
        return csr_matrix(diags_array(1.0 / np.sqrt(np.maximum(squares, 1e-12))) @ weighed)
