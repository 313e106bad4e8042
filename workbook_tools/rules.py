"""The rules of a form: those written in the template, and those its part relations imply.

The live sheet ``Kiểm tra`` of a form and the checks of a return use the same expressions.
"""

from collections.abc import Iterable, Iterator

from workbook_tools.calculation import sum_parts
from workbook_tools.catalogue import Catalogue
from workbook_tools.formulas import (
    Call,
    Expression,
    Figure,
    Figures,
    ListColumn,
    Number,
    Operation,
    Text,
    Truth,
    references,
)
from workbook_tools.indicators import Indicator, Role, Rule

PASSED = "✔"
FAILED = "✘"
FILLED_MEASURES = ("prior", "plan", "actual", "next_plan")


def form_rules(catalogue: Catalogue) -> Iterator[Rule]:
    """Rules shown live in a form: the template's own, then the relations of this year's figures."""
    yield from catalogue.rules
    yield from implied_rules(catalogue, ("actual",))


def implied_rules(catalogue: Catalogue, measures: Iterable[str]) -> Iterator[Rule]:
    """Parts may not exceed their whole; the parts of a division add up to it."""
    for measure in measures:
        for code, indicator in catalogue.indicators.items():
            if indicator.is_subset and indicator.whole in catalogue.indicators:
                yield _subset(catalogue, indicator, measure)
            if code in catalogue.divisions:
                yield from _partition(catalogue, indicator, measure)
            if code in catalogue.exclusive_parts:
                yield from _exclusive(catalogue, indicator, measure)


def _subset(catalogue: Catalogue, part: Indicator, measure: str) -> Rule:
    whole = catalogue.indicators[part.whole]
    return Rule(
        code=f"part.{part.code}",
        severity="error",
        expression=Operation("<=", (Figure(part.code, measure), Figure(whole.code, measure))),
        message=f"“{part.label}” lớn hơn “{whole.label}”, trong khi chỉ là một phần (trong đó) của nó.",
        advice="Kiểm tra lại hai số; sửa số ghi sai.",
        scope="đơn vị; tổng",
        address=part.rule(measure).address,
    )


def exclusive_parts(catalogue: Catalogue, whole: str, measure: str) -> tuple[Figure, ...]:
    """The parts without anything in common that can be filled under a measure."""
    parts = catalogue.exclusive_parts[whole]
    return tuple(Figure(one.code, measure) for one in parts if one.rule(measure).role is not Role.CLOSED)


def _exclusive(catalogue: Catalogue, whole: Indicator, measure: str) -> Iterator[Rule]:
    parts = exclusive_parts(catalogue, whole.code, measure)
    if len(parts) < 2 or whole.rule(measure).role is Role.CLOSED:
        return
    decimals = max(catalogue.indicators[part.indicator].decimals for part in parts)
    tolerance = 0.0 if whole.kind == "count" else (len(parts) + 1) * 0.5 * 10.0**-decimals
    limit = Operation("+", (Figure(whole.code, measure), Number(tolerance)))
    yield Rule(
        code=f"together.{whole.code}",
        severity="error",
        expression=Operation("<=", (Call("SUM", parts), limit)),
        message=f"Các phần (trong đó, không trùng nhau) của “{whole.label}” cộng lại lớn hơn tổng.",
        advice="Kiểm tra lại các phần và tổng; sửa số ghi sai.",
        scope="đơn vị; tổng",
        address=whole.rule(measure).address,
    )


def division_parts(catalogue: Catalogue, whole: str, measure: str) -> tuple[Figure, ...]:
    """The parts of a divided indicator that can be filled under a measure."""
    parts = catalogue.divisions[whole]
    return tuple(Figure(one.code, measure) for one in parts if one.rule(measure).role is not Role.CLOSED)


def _partition(catalogue: Catalogue, whole: Indicator, measure: str) -> Iterator[Rule]:
    parts = division_parts(catalogue, whole.code, measure)
    expression = whole.rule(measure).expression
    if not parts or whole.rule(measure).role is Role.CLOSED:
        return
    if expression is not None and set(sum_parts(expression) or ()) == set(parts):
        return
    decimals = max(catalogue.indicators[part.indicator].decimals for part in parts)
    tolerance = 0.0 if whole.kind == "count" else (len(parts) + 1) * 0.5 * 10.0**-decimals
    difference = Call("ABS", (Operation("-", (Call("SUM", parts), Figure(whole.code, measure))),))
    yield Rule(
        code=f"division.{whole.code}",
        severity="error",
        expression=Call(
            "IF",
            (
                Operation("=", (Call("COUNT", parts), Number(len(parts)))),
                Operation("<=", (difference, Number(tolerance))),
                Truth(True),
            ),
        ),
        message=f"Các dòng “chia ra” của “{whole.label}” cộng lại không bằng tổng.",
        advice="Cộng lại các phần; sửa phần hoặc tổng ghi sai.",
        scope="đơn vị; tổng",
        address=whole.rule(measure).address,
    )


def status_of(rule: Rule) -> Expression:
    """``✔`` or ``✘``, and nothing while figures that the rule compares are still blank."""
    verdict = Call("IF", (rule.expression, Text(PASSED), Text(FAILED)))
    single = tuple(dict.fromkeys(_compared(rule.expression)))
    filled: list[Expression] = [Operation("=", (Call("COUNT", single), Number(len(single))))] if single else []
    filled += [Operation(">", (Call("COUNT", parts), Number(0))) for parts in dict.fromkeys(_summed(rule.expression))]
    if not filled:
        return verdict
    return Call("IF", (filled[0] if len(filled) == 1 else Call("AND", tuple(filled)), verdict, Text("")))


def _compared(expression: Expression) -> Iterator[Figure]:
    """Figures that must be there for the expression to mean anything; SUM and COUNT pass blanks by."""
    match expression:
        case Figure():
            yield expression
        case Call(function, _) if function.startswith(("SUM", "COUNT")):
            return
        case Operation(_, parts) | Call(_, parts):
            for part in parts:
                yield from _compared(part)


def _summed(expression: Expression) -> Iterator[tuple[Expression, ...]]:
    """What each side of a comparison adds up, if it does nothing else: of nothing there is no sum, not zero."""
    match expression:
        case Operation("=" | "<>" | "<" | "<=" | ">" | ">=", sides):
            for side in sides:
                if not any(True for _ in _compared(side)) and (parts := tuple(_sums(side))):
                    yield parts
        case Operation(_, parts) | Call("AND" | "OR" | "NOT" | "IF", parts):
            for part in parts:
                yield from _summed(part)


def _sums(expression: Expression) -> Iterator[Expression]:
    match expression:
        case Call("SUM", arguments):
            yield from (part for part in arguments if isinstance(part, Figure | Figures | ListColumn))
        case Operation(_, parts) | Call(_, parts):
            for part in parts:
                yield from _sums(part)


def places_of(rule: Rule) -> Iterator[Figure | ListColumn]:
    """What a rule speaks of, each once, in order."""
    seen: set[Figure | ListColumn] = set()
    for reference in references(rule.expression):
        for one in reference.members if isinstance(reference, Figures) else (reference,):
            if one not in seen:
                seen.add(one)
                yield one
