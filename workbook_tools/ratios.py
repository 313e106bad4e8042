"""What a ratio formula divides by what: ``a/b*100`` and ``(a/b-1)*100``, inside the guards against blanks and zero."""

from dataclasses import dataclass

from workbook_tools.formulas import Call, Expression, Figure, Number, Operation


@dataclass(frozen=True, slots=True)
class Ratio:
    """``(numerator / denominator - offset) * factor``; the offset is 1 for a growth, else 0."""

    numerator: Figure
    denominator: Figure
    factor: float
    offset: float = 0.0

    def value(self, numerator: float, denominator: float) -> float:
        """The ratio of two amounts; the denominator is not zero."""
        return (numerator / denominator - self.offset) * self.factor


def ratio_of(expression: Expression) -> Ratio | None:
    """The ratio an expression is, if it is one of two single figures."""
    match _unguarded(expression):
        case Operation("*", (quotient, Number(factor))) | Operation("*", (Number(factor), quotient)):
            offset = 0.0
            if isinstance(quotient, Operation) and quotient.operator == "-" and quotient.operands[1:] == (Number(1.0),):
                quotient, offset = quotient.operands[0], 1.0
            match quotient:
                case Operation("/", (Figure() as numerator, Figure() as denominator)):
                    return Ratio(numerator, denominator, factor, offset)
        case Operation("/", (Figure() as numerator, Figure() as denominator)):
            return Ratio(numerator, denominator, 1.0)
    return None


def denominator_of(expression: Expression) -> Expression | None:
    """What a formula divides by, if it is a quotient of anything, perhaps less one, perhaps times a number."""
    match _unguarded(expression):
        case Operation("*", (quotient, Number())) | Operation("*", (Number(), quotient)):
            return _divisor(quotient)
        case quotient:
            return _divisor(quotient)


def _divisor(quotient: Expression) -> Expression | None:
    match quotient:
        case Operation("/", (_, divisor)):
            return None if isinstance(divisor, Number) else divisor
        case Operation("-", (Operation("/", (_, divisor)), Number(1.0))):
            return None if isinstance(divisor, Number) else divisor
    return None


def _unguarded(expression: Expression) -> Expression:
    """The formula without ``IF(COUNT(…)=n, …, "")`` and ``IFERROR(…, "")`` around it."""
    match expression:
        case Call("IF", (Operation("=", (Call("COUNT", _), Number())), inner, _)) | Call("IFERROR", (inner, _)):
            return _unguarded(inner)
    return expression
