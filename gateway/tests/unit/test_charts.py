"""Charts: heights follow the values, words are escaped, and who cannot see them is told the figures."""

from __future__ import annotations

import re

from gateway.pages.console.charts import Point, bars, lines

THREE = [Point("jan", 10, "10"), Point("fev", 20, "20"), Point("mar", 0, "<0>")]


def test_the_highest_bar_is_twice_as_high_as_one_of_half_its_value() -> None:
    heights = [float(height) for height in re.findall(r'<rect[^>]* height="([\d.]+)"', bars(THREE, "x"))]
    assert heights[1] == 2 * heights[0] > 0 == heights[2]


def test_it_says_its_figures_and_escapes_words() -> None:
    drawn = bars(THREE, "Ligações <por mês>")
    assert 'aria-label="Ligações &lt;por mês&gt;. jan: 10; fev: 20; mar: &lt;0&gt;"' in drawn
    assert "<0>" not in drawn
    assert "style=" not in drawn


def test_lines_share_one_scale_and_nothing_draws_an_empty_chart() -> None:
    drawn = lines([THREE, [Point("jan", 40, "40")]], "x")
    assert drawn.count("<polyline") == 2
    assert bars([], "x").startswith("<svg")
