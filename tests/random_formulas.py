"""Random formulas for the tests of parsing and of evaluation."""

import random
from collections.abc import Sequence

CONSTANTS = ("0", "1", "2", "7", "10", "100", "0.5", "1.25", "3%")
COMPARISONS = ("=", "<>", "<", "<=", ">", ">=")


def random_formula(choose: random.Random, cells: Sequence[str], ranges: Sequence[str], depth: int) -> str:
    """A formula over cells and ranges whose value Excel and LibreOffice agree on."""

    def number(level: int) -> str:
        kind = choose.randrange(9) if level else choose.randrange(2)
        if kind == 0:
            return choose.choice(CONSTANTS)
        if kind == 1:
            return choose.choice(cells)
        if kind == 2:
            return f"-{number(level - 1)}" if choose.random() < 0.5 else f"({number(level - 1)})%"
        if kind == 3:
            return f"{choose.choice(('SUM', 'AVERAGE', 'MIN', 'MAX', 'COUNT', 'COUNTA'))}({arguments(level - 1)})"
        if kind == 4:
            return f"IF({truth(level - 1)},{number(level - 1)},{number(level - 1)})"
        if kind == 5:
            return f"IFERROR({number(level - 1)},{number(level - 1)})"
        if kind == 6:
            return f"ROUND({number(level - 1)},{choose.randint(-2, 4)})"
        if kind == 7:
            return f"ABS({number(level - 1)})"
        left, right = number(level - 1), number(level - 1)
        return f"({left}){choose.choice('+-*/')}({right})" if choose.random() < 0.5 else f"{left}+{right}"

    def arguments(level: int) -> str:
        several = [
            choose.choice(ranges) if choose.random() < 0.5 else number(level) for _ in range(choose.randint(1, 3))
        ]
        return ",".join(several)

    def truth(level: int) -> str:
        if level and choose.random() < 0.3:
            return f"{choose.choice(('AND', 'OR'))}({truth(level - 1)},{truth(level - 1)})"
        if level and choose.random() < 0.2:
            return f"NOT({truth(level - 1)})"
        return f"{number(level)}{choose.choice(COMPARISONS)}{number(level)}"

    return "=" + (number(depth) if choose.random() < 0.85 else truth(depth))
