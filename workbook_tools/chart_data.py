"""What the charts draw: tables of live formulas over the workbook's own sheets, each titled with its finding.

Which charts there are follows from the facts of the template alone: headline targets, parts of a whole (chia ra),
sums of several units, figures of last year. A table without figures is not made.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from workbook_tools.cells import column_letters, full_address
from workbook_tools.consolidated import (
    ABOVE,
    BELOW,
    MET,
    Consolidation,
    assessment_words,
    compared_units,
    ratio_to_prior,
    share_of_whole,
)
from workbook_tools.formulas import Figure
from workbook_tools.highlights import (
    Division,
    as_number,
    headline_indicators,
    headline_verdicts,
    number_of,
    shown_divisions,
)
from workbook_tools.indicators import Aggregation, Indicator, Kind
from workbook_tools.styles import number_format
from workbook_tools.summary_sheets import CHARTS_SHEET, HEADLINE_SHEET, Written, reached_words
from workbook_tools.summary_tables import COUNT_COLUMN, COUNT_ROW

GOOD, BAD, PLAIN, LAST_YEAR = "#548235", "#C55A11", "#2F75B5", "#BFBFBF"
PERCENT_LABEL = '#,##0.0" %";-#,##0.0" %";;'
"""How numbers at the bars look; nought, which stands for nothing to show, is not written."""

PLAN_SECTION = "Thực hiện kế hoạch các chỉ tiêu chủ yếu"
DIVISION_SECTION = "Cơ cấu"
RANKING_SECTION = "Xếp theo đơn vị"
MOST_UNITS = 15
FEWEST_UNITS = 3
MOST_RANKINGS = 8


class LiveNumber(NamedTuple):
    """A formula, and the number it has now."""

    formula: str
    value: float


class LiveText(NamedTuple):
    """A formula, and the text it has now."""

    formula: str
    text: str


class Places(NamedTuple):
    """Where a table stands on the sheet of charts: its subject, its labels, the numbers of each series."""

    subject: str
    labels: str
    series: tuple[str, ...]


Title = Callable[[Places], LiveText]
"""Makes the title, which says the finding, once it is known where the table stands."""


@dataclass(frozen=True)
class ChartTable:
    """The cells behind one chart: a label a row, a number for each series, each with its name and colour.

    ``subject`` is what the chart is about, in words. Series that are exclusive have one number a label among them;
    ``is_wide`` asks for the whole width of the page; bars may go below nought unless they stand ``from_nought``.
    """

    section: str
    subject: str
    labels: tuple[str, ...]
    series: tuple[tuple[str, str], ...]
    numbers: tuple[tuple[LiveNumber, ...], ...]
    title: Title
    number_format: str = PERCENT_LABEL
    is_exclusive: bool = False
    is_wide: bool = False
    from_nought: bool = True


def one_decimal(value: float) -> str:
    """A number with one decimal as FIXED rounds it.

    >>> one_decimal(7.35)
    '7,4'
    """
    return str(Decimal(repr(value)).quantize(Decimal("0.1"), ROUND_HALF_UP)).replace(".", ",")


def chart_tables(result: Consolidation, headline: Written, matrix: Written) -> Iterator[ChartTable]:
    """The tables of all charts, section by section.

    Args:
        headline: the sheet of headline indicators; ``matrix`` that of the units.
    """
    yield from _achievements(result, headline)
    yield from _changes(result, headline)
    for division in shown_divisions(result):
        yield _structure(result, division)
    yield from _rankings(result, matrix)


def _achievements(result: Consolidation, headline: Written) -> Iterator[ChartTable]:
    """How far each headline target was reached, met ones and others in two colours."""
    words, verdicts = assessment_words(result), headline_verdicts(result)
    judged = [one for one in headline_indicators(result) if one.code in verdicts]
    if not judged:
        return
    met, below = [], []
    for one in judged:
        ratio = as_number(result.value(Figure(one.code, "plan_ratio"))) or 0
        verdict, cell = headline.address(one.code, "assessment"), headline.address(one.code, "plan_ratio")
        is_below = verdicts[one.code] == words[BELOW]
        missed = f'{verdict}="{words[BELOW]}"'
        below.append(LiveNumber(f"=IF({missed},N({cell}),0)", ratio if is_below else 0))
        met.append(LiveNumber(f"=IF({missed},0,N({cell}))", 0 if is_below else ratio))
    met_count, all_count = (
        full_address(HEADLINE_SHEET, f"{column_letters(column)}{COUNT_ROW}")
        for column in (COUNT_COLUMN, COUNT_COLUMN + 2)
    )
    said = f" chỉ tiêu chủ yếu {reached_words(result)}"
    formula = f'={met_count}&"/"&{all_count}&"{said}"'
    text = f"{sum(verdict != words[BELOW] for verdict in verdicts.values())}/{len(judged)}{said}"
    yield ChartTable(
        section=PLAN_SECTION,
        subject="Thực hiện so kế hoạch (%)",
        series=(
            (f"{words[MET]}, {words[ABOVE].lower()}", GOOD),
            (words[BELOW], PLAIN if result.is_part_of_plan else BAD),
        ),
        labels=tuple(_label(one) for one in judged),
        numbers=(tuple(met), tuple(below)),
        title=lambda places: LiveText(formula, text),
        is_exclusive=True,
        is_wide=True,
    )


def _label(indicator: Indicator) -> str:
    """Name of an indicator, with a word where lower is better."""
    return f"{indicator.label} (thấp hơn là tốt)" if indicator.direction == "thấp" else indicator.label


def _changes(result: Consolidation, headline: Written) -> Iterator[ChartTable]:
    """Growth of the headline figures that are amounts, better and worse in two colours."""
    changed = [
        (one, ratio - 100)
        for one in headline_indicators(result)
        if one.kind is not Kind.PERCENT and one.direction
        and (ratio := number_of(result, ratio_to_prior(one))) is not None
    ]  # fmt: skip
    if not changed:
        return
    better, worse = [], []
    for one, growth in changed:
        cell = headline.address(one.code, "prior_ratio")
        sign = ">" if one.direction == "cao" else "<"
        is_better = growth > 0 if one.direction == "cao" else growth < 0
        number = f"IF(ISNUMBER({cell}),{cell}-100,0)"
        better.append(LiveNumber(f"=IF({number}{sign}0,{number},0)", growth if is_better else 0))
        worse.append(LiveNumber(f"=IF({number}{sign}0,0,{number})", 0 if is_better else growth))
    last = _last_year(result)
    said = f"/{len(changed)} chỉ tiêu chủ yếu tốt hơn {last}"
    text = f"{sum(one.value != 0 for one in better)}{said}"
    yield ChartTable(
        section=f"So với {last}",
        subject=f"Tăng, giảm so với {last} (%)",
        series=((f"Tốt hơn {last}", GOOD), (f"Kém hơn {last}", BAD)),
        labels=tuple(_label(one) for one, _ in changed),
        numbers=(tuple(better), tuple(worse)),
        title=lambda places: LiveText(f'=COUNTIF({places.series[0]},"<>0")&"{said}"', text),
        is_exclusive=True,
        is_wide=True,
        from_nought=False,
    )


def _last_year(result: Consolidation) -> str:
    """What this period is compared with, as a sentence calls it."""
    return "cùng kỳ năm trước" if result.is_part_of_plan else "năm trước"


def _structure(result: Consolidation, division: Division) -> ChartTable:
    """The parts of a whole in percent, the largest on top; last year's beside them where they are known."""
    shares = {part.code: number_of(result, share_of_whole(part)) or 0 for part in division.parts}
    parts = sorted(division.parts, key=lambda part: -shares[part.code])
    labels = tuple(part.label for part in parts)
    series, numbers = (
        [("Kỳ này" if result.is_part_of_plan else "Năm nay", PLAIN)],
        [tuple(_share(result, part, "actual") for part in parts)],
    )
    if all(number_of(result, share_of_whole(part, "prior")) is not None for part in parts):
        series.append((_last_year(result).capitalize(), LAST_YEAR))
        numbers.append(tuple(_share(result, part, "prior") for part in parts))
    subject = _within_sentence(division.whole.label)
    return ChartTable(
        section=DIVISION_SECTION,
        subject=subject,
        labels=labels,
        series=tuple(series),
        numbers=tuple(numbers),
        title=_longest_says(labels[0], shares[parts[0].code], f"chiếm {{}} % {subject}"),
    )


