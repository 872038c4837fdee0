"""Charts as pure functions of the stored analysis: a plotly figure as a plain dict, and a sparkline as SVG paths.

Colours are names of the style sheet's variables; static/js/charts.js puts in their values, so that one figure serves
the light and the dark theme. All text of users is escaped at the sink: plotly reads a little HTML.
"""

from metrics.charts.sending import sent
from metrics.charts.spark import Spark, reach, sparkline
from metrics.charts.xmr import LATEST, SHOWN, figure, figure_of

__all__ = ["LATEST", "SHOWN", "Spark", "figure", "figure_of", "reach", "sent", "sparkline"]
