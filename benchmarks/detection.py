"""How many planted errors are found, and in how many the wrong cell is named: a benchmark on made-up returns.

Every return is synthetic (dữ liệu giả lập): figures follow the structure of the template alone, all relations true.
Into each, one error of each known kind is put. For each kind the table says in how many cases the error makes a
relation false at all, how many of these the checks tell about, and how often the wrong cell stands in the first
proposal: as its likeliest cell, or among the cells it names. Clean returns count false errors.

    python benchmarks/detection.py --returns 60 --output detection.md
"""

import argparse
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

from workbook_tools.catalogue import Catalogue
from workbook_tools.cell_neighbours import Neighbourhood
from workbook_tools.cells import FigureName, full_address
from workbook_tools.checks import check_subject
from workbook_tools.exact_evaluation import Value, evaluate_exactly
from workbook_tools.exact_figures import ExactFigures, decimals_of, is_typed_over
from workbook_tools.findings import Finding, Severity
from workbook_tools.form_layout import Slot, lay_out
from workbook_tools.formulas import Figure, ListColumn
from workbook_tools.indicators import Indicator, Kind, ListField, Relation, Role
from workbook_tools.observations import Return
from workbook_tools.pipeline import shipped_template
from workbook_tools.read_cells import Observation, ReadCell
from workbook_tools.readings import Status
from workbook_tools.relations import Relation as AnyRelation
from workbook_tools.repairs import Proposal, proposals
from workbook_tools.return_relations import relations_of
from workbook_tools.rules import FILLED_MEASURES
from workbook_tools.subject import Subject, subject_of

UNIT, PERIOD = "DV01", "2023"
FIELDS_OF_A_RETURN = 4
TYPED_OVER = 0.3
"""Share of formulas over which the right result is typed, as reports that were printed first have it."""

Values = dict[FigureName, Fraction | str]


@dataclass
class Form:
    """The cells of a form that covers some fields."""

    catalogue: Catalogue
    slots: dict[FigureName, Slot]
    fields: tuple[str, ...]

    @classmethod
    def of(cls, catalogue: Catalogue, fields: tuple[str, ...]) -> "Form":
        """The form of a commune."""
        layout = lay_out(catalogue, level=catalogue.settings.get("level", ""), fields=fields)
        return cls(catalogue, {slot.name: slot for slot in layout.slots()}, fields)

    def returned(self, values: Values) -> Return:
        """A return that says these values."""
        cells = tuple(self._cell(slot, values.get(slot.name)) for slot in self.slots.values())
        return Return("giả lập", "accepted", UNIT, UNIT, PERIOD, self.fields, 0, 0, 0, 0, 0, cells, (), {})

    def _cell(self, slot: Slot, value: Fraction | str | None) -> ReadCell:
        number = value if isinstance(value, Fraction) else None
        observation = Observation(
            UNIT, PERIOD, self.catalogue.field_of[slot.name.indicator].code, slot.name.indicator, slot.name.measure,
            slot.name.item, None if number is None else float(number), "", value if isinstance(value, str) else "",
            str(Status.MISSING if value is None else Status.VALUE), "" if value is None else str(value), "giả lập",
            slot.sheet, slot.position.name,
        )  # fmt: skip
        return ReadCell(observation, slot.role, decimals_of(number) if number is not None else 0)


