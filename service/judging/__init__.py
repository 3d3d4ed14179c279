"""Judging saved pages in bulk: inputs in, answers out, in order and in bounded memory."""
