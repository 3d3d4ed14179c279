"""The JSON API under /v1: views that parse, call and render."""
