"""The styles of an OpenDocument spreadsheet: number format and font of each cell style, hidden sheets."""

from collections.abc import Callable
from dataclasses import dataclass, field

from workbook_tools.failure_reasons import too_many
from workbook_tools.number_formats import MAXIMUM_STYLES, STYLES
from workbook_tools.xml_parsing import Attributes

_MOST_DIGITS = 30
_MOST_PARENTS = 20
_DATA_STYLES = {
    "number-style": "", "currency-style": "", "percentage-style": "%", "date-style": "dd/mm/yyyy", "time-style": "h:mm",
    "text-style": "@",
}  # fmt: skip


@dataclass
class _Style:
    data: str = ""
    font: str = ""
    parent: str = ""


@dataclass
class Styles:
    """Collects styles from the elements of the XML; asked once the cells come."""

    formats: dict[str, str] = field(default_factory=dict)
    fonts: dict[str, str] = field(default_factory=dict)
    styles: dict[tuple[str, str], _Style] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    """Styles of hidden sheets."""

    _style: _Style = field(default_factory=_Style)
    _name: str = ""
    _data_name: str = ""
    _data_kind: str = ""

    def start(self, name: str, attributes: Attributes) -> None:
        """Take an element for what it says of a style."""
        if name == "font-face":
            self.fonts[attributes.get("name", "")] = attributes.get("font-family", "").strip("'\"")
        elif name in _DATA_STYLES:
            self._data_name, self._data_kind = attributes.get("name", ""), _DATA_STYLES[name]
            self.formats[self._data_name] = "" if self._data_kind in ("", "%") else self._data_kind
        elif name == "number" and self._data_name and not self.formats[self._data_name]:
            self.formats[self._data_name] = _number_format(attributes, self._data_kind)
        elif name == "style":
            if len(self.styles) > MAXIMUM_STYLES:
                raise too_many(MAXIMUM_STYLES, *STYLES)
            self._name = attributes.get("name", "")
            parts = (attributes.get(key, "") for key in ("data-style-name", "", "parent-style-name"))
            self._style = self.styles[attributes.get("family", ""), self._name] = _Style(*parts)
        elif name == "text-properties":
            font = attributes.get("font-name", "")
            self._style.font = self._style.font or self.fonts.get(font, font) or attributes.get("font-family", "")
        elif name == "table-properties" and attributes.get("display") == "false":
            self.hidden.add(self._name)

    def end(self, name: str) -> None:
        """Leave a number format."""
        if name in _DATA_STYLES:
            self._data_name = ""

    def number_format(self, style: str) -> str:
        """Number format of a cell style, in Excel's notation as far as it matters; empty if it names none."""
        data = self._inherited(style, lambda one: one.data)
        return self.formats.get(data, "")

    def font(self, style: str, family: str = "table-cell") -> str:
        """Font of a cell style (or of letters in a cell); empty if it names none."""
        return self._inherited(style, lambda one: one.font, family)

    def _inherited(self, style: str, what: Callable[[_Style], str], family: str = "table-cell") -> str:
        if not style:
            return ""
        for _ in range(_MOST_PARENTS):
            one = self.styles.get((family, style))
            if one is None:
                break
            if what(one):
                return what(one)
            style = one.parent
        return ""


def _number_format(attributes: Attributes, kind: str) -> str:
    """Digits before and after the point, as Excel writes them; General if the style leaves them open.

    >>> _number_format({"decimal-places": "2", "min-integer-digits": "1"}, "%")
    '0.00%'
    """
    before, places = _digits(attributes, "min-integer-digits"), _digits(attributes, "decimal-places")
    least = _digits(attributes, "min-decimal-places") if "min-decimal-places" in attributes else places
    if "decimal-places" not in attributes and before < 2 and not kind:
        return "General"
    whole = "#,##0" if attributes.get("grouping") == "true" else "0" * max(1, before)
    decimals = "0" * min(least, places) + "#" * (places - least)
    return whole + ("." + decimals if decimals else "") + kind


def _digits(attributes: Attributes, name: str) -> int:
    return min(max(int(attributes.get(name, 0)), 0), _MOST_DIGITS)
