"""Charts of lying bars as facts: which cells feed them, how they look. What draws them is handed in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

Options = Mapping[str, object]


class Drawing(Protocol):
    """What a writer of workbooks offers to fill a chart with."""

    def add_series(self, options: Options) -> None:
        """One series of bars."""

    def set_title(self, options: Options) -> None:
        """The title."""

    def set_x_axis(self, options: Options) -> None:
        """The axis of the numbers."""

    def set_y_axis(self, options: Options) -> None:
        """The axis of the labels."""

    def set_legend(self, options: Options) -> None:
        """Where the names of the series stand."""

    def set_chartarea(self, options: Options) -> None:
        """The whole chart."""

    def set_plotarea(self, options: Options) -> None:
        """Where the bars are."""

    def set_size(self, options: Options) -> None:
        """Width and height."""


@dataclass(frozen=True)
class Bars:
    """One series of bars: cell of its name, cells of the labels and of the numbers, colour."""

    name: str
    labels: str
    numbers: str
    colour: str


@dataclass(frozen=True)
class BarChart:
    """A chart of lying bars, fed by cells: each text is an address, so that the chart follows the sheet.

    ``title`` is the cell whose text is the title, ``number_format`` that of the numbers at the bars. Series that are
    ``exclusive`` have one number a label among them and share its line; ``from_nought`` holds the axis at 0, else the
    program that shows the chart may cut it. ``size`` is in pixels; ``label_share`` is the share of the width that the
    labels take.
    """

    title: str
    series: tuple[Bars, ...]
    description: str
    number_format: str
    size: tuple[int, int]
    exclusive: bool = False
    from_nought: bool = True
    label_share: float = 0.4

    def draw(self, chart: Drawing, font: str) -> None:
        """Put the series, the title and the axes into an empty chart."""
        small, plain = {"name": font, "size": 9, "color": "#404040"}, {"none": True}
        for one in self.series:
            label = {"value": True, "num_format": self.number_format, "font": small, "position": "outside_end"}
            chart.add_series(
                {
                    "name": f"={one.name}",
                    "categories": f"={one.labels}",
                    "values": f"={one.numbers}",
                    "fill": {"color": one.colour},
                    "gap": 45,
                    "overlap": 100 if self.exclusive else 0,
                    "data_labels": label,
                }
            )
        heading = {"name": font, "size": 11, "bold": True, "color": "#1F1F1F"}
        chart.set_title({"name": f"={self.title}", "name_font": heading})
        limits = {"min": 0} if self.from_nought else {}
        chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}, "num_font": small, **limits})
        chart.set_y_axis(
            {
                "reverse": True,
                "label_position": "low",
                "major_tick_mark": "none",
                "line": {"color": "#BFBFBF"},
                "num_font": small,
            }
        )
        if len(self.series) > 1:
            chart.set_legend({"position": "bottom", "font": small})
        else:
            chart.set_legend({"none": True})
        chart.set_chartarea({"border": {"color": "#D9D9D9"}})
        right, top, bottom = 0.16, 0.22, 0.14 if len(self.series) > 1 else 0.05
        inner = {"x": self.label_share, "y": top, "width": 1 - self.label_share - right, "height": 1 - top - bottom}
        chart.set_plotarea({"border": plain, "fill": plain, "layout": inner})
        chart.set_size({"width": self.size[0], "height": self.size[1]})
