from hypothesis import given
from hypothesis import strategies as st

from kei_site.common.charts import HEIGHT, bar_chart


def test_the_largest_fills_the_drawing_and_nothing_is_drawn_for_nothing():
    chart = bar_chart("x", [("Jan", 0), ("Feb", 50), ("Mar", 100)])
    assert [(bar.top, bar.height) for bar in chart.bars] == [(100, 0), (50, 50), (0, 100)]
    assert (chart.base, chart.width, chart.first, chart.last) == (100, 3, "Jan", "Mar")


def test_figures_under_zero_hang_from_the_base_line():
    chart = bar_chart("x", [("Jan", 30), ("Feb", -10)])
    assert chart.base == 75
    assert [(bar.top, bar.height) for bar in chart.bars] == [(0, 75), (75, 25)]


def test_a_drawing_of_nothing_is_empty():
    assert bar_chart("x", []).bars == []
    assert bar_chart("x", []).first == ""
    assert bar_chart("x", [("Jan", 0)]).bars[0].height == 0


@given(st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=60))
def test_every_bar_is_inside_and_what_is_not_nothing_is_seen(values):
    chart = bar_chart("x", [(str(value), value) for value in values])
    for bar in chart.bars:
        assert bar.top >= -0.02
        assert bar.top + bar.height <= HEIGHT + 0.02
        assert (bar.height >= 1) is (bar.value != 0)
