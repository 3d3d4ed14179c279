"""Importers: what operators bring, turned into saved pages.

table.py     a CSV of labels with a folder of saved pages, and a CSV of labels by address
archive.py   WARC files
account.py   what was written, what was left out and why
commands.py  baitwatch import csv | warc
"""
