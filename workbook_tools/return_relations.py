"""All relations of one return, from the template and from what was typed: parts, formulas typed over, rules, ranges."""

from collections.abc import Iterable, Iterator, Sequence

from workbook_tools.calculation import sum_parts
from workbook_tools.cells import FigureName
from workbook_tools.exact_evaluation import fraction
from workbook_tools.exact_figures import ExactFigures, is_typed_over
from workbook_tools.formulas import Call, Expression, Figure, ListColumn, Operation, figures_of
from workbook_tools.indicators import Rule
from workbook_tools.operators import COMPARISONS
from workbook_tools.relations import Division, Range, Relation, Subset, TemplateRule, TypedOver
from workbook_tools.rules import FILLED_MEASURES, division_parts, exclusive_parts, places_of
from workbook_tools.subject import Subject


def relations_of(figures: ExactFigures) -> list[Relation]:
    """All relations of a return that say something about its figures."""
    found: Iterable[Relation] = (
        *_subsets(figures), *_divisions(figures), *_typed_over(figures), *_template_rules(figures), *_ranges(figures),
    )  # fmt: skip
    return [relation for relation in found if relation.cells]


def _subsets(figures: ExactFigures) -> Iterator[Subset]:
    indicators = figures.subject.catalogue.indicators
    for measure in FILLED_MEASURES:
        for part in indicators.values():
            if part.is_subset and part.whole in indicators:
                pair = Figure(part.code, measure), Figure(part.whole, measure)
                if _compares(figures.subject, pair):
                    yield Subset(f"part.{part.code}@{measure}", *pair, _cells(figures, pair))


def _divisions(figures: ExactFigures) -> Iterator[Division]:
    catalogue = figures.subject.catalogue
    for measure in FILLED_MEASURES:
        wholes = [("division", code, division_parts(catalogue, code, measure)) for code in catalogue.divisions]
        wholes += [("together", code, exclusive_parts(catalogue, code, measure)) for code in catalogue.exclusive_parts]
        for family, code, parts in wholes:
            whole = Figure(code, measure)
            if parts and _compares(figures.subject, (whole, *parts)):
                name, cells = f"{family}.{code}@{measure}", _cells(figures, (whole, *parts))
                yield Division(name, whole, parts, cells, exclusive=family == "together")


def _typed_over(figures: ExactFigures) -> Iterator[TypedOver]:
    subject = figures.subject
    for figure, expression in subject.catalogue.formulas.items():
        cell = subject.cell(figure)
        if cell is None or not is_typed_over(cell) or figures.stands(figure) or figures.amount(figure) is None:
            continue
        parts = [part for one in figures_of(expression) if (part := subject.cell(one)) is not None]
        if not any(part.observation.qualifier for part in (cell, *parts)):
            cells = figures.cells_behind(figure) | {cell.name}
            names = tuple(part.name for part in parts)
            code = f"formula.{figure.indicator}@{figure.measure}"
            yield TypedOver(code, figure, cell.name, sum_parts(expression), names, cells)


def _template_rules(figures: ExactFigures) -> Iterator[TemplateRule]:
    subject = figures.subject
    for rule in subject.catalogue.rules:
        expression = rule.expression
        if "đơn vị" in rule.scope and _is_spoken_of(subject, rule) and not subject.mixes_units(figures_of(expression)):
            yield TemplateRule(rule.code, rule, tuple(_differences(expression)), figures.cells_behind_all(expression))


def _is_spoken_of(subject: Subject, rule: Rule) -> bool:
    places = places_of(rule)
    return any(isinstance(one, ListColumn) or subject.cube.filled[0, subject.cube.index[one]] for one in places)


def _differences(expression: Expression) -> Iterator[Expression]:
    """What each comparison of a rule compares with zero; ``ABS(a)<=b`` turns where a is b, and where it is -b."""
    match expression:
        case Operation(operator, (left, right)) if operator in COMPARISONS:
            for one, other in ((left, right), (right, left)):
                if isinstance(one, Call) and one.function == "ABS":
                    yield Operation("-", (one.arguments[0], other))
                    yield Operation("+", (one.arguments[0], other))
                    return
            yield Operation("-", (left, right))
        case Operation(_, parts) | Call(_, parts):
            for part in parts:
                yield from _differences(part)


def _ranges(figures: ExactFigures) -> Iterator[Range]:
    catalogue = figures.subject.catalogue
    for name in figures.subject.cells:
        if not name.item and name.measure not in FILLED_MEASURES:
            continue
        figure = Figure(name.indicator, name.measure)
        row = (
            catalogue.lists[name.indicator].column(name.measure) if name.item else catalogue.indicators[name.indicator]
        )
        if (row.minimum, row.maximum) == (None, None):
            continue
        cells = frozenset((name,)) if name.item else figures.cells_behind(figure)
        low, high = (None if end is None else fraction(end) for end in (row.minimum, row.maximum))
        yield Range(f"range.{name.indicator}@{name.measure}", figure, name.item, low, high, cells)


def _compares(subject: Subject, names: Sequence[Figure]) -> bool:
    """Whether figures are exact and of the same units: what is only about so much cannot contradict."""
    cells = (subject.cell(name) for name in names)
    if any(name not in subject.cube.index for name in names):
        return False
    return not subject.mixes_units(names) and not any(cell and cell.observation.qualifier for cell in cells)


def _cells(figures: ExactFigures, names: Iterable[Figure]) -> frozenset[FigureName]:
    return frozenset().union(*map(figures.cells_behind, names))