@dataclass
class Writer:
    """Makes up the figures of one return, wholes before their parts, measure by measure with the same shares."""

    form: Form
    choose: random.Random
    values: Values = field(default_factory=dict)
    shares: dict[str, float] = field(default_factory=dict)
    sizes: dict[str, float] = field(default_factory=dict)
    open_: set[Figure] = field(default_factory=set)
    known: dict[Figure, Value] = field(default_factory=dict)

    def write(self) -> Values:
        """All values, relations true; what cannot be made true is left blank."""
        self._lists()
        for measure in FILLED_MEASURES:
            self.factor = {"actual": 1.0}.get(measure, self.choose.uniform(0.92, 1.08))
            for code in self.form.catalogue.indicators:
                self.figure(Figure(code, measure))
        self._until_true()
        self._type_over_formulas()
        self._until_true()
        return self.values

    def _lists(self) -> None:
        rows = {block: self.choose.randint(2, 5) for block in self.form.catalogue.lists}
        for name, slot in self.form.slots.items():
            if isinstance(slot.subject, ListField) and int(name.item) <= rows[name.indicator]:
                if slot.subject.kind.is_numeric:
                    self.values[name] = self._number(slot.subject, self.choose.lognormvariate(3.5, 1))
                elif slot.subject.choices:
                    self.values[name] = self.choose.choice(slot.subject.choices)
                elif slot.subject.kind is Kind.TEXT:
                    self.values[name] = f"Giả lập {name.item}"

    def figure(self, name: Figure) -> Value:
        """A figure, made up when a formula asks for it."""
        if name not in self.known:
            self.known[name] = self._figure(name)
        return self.known[name]

    def items(self, name: ListColumn) -> tuple[Value, ...]:
        """The rows of a list column."""
        cells = (one for one in self.form.slots if (one.indicator, one.measure) == (name.list, name.column))
        return tuple(self.values[one] for one in cells if one in self.values)

    def _figure(self, figure: Figure) -> Fraction | None:
        name = FigureName(figure.indicator, figure.measure)
        slot = self.form.slots.get(name)
        if slot is None or slot.role is Role.CLOSED or figure in self.open_:
            return None
        indicator = self.form.catalogue.indicators[figure.indicator]
        expression = indicator.rule(figure.measure).expression
        self.open_.add(figure)
        if expression is not None:
            value = evaluate_exactly(expression, self)
        elif name in self.values:
            value = self.values[name]
        elif indicator.kind.is_numeric:
            value = self.values[name] = self._typed(indicator, figure.measure)
        else:
            value = None
        self.open_.discard(figure)
        return value if isinstance(value, Fraction) else None

    def _typed(self, indicator: Indicator, measure: str) -> Fraction:
        catalogue = self.form.catalogue
        whole = self.figure(Figure(indicator.whole, measure)) if indicator.relation else None
        if not isinstance(whole, Fraction):
            size = self.sizes.setdefault(indicator.code, self._size(indicator))
            return self._number(indicator, size * self.factor)
        if indicator.relation is Relation.SUBSET:
            share = self.shares.setdefault(indicator.code, self.choose.uniform(0.3, 0.9))
            return min(whole, self._number(indicator, float(whole) * share))
        family = catalogue.divisions if indicator.relation is Relation.PARTITION else catalogue.exclusive_parts
        parts = [part.code for part in family.get(indicator.whole, (indicator,)) if self._is_typed(part, measure)]
        weights = [self.shares.setdefault(code, self.choose.uniform(0.2, 1)) for code in parts]
        known = [self.values.get(FigureName(code, measure), Fraction(0)) for code in parts]
        rest = whole - sum(one for one in known if isinstance(one, Fraction))
        if indicator.relation is Relation.PARTITION and indicator.code == parts[-1]:
            return max(rest, Fraction(0))
        share = self.shares[indicator.code] / (sum(weights) + (0.3 if indicator.relation is Relation.EXCLUSIVE else 0))
        return max(Fraction(0), min(rest, self._number(indicator, float(whole) * share)))

    def _is_typed(self, indicator: Indicator, measure: str) -> bool:
        slot = self.form.slots.get(FigureName(indicator.code, measure))
        return slot is not None and slot.role is Role.INPUT

    def _size(self, indicator: Indicator) -> float:
        if indicator.kind is Kind.PERCENT:
            return self.choose.uniform(40, 90)
        size = self.choose.lognormvariate(7 if indicator.kind is Kind.COUNT else 6, 1.2)
        if indicator.kind is Kind.MONEY and not indicator.decimals:
            size *= 10.0 ** self.choose.randint(5, 8)
        return size

    def _number(self, row: Indicator | ListField, size: float) -> Fraction:
        low, high = row.minimum, row.maximum
        if (low is not None and size < low) or (high is not None and size > high):
            least, most = low or 0.0, high if high is not None else 2 * size + 10
            size = least + (most - least) * self.choose.uniform(0.3, 0.7)
        digits = row.decimals
        return Fraction(Decimal(f"{size:.{digits}f}"))

    def _until_true(self) -> None:
        """Blanks what makes a relation false, until all are true."""
        figures = ExactFigures(subject_of(self.form.catalogue, self.form.returned(self.values)))
        relations = relations_of(figures)
        for _ in range(60):
            false = [relation for relation in relations if not relation.holds(figures)]
            if not false:
                return
            blanked: dict[FigureName, None] = {}
            for relation in false:
                names = sorted((one for one in relation.cells if one in self.values), key=str)
                blanked |= dict.fromkeys(names[:1] if relation.is_plausibility else names[-1:])
            for name in blanked:
                self.values.pop(name, None)
            figures = figures.changed(blanked)
        raise AssertionError("no return with true relations")

    def _type_over_formulas(self) -> None:
        subject = subject_of(self.form.catalogue, self.form.returned(self.values))
        for figure in self.form.catalogue.formulas:
            name, number = FigureName(figure.indicator, figure.measure), subject.number(figure)
            if number is not None and name in self.form.slots and self.choose.random() < TYPED_OVER:
                indicator = self.form.catalogue.indicators[figure.indicator]
                ratio = figure.measure in ("plan_ratio", "growth")
                digits = self.choose.choice((1, 2)) if ratio else indicator.decimals
                self.values[name] = Fraction(Decimal(str(round(Decimal(repr(number)) + Decimal("1e-12"), digits))))