def _share(result: Consolidation, part: Indicator, measure: str) -> LiveNumber:
    expression = share_of_whole(part, measure)
    assert expression is not None
    formula = result.layout.formula(expression, CHARTS_SHEET).removeprefix("=")
    return LiveNumber(f"=N({formula})", number_of(result, expression) or 0)


def _within_sentence(label: str) -> str:
    """A label as it stands within a sentence; one that begins with an abbreviation stays."""
    return label[:1].lower() + label[1:] if label[1:2].islower() else label


def _longest_says(label: str, value: float, words: str, whole: str = "") -> Title:
    """A title that names the longest bar of the first series and puts its number into words.

    Args:
        label, value: those the longest bar has now.
        words: what is said of it, with ``{}`` for the number.
        whole: the cell of which the number is a percentage; empty if the bars are percentages.
    """

    def title(places: Places) -> LiveText:
        bars = places.series[0]
        number = f"MAX({bars})/{whole}*100" if whole else f"MAX({bars})"
        before, _, after = words.replace('"', '""').partition("{}")
        formula = (
            f'="“"&INDEX({places.labels},MATCH(MAX({bars}),{bars},0))&"” {before}"'
            f'&SUBSTITUTE(FIXED({number},1,TRUE),".",",")&"{after}"'
        )
        return LiveText(formula, f"“{label}” {words.format(one_decimal(value))}")

    return title


