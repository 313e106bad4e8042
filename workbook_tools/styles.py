"""How our workbooks look: one palette, one set of cell styles, for forms and summaries alike."""

from workbook_tools.indicators import Kind

Look = dict[str, object]

HEADING_FILL = "#D9E2EC"
INPUT_FILL = "#FFF6D6"
REQUIRED_FILL = "#FFE066"
JUMP_FILL = "#FBD5B5"
COMPUTED_FILL = "#F3F6F9"
CLOSED_FILL = "#EDEDED"
GROUP_FILL = "#F7F7F7"
GOOD_FILL = "#E2F0D9"
BAD_FILL = "#F8D7DA"
DOUBT_FILL = "#FFF3CD"
BAR_FILL = "#BDD7EE"
BORDER: Look = {"border": 1, "border_color": "#808080"}

TITLE: Look = {"bold": True, "font_size": 14, "align": "center"}
SUBTITLE: Look = {"italic": True, "align": "center"}
BLOCK_TITLE: Look = {"bold": True, "font_size": 12}
HEADING: Look = {"bold": True, "align": "center", "text_wrap": True, "bg_color": HEADING_FILL, **BORDER}
HEADING_NUMBER: Look = {"italic": True, "font_size": 9, "align": "center", "bg_color": HEADING_FILL, **BORDER}
TEXT: Look = {"text_wrap": True, **BORDER}
CENTRED: Look = {"align": "center", "text_wrap": True, **BORDER}
GROUP: Look = {"bold": True, "italic": True, "bg_color": GROUP_FILL, "text_wrap": True, **BORDER}
CLOSED: Look = {"align": "center", "font_color": "#A6A6A6", "bg_color": CLOSED_FILL, **BORDER}
LINK: Look = {"font_color": "#0563C1", "underline": 1, "text_wrap": True, **BORDER}
NOTICE: Look = {"italic": True, "font_size": 10}
BACK_LINK: Look = {"font_color": "#0563C1", "font_size": 10}
GUIDANCE: Look = {"font_size": 10, "font_color": "#595959", **BORDER}
SIGNATURE: Look = {"bold": True, "align": "center"}


def number_format(kind: Kind, decimals: int) -> str:
    """Excel's number format of a kind.

    >>> number_format(Kind.PERCENT, 2)
    '#,##0.00'
    """
    if kind is Kind.DATE:
        return "dd/mm/yyyy"
    if not kind.is_numeric:
        return "@"
    return "#,##0" + ("." + "0" * decimals if decimals else "")


def figure_style(kind: Kind, decimals: int, fill: str = "", *, unlocked: bool = False) -> Look:
    """Style of a data cell."""
    style: Look = {
        "num_format": number_format(kind, decimals),
        "align": "right" if kind.is_numeric else "left",
        **BORDER,
    }
    if not kind.is_numeric:
        style["text_wrap"] = True
    if fill:
        style["bg_color"] = fill
    if unlocked:
        style["locked"] = False
    return style


def width_of_number(value: float, number_format: str) -> float:
    """Width of a number in characters as a cell shows it: separators are half as wide as digits, edges take one.

    >>> width_of_number(1234.5, "#,##0.00"), width_of_number(-7, "0")
    (8.0, 2.6)
    """
    _, _, decimals = number_format.partition(".")
    shown = f"{value:,.{len(decimals)}f}" if number_format.startswith(("#", "0")) else f"{value:.11g}"
    return 1.0 + sum(0.5 if one in ",." else 0.6 if one == "-" else 1.0 for one in shown)
