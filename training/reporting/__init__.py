"""How figures are shown: a report as one HTML page, and the model card as Markdown.

Nothing is measured here. Every word that comes from saved pages is hostile and is escaped where it
is put into a page: ``markup.element`` escapes all it is given but what it made itself.
"""
