"""The pure core: a page goes in, a verdict with its reasons comes out.

No network, no database, no clock. The way of one page, a module a step::

    url -> page -> document -> passages -> features -> classifier -> verdict -> judge

Each module imports only those before it. ``judge.judge_page`` is the door.
"""