Planted = dict[FigureName, Fraction | None]
Planter = Callable[[Form, Values, ExactFigures, random.Random], Planted | None]


def _input(form: Form, values: Values, choose: random.Random, wanted: Callable[[Fraction], bool]) -> FigureName | None:
    names = [
        name for name, slot in form.slots.items()
        if slot.role is Role.INPUT and not name.item and isinstance(value := values.get(name), Fraction)
        and wanted(value)
    ]  # fmt: skip
    return choose.choice(names) if names else None


def _digits(value: Fraction) -> tuple[str, int]:
    decimals = decimals_of(value)
    return str(int(value * 10**decimals)), decimals


def _of(text: str, decimals: int) -> Fraction:
    return Fraction(int(text), 10**decimals)


def wrong_digit(form: Form, values: Values, _: ExactFigures, choose: random.Random) -> Planted | None:
    """One digit is another one."""
    name = _input(form, values, choose, lambda one: one >= 10)
    if name is None:
        return None
    text, decimals = _digits(Fraction(values[name]))
    place = choose.randrange(len(text))
    digit = choose.choice([one for one in "0123456789" if one != text[place] and (place or one != "0")])
    return {name: _of(text[:place] + digit + text[place + 1 :], decimals)}


def swapped_digits(form: Form, values: Values, _: ExactFigures, choose: random.Random) -> Planted | None:
    """Two digits beside each other changed places."""

    def places(value: Fraction) -> list[int]:
        text, _ = _digits(value)
        return [at for at in range(len(text) - 1) if text[at] != text[at + 1] and (at or text[1] != "0")]

    name = _input(form, values, choose, lambda one: one >= 10 and bool(places(one)))
    if name is None:
        return None
    text, decimals = _digits(Fraction(values[name]))
    at = choose.choice(places(Fraction(values[name])))
    return {name: _of(text[:at] + text[at + 1] + text[at] + text[at + 2 :], decimals)}


def factor(form: Form, values: Values, _: ExactFigures, choose: random.Random) -> Planted | None:
    """Ten or a thousand times too much or too little."""
    name = _input(form, values, choose, lambda one: one >= 10)
    times = choose.choice([Fraction(10), Fraction(1, 10), Fraction(1000), Fraction(1, 1000)])
    return None if name is None else {name: Fraction(values[name]) * times}


def missing_zero(form: Form, values: Values, _: ExactFigures, choose: random.Random) -> Planted | None:
    """A zero was left out."""
    name = _input(form, values, choose, lambda one: one >= 100 and "0" in _digits(one)[0])
    if name is None:
        return None
    text, decimals = _digits(Fraction(values[name]))
    place = choose.choice([at for at, digit in enumerate(text) if digit == "0"])
    return {name: _of(text[:place] + text[place + 1 :], decimals - (place >= len(text) - decimals))}


def sign(form: Form, values: Values, _: ExactFigures, choose: random.Random) -> Planted | None:
    """A minus before the number."""
    name = _input(form, values, choose, lambda one: one > 0)
    return None if name is None else {name: -Fraction(values[name])}


def wrong_unit(form: Form, values: Values, _: ExactFigures, choose: random.Random) -> Planted | None:
    """Money in million or billion đồng where the row says otherwise, an area in square metres."""

    def has_unit(name: FigureName) -> bool:
        indicator = form.catalogue.indicators.get(name.indicator)
        return indicator is not None and indicator.kind in (Kind.MONEY, Kind.NUMBER)

    names = [name for name, value in values.items() if not name.item and has_unit(name) and isinstance(value, Fraction)]
    names = [name for name in names if values[name] and form.slots[name].role is Role.INPUT]
    if not names:
        return None
    name = choose.choice(names)
    small = form.catalogue.indicators[name.indicator].unit == "đồng"
    times = [Fraction(1, 10**6), Fraction(1, 10**9)] if small else [Fraction(1000), Fraction(10**6), Fraction(10**4)]
    return {name: Fraction(values[name]) * choose.choice(times)}


