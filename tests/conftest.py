"""What holds for every test."""

from __future__ import annotations

from hypothesis import settings

# How long one example takes says more about the machine's load than about the code; whole tests
# have a timeout. Everything else stays as it is, here and in CI, where hypothesis repeats itself.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
