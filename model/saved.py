"""Saved pages: one JSON object a line, as people exchange and label them."""
