"""html5lib's tree-construction tests agree as often as for bs4's stock tree over lxml."""

from benchmarks.tree_tests import CASES, agreement, read_ours, read_stock


def test_markup_is_understood_as_often_as_by_the_stock_builder():
    ours, stock = agreement(CASES, read_ours), agreement(CASES, read_stock)
    assert ours.count > 1_400
    assert ours == stock
    assert (round(ours.tags, 3), round(ours.text, 3)) == (0.792, 0.960)