def shifted_rows(form: Form, values: Values, figures: ExactFigures, choose: random.Random) -> Planted | None:
    """Three to six rows of a column pasted one row too low."""
    neighbours = Neighbourhood(figures.subject)
    columns = [column for column in neighbours.columns.values() if len(column) > 5]
    choose.shuffle(columns)
    for column in columns:
        first = choose.randrange(len(column) - 3)
        for run in neighbours.runs(column[first], 1):
            full = all(isinstance(values.get(one), Fraction) for one in run)
            if full and len(run) == 4 + first % 3:
                moved: Planted = {low: Fraction(values[high]) for high, low in pairwise(run)}
                return {run[0]: None, **moved}
    return None


def wrong_column(form: Form, values: Values, figures: ExactFigures, choose: random.Random) -> Planted | None:
    """This year's figure typed as the plan."""
    name = _input(form, values, choose, lambda one: one > 0)
    for _ in range(50):
        if name is not None and name.measure == "actual" and FigureName(name.indicator, "plan") in values:
            plan = FigureName(name.indicator, "plan")
            if form.slots[plan].role is Role.INPUT and values[plan] != values[name]:
                return {plan: Fraction(values[name]), name: None}
        name = _input(form, values, choose, lambda one: one > 0)
    return None


def stale_formula(form: Form, values: Values, figures: ExactFigures, choose: random.Random) -> Planted | None:
    """A number typed over a formula before one of its parts changed."""
    names = [one.name for one in figures.subject.cells.values() if is_typed_over(one) and one.observation.value]
    names = [name for name in names if not figures.stands(Figure(name.indicator, name.measure))]
    if not names:
        return None
    name = choose.choice(names)
    behind = [one for one in figures.cells_behind(Figure(name.indicator, name.measure)) if values.get(one)]
    numbers = sorted((one for one in behind if isinstance(values[one], Fraction)), key=str)
    if not numbers:
        return None
    part = choose.choice(numbers)
    before = figures.changed({part: Fraction(values[part]) * Fraction(choose.choice([80, 90, 95, 105, 112, 125]), 100)})
    old = before.amount(Figure(name.indicator, name.measure))
    digits = figures.decimals(name)
    return None if old is None else {name: Fraction(Decimal(f"{float(old):.{digits}f}"))}


KINDS: dict[str, Planter] = {
    "một chữ số sai": wrong_digit,
    "đảo hai chữ số": swapped_digits,
    "gấp hoặc kém 10, 1.000 lần": factor,
    "thiếu một số 0": missing_zero,
    "sai dấu": sign,
    "nhầm đơn vị": wrong_unit,
    "lệch một dòng": shifted_rows,
    "nhầm cột": wrong_column,
    "gõ đè công thức, số cũ": stale_formula,
}


@dataclass
class Tally:
    """What was counted for one kind."""

    planted: int = 0
    broken: int = 0
    detected: int = 0
    likeliest: int = 0
    named: int = 0
    seconds: float = 0.0
    missed: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Made:
    """A return made up, all of its relations true."""

    form: Form
    values: Values
    figures: ExactFigures
    relations: list[AnyRelation]


def is_detected(subject: Subject, findings: list[Finding], planted: Planted) -> bool:
    """Whether an error or a warning names a planted cell, or a figure made of it."""
    figures = ExactFigures(subject)
    names = {full_address(one.observation.sheet, one.observation.cell): one.name for one in subject.cells.values()}
    for finding in findings:
        if finding.severity is Severity.INFO or finding.code == "rule.proposal":
            continue
        for address in (*finding.cells, full_address(finding.sheet, finding.cell)):
            name = names.get(address)
            if name in planted or (
                name and not planted.keys().isdisjoint(figures.cells_behind(Figure(name.indicator, name.measure)))
            ):
                return True
    return False


