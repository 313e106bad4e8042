"""What makes a change, and who stands best and worst, in sentences that an office can paste into its report."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from workbook_tools.change_analysis import Breakdown, Comparison, Line, order_key
from workbook_tools.indicators import Indicator, Kind
from workbook_tools.like_for_like import listed, names_of
from workbook_tools.numerals import format_number
from workbook_tools.standings import FULL, Standing, Standings
from workbook_tools.unit_tree import Unit

AGAINST = {"prior": "so với {last}", "plan": "so với {plan}"}
UNCHANGED = {"prior": "không đổi so với {last}", "plan": "bằng {plan}"}
CHANGED = {"prior": "{word} {amount} so với {last}", "plan": "{word} {plan} {amount}"}
NAMES = {
    False: {"last": "năm trước", "plan": "kế hoạch"},
    True: {"last": "cùng kỳ năm trước", "plan": "kế hoạch năm"},
}
"""What is compared with, and how it is called in a year, and in a part of a year."""

WORDS = {"prior": ("tăng", "giảm"), "plan": ("cao hơn", "thấp hơn")}
"""What is said of more and of less than last year, and than the plan."""

MOST_MOVERS = 3
MOST_REACHED, MOST_BEHIND = 10, 5


def change_sentence(indicator: Indicator, comparison: Comparison, *, is_part: bool = False) -> str:
    """How much the figure of the compared units has changed, and which units and parts made most of it.

    ``is_part`` tells that the plan is for longer than the period: an amount is then not behind it, but so far on its
    way, ``đạt 52,1 % kế hoạch năm``.
    """
    whole = comparison.whole
    if whole is None:
        return ""
    if is_part and comparison.base == "plan" and indicator.kind is not Kind.PERCENT and whole.before > 0:
        so_far = f"đạt {_percent(whole.after / whole.before * 100)} kế hoạch năm"
        return f"{indicator.label} {so_far}{_basis(comparison, whole)}."
    units, parts = comparison.by_units, comparison.by_parts
    words = WORDS[comparison.base]
    sentence = f"{indicator.label} {_total(indicator, whole, comparison.base, NAMES[is_part])}"
    sentence += _basis(comparison, whole)
    said = [_effects(indicator, units), _movers(indicator, units, words)] if units else []
    said.append(f"theo phần: {moved}" if parts and (moved := _movers(indicator, parts, words)) else "")
    return "; ".join([sentence, *filter(None, said)]) + "."


def _basis(comparison: Comparison, whole: Breakdown) -> str:
    """How many of the units it is said of, if not of all."""
    count = len(comparison.compared.of.all)
    return f" (tính trên {count - len(whole.left_out)}/{count} đơn vị có đủ hai số)" if whole.left_out else ""


def _total(indicator: Indicator, whole: Breakdown, base: str, names: Mapping[str, str]) -> str:
    if whole.change == 0:
        return UNCHANGED[base].format(**names)
    in_percent = abs(whole.change) / abs(whole.before) * 100 if whole.before else None
    shown = "" if in_percent is None or indicator.kind is Kind.PERCENT else f" ({_percent(in_percent)})"
    amount = f"{_amount(indicator, abs(whole.change), whole)}{shown}"
    return CHANGED[base].format(word=_word(whole.change, WORDS[base]), amount=amount, **names)


def _word(change: Fraction, words: tuple[str, str] = WORDS["prior"]) -> str:
    return words[0] if change > 0 else words[1]


def _amount(indicator: Indicator, amount: Fraction, whole: Breakdown) -> str:
    """A change with its unit; a change of a percentage is in points. A small one of a mean is shown exactly enough."""
    decimals = max(indicator.decimals, 2) if whole.is_rate else indicator.decimals
    unit = "điểm %" if indicator.kind is Kind.PERCENT else indicator.unit
    return f"{_number(amount, decimals)} {unit}".rstrip()


def _number(value: Fraction | float, decimals: int) -> str:
    """A number without noughts at its end."""
    text = format_number(float(value), decimals)
    return text.rstrip("0").rstrip(",") if "," in text else text


def _percent(value: Fraction | float) -> str:
    """A percentage with one decimal; one that is not 100 is not written as 100."""
    text = _number(value, 1)
    return f"{_number(value, 2) if text == '100' and value != FULL else text} %"


def _effects(indicator: Indicator, breakdown: Breakdown) -> str:
    """How much of the change of a rate comes from the units' rates, and how much from their shares."""
    if not breakdown.is_rate or breakdown.change == 0:
        return ""
    rate = sum((line.effect.rate for line in breakdown.lines if line.effect), Fraction(0))
    mix = sum((line.effect.mix for line in breakdown.lines if line.effect), Fraction(0))
    said = ((rate, "do mức của từng đơn vị"), (mix, "do cơ cấu giữa các đơn vị"))
    return ", ".join(
        f"{words} {_word(part)} {_amount(indicator, abs(part), breakdown)}" for part, words in said if part
    )


