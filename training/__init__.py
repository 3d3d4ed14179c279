"""Offline learning: saved pages with labels go in, an artefact and a report come out."""