def try_one(made: "Made", kind: str, choose: random.Random, tally: Tally) -> None:
    """Plant one error and count what is found of it."""
    form, values, clean = made.form, made.values, made.figures
    planted = KINDS[kind](form, values, clean, choose)
    if planted is None or all(values.get(name) == value for name, value in planted.items()):
        return
    tally.planted += 1
    tried = clean.changed(planted)
    touched = [one for one in made.relations if not planted.keys().isdisjoint(one.cells)]
    if all(relation.holds(tried) for relation in touched):
        return
    wrong = {name: value for name, value in {**values, **planted}.items() if value is not None}
    subject = subject_of(form.catalogue, form.returned(wrong))
    figures = ExactFigures(subject)
    touched = [one for one in relations_of(figures) if not planted.keys().isdisjoint(one.cells)]
    broken = [relation.code for relation in touched if not relation.holds(figures)]
    if not broken:
        return
    tally.broken += 1
    if is_detected(subject, check_subject(subject), planted):
        tally.detected += 1
    else:
        tally.missed.append(f"not detected: {_cells(planted, values)} | {broken}")
    start = time.process_time()
    found = proposals(subject)
    tally.seconds = max(tally.seconds, time.process_time() - start)
    likeliest, named = _names(found[:1], planted)
    tally.likeliest += likeliest
    tally.named += named
    if not named:
        codes = [[one.code for one in proposal.relations] for proposal in found]
        tally.missed.append(f"not named: {_cells(planted, values)} | {codes}")


def _names(found: list[Proposal], planted: Planted) -> tuple[bool, bool]:
    """Whether the likeliest candidate, and whether any candidate told, has a planted cell."""
    told = [candidate.changes for proposal in found for candidate in (proposal.told if proposal.candidates else ())]
    hit = [any(change.name in planted for change in changes) for changes in told]
    return bool(hit and hit[0]), any(hit[:3])


def _cells(planted: Planted, values: Values) -> str:
    changes = ((f"{name.indicator}@{name.measure}", values.get(name), new) for name, new in planted.items())
    return ", ".join(f"{name}: {old} → {new}" for name, old, new in changes)


HEADINGS = (
    "lỗi gài",
    "số lần",
    "làm sai một quan hệ",
    "được phát hiện",
    "ô sai là khả năng đầu",
    "ô sai được nêu",
    "lâu nhất (s)",
)


def table(tallies: dict[str, Tally], clean: int, false: Counter[str]) -> Iterator[str]:
    """The result as a Markdown table."""
    yield f"| {' | '.join(HEADINGS)} |"
    yield f"|{'---|' * len(HEADINGS)}"
    for kind, one in tallies.items():
        shares = [
            f"{part} ({100 * part / max(1, one.broken):.1f} %)" for part in (one.detected, one.likeliest, one.named)
        ]
        share = f"{one.broken} ({100 * one.broken / max(1, one.planted):.1f} %)"
        yield f"| {kind} | {one.planted} | {share} | {' | '.join(shares)} | {one.seconds:.2f} |"
    yield ""
    errors = sum(false.values())
    rate = 100 * errors / max(1, clean)
    yield f"Số liệu giả lập. {clean} báo cáo đúng, {errors} lỗi báo nhầm ({rate:.1f} trên 100 báo cáo)."
    yield from (f"- {code}: {count}" for code, count in false.most_common())


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--returns", type=int, default=60)
    parser.add_argument("--clean", type=int, default=0, help="so many more returns without any error, only checked")
    parser.add_argument("--minutes", type=float, default=60, help="plant errors for so long at most")
    parser.add_argument("--seed", type=int, default=2023)
    parser.add_argument("--output", type=Path)
    parser.add_argument("--missed", action="store_true", help="also show the cases in which the cell was not named")
    options = parser.parse_args()
    catalogue = shipped_template().catalogue
    codes = [one.code for one in catalogue.fields]
    tallies = {kind: Tally() for kind in KINDS}
    false: Counter[str] = Counter()
    started = time.monotonic()
    planted = 0
    for number in range(options.returns + options.clean):
        choose = random.Random(options.seed * 100_000 + number)
        form = Form.of(catalogue, tuple(sorted(choose.sample(codes, FIELDS_OF_A_RETURN))))
        values = Writer(form, choose).write()
        subject = subject_of(catalogue, form.returned(values))
        false.update(one.code for one in check_subject(subject) if one.severity is Severity.ERROR)
        if number >= options.returns or time.monotonic() - started > 60 * options.minutes:
            continue
        planted += 1
        figures = ExactFigures(subject)
        made = Made(form, values, figures, relations_of(figures))
        for kind, tally in tallies.items():
            try_one(made, kind, choose, tally)
    lines = (
        f"Lỗi được gài vào {planted} báo cáo.\n\n"
        + "\n".join(table(tallies, options.returns + options.clean, false))
        + "\n"
    )
    print(lines)
    if options.missed:
        print("\n".join(f"{kind}: {one}" for kind, tally in tallies.items() for one in tally.missed))
    if options.output:
        options.output.write_text(lines, encoding="utf-8")


if __name__ == "__main__":
    main()