def _movers(indicator: Indicator, breakdown: Breakdown, words: tuple[str, str]) -> str:
    """Who made the largest rises and the largest falls; those of a rate raise or lower it by what they add to it."""
    said_of = ("làm tăng", "làm giảm") if breakdown.is_rate else words
    order = sorted(breakdown.lines, key=lambda line: (-abs(line.contribution), order_key(line)))
    nothing = _amount(indicator, Fraction(0), breakdown)
    order = [
        line for line in order if line.subject and _amount(indicator, abs(line.contribution), breakdown) != nothing
    ]
    rises = [line for line in order if line.contribution > 0][:MOST_MOVERS]
    falls = [line for line in order if line.contribution < 0][:MOST_MOVERS]
    said = zip(said_of, (rises, falls), strict=True)
    return "; ".join(f"{word} nhiều nhất: {_names(indicator, chosen, breakdown)}" for word, chosen in said if chosen)


def _names(indicator: Indicator, lines: Sequence[Line], whole: Breakdown) -> str:
    return ", ".join(f"{name_of(line)} ({_amount(indicator, abs(line.contribution), whole)})" for line in lines)


def name_of(line: Line) -> str:
    """The unit or part of a line, empty for the rest."""
    match line.subject:
        case Unit(name=name):
            return name
        case Indicator(label=label):
            return label
    return ""


def left_out_sentence(breakdown: Breakdown) -> str:
    """Which units, or parts, cannot be compared, and why; empty for none."""
    said = [names_of(breakdown.left_out)] if breakdown.left_out else []
    if breakdown.unknown:
        labels = listed([part.label for part in breakdown.unknown])
        said.append(f"phần không có đủ hai số của cùng các đơn vị: {labels}")
    return f"Không so sánh được: {'; '.join(said)}." if said else ""


def standings_sentence(found: Standings, *, is_part: bool = False) -> str:
    """Who stands best and worst: ``Một số đơn vị đạt 100 %: TDP 1; TDP 5 (61,2 %) còn thấp.``

    ``is_part`` tells that the plan is for longer than the period: nobody has missed it yet.
    """
    if is_part and found.of_plan:
        said = [] if found.lower_is_better or not found.reached else [f"Đã đạt, vượt kế hoạch năm: {_reached(found)}."]
        said += [_extremes(found, " so với kế hoạch năm")] if found.behind or not said else []
        return " ".join(said)
    kinds = {one.unit.kind for one in found.units}
    kind = kinds.pop() if len(kinds) == 1 else ""
    word = kind or "đơn vị"
    if not found.has_goal or not (found.of_plan or found.reached):
        return _extremes(found)
    behind = f"{_listed(found.behind, MOST_BEHIND)} còn {'cao' if found.lower_is_better else 'thấp'}"
    goal = _goal(found)
    if len(found.reached) == len(found.units):
        return f"Cả {len(found.units)} {word} {goal}."
    behind = f"; {behind}" if found.behind else ""
    if not found.reached:
        return f"Chưa {word} nào {goal}{behind}."
    return f"Một số {word} {goal}: {_reached(found)}{behind}."


def _extremes(found: Standings, against: str = "") -> str:
    """Both ends, without a verdict: no unit has reached anything, and none is behind anything."""
    most = min(MOST_MOVERS, len(found.units) // 2)
    first, last = ("Thấp nhất", "cao nhất") if found.lower_is_better else ("Cao nhất", "thấp nhất")
    best, worst = found.units[:most], found.units[::-1][:most]
    if _percent(best[0].percent) == _percent(worst[0].percent):
        return f"Cả {len(found.units)} đơn vị đều {_percent(best[0].percent)}{against}."
    return f"{first}{against}: {_listed(best, most)}; {last}: {_listed(worst, most)}."


def _goal(found: Standings) -> str:
    if not found.of_plan:
        return "đạt 100 %"
    return "trong mức kế hoạch" if found.lower_is_better else "đạt và vượt kế hoạch"


def _reached(found: Standings) -> str:
    """Names of those that have reached the goal; of a plan also how far."""
    if found.of_plan:
        return _listed(found.reached, MOST_REACHED)
    return listed([one.unit.name for one in found.reached], MOST_REACHED)


def _listed(units: Sequence[Standing], most: int) -> str:
    return listed([f"{one.unit.name} ({_percent(one.percent)})" for one in units], most)