def _rankings(result: Consolidation, matrix: Written) -> Iterator[ChartTable]:
    """The units by what each adds to a headline sum."""
    units = {unit.code: unit for unit in compared_units(result)}
    summed = [one for one in headline_indicators(result) if one.aggregation is Aggregation.SUM]
    for indicator in [one for one in summed if one.code in matrix.rows][:MOST_RANKINGS]:
        figure = Figure(indicator.code, "actual")
        values = {code: as_number(result.value(figure, result.cube.row(code))) for code in units}
        numbers = {code: value for code, value in values.items() if value and value > 0}
        total = as_number(result.value(figure))
        if len(numbers) < FEWEST_UNITS or not total:
            continue
        order = sorted(numbers, key=lambda code: -numbers[code])[:MOST_UNITS]
        subject = _within_sentence(indicator.label)
        said = f"góp {{}} % {subject}{_of_how_many(order, numbers)}"
        yield ChartTable(
            section=RANKING_SECTION,
            subject=subject,
            labels=tuple(units[code].name for code in order),
            series=((indicator.unit, PLAIN),),
            numbers=(
                tuple(LiveNumber(f"=N({matrix.address(indicator.code, code)})", numbers[code]) for code in order),
            ),
            title=_longest_says(
                units[order[0]].name,
                numbers[order[0]] / total * 100,
                said,
                matrix.address(indicator.code, "total"),
            ),
            number_format=number_format(indicator.kind, indicator.decimals) + ";;;",
        )


def _of_how_many(shown: Sequence[str], having: Mapping[str, float]) -> str:
    return f" ({len(shown)} đơn vị lớn nhất trong {len(having)})" if len(having) > len(shown) else ""
