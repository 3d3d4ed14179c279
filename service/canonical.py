"""Canonical addresses, remembered: one request asks for the form of the same address repeatedly."""

from __future__ import annotations

from functools import lru_cache

from model.url import canonicalize_url

# Raises InvalidUrl as the function does; what cannot be parsed is not remembered.
canonical = lru_cache(maxsize=20_000)(canonicalize_url)
