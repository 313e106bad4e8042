"""The whole template as frozen facts: its fields, rules and settings, and how they hang together."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from workbook_tools.cells import MEASURES
from workbook_tools.formula_groups import FormulaGroup, formula_groups
from workbook_tools.formula_rendering import show
from workbook_tools.formulas import Expression, Figure, figures_of, list_columns_of
from workbook_tools.indicators import Field, GroupRow, Indicator, IndicatorBlock, ListBlock, Relation, Role, Rule


@dataclass(frozen=True)
class Catalogue:
    """The whole template."""

    fields: tuple[Field, ...]
    rules: tuple[Rule, ...]
    settings: Mapping[str, str]
    choices: Mapping[str, tuple[str, ...]]
    guide: tuple[str, ...]
    cover: tuple[tuple[str, str], ...]

    @cached_property
    def indicators(self) -> dict[str, Indicator]:
        """Indicators by code, in the order of the template."""
        return {indicator.code: indicator for field in self.fields for indicator in field.indicators}

    @cached_property
    def lists(self) -> dict[str, ListBlock]:
        """List blocks by code."""
        return {block.code: block for field in self.fields for block in field.lists}

    @property
    def calendar(self) -> str:
        """By which days its reports are made (see :meth:`workbook_tools.periods.Period.bounds`)."""
        return self.settings.get("calendar", "")

    @cached_property
    def headings(self) -> dict[str, str]:
        """How the form names each column of its indicator blocks, by column code."""
        blocks = (block for field in self.fields for block in field.blocks if isinstance(block, IndicatorBlock))
        columns = (column for block in blocks for column in block.columns)
        return {column.code: ": ".join(filter(None, (column.group, column.heading))) for column in columns}

    @cached_property
    def field_of(self) -> dict[str, Field]:
        """The field of each indicator and list."""
        pairs = [(row.code, field) for field in self.fields for row in field.indicators]
        return dict(pairs + [(block.code, field) for field in self.fields for block in field.lists])

    @cached_property
    def divisions(self) -> dict[str, tuple[Indicator, ...]]:
        """The parts (chia ra) of each indicator that is divided, by its code."""
        return self._parts_related(Relation.PARTITION)

    @cached_property
    def exclusive_parts(self) -> dict[str, tuple[Indicator, ...]]:
        """The parts (trong đó, không trùng) of each indicator of which several have nothing in common, by its code."""
        return {whole: parts for whole, parts in self._parts_related(Relation.EXCLUSIVE).items() if len(parts) > 1}

    def _parts_related(self, relation: Relation) -> dict[str, tuple[Indicator, ...]]:
        parts: dict[str, list[Indicator]] = {}
        for indicator in self.indicators.values():
            if indicator.relation is relation:
                parts.setdefault(indicator.whole, []).append(indicator)
        return {whole: tuple(found) for whole, found in parts.items() if whole in self.indicators}

    @cached_property
    def formulas(self) -> dict[Figure, Expression]:
        """Formula figures in an order in which each comes after the figures it needs."""
        waiting = {
            Figure(indicator.code, measure): rule.expression
            for indicator in self.indicators.values()
            for measure, rule in indicator.cells.items()
            if rule.expression is not None
        }
        ordered: dict[Figure, Expression] = {}
        for figure in waiting:
            _visit(figure, waiting, ordered, set())
        return ordered

    @cached_property
    def parts(self) -> dict[Figure, tuple[tuple[Figure, ...], tuple[str, ...]]]:
        """The figures and the lists each formula is made of."""
        return {
            figure: (tuple(dict.fromkeys(figures_of(expression))), tuple({c.list for c in list_columns_of(expression)}))
            for figure, expression in self.formulas.items()
        }

    @cached_property
    def columns(self) -> dict[Figure, int]:
        """The column of each figure in a cube."""
        figures = (Figure(code, measure) for code, one in self.indicators.items() for measure in one.cells)
        return {figure: number for number, figure in enumerate(figures)}

    @cached_property
    def formula_groups(self) -> tuple[FormulaGroup, ...]:
        """Formulas that are computed together, each group after those it needs."""
        return formula_groups(self.formulas, self.columns)

    @cached_property
    def kept(self) -> dict[object, Any]:
        """What others have worked out from the template once for all, by whose it is."""
        return {}

    @cached_property
    def fingerprint(self) -> str:
        """Sixteen hexadecimal digits that change when anything does that a reader or a total depends on."""
        return hashlib.sha256("\n".join(show_catalogue(self)).encode()).hexdigest()[:16]


def _visit(
    figure: Figure, waiting: Mapping[Figure, Expression], ordered: dict[Figure, Expression], open_: set[Figure]
) -> None:
    """Depth first; a figure met again while open closes a circle and stays where it is (the lint names it)."""
    if figure in ordered or figure in open_ or figure not in waiting:
        return
    open_.add(figure)
    for needed in figures_of(waiting[figure]):
        _visit(needed, waiting, ordered, open_)
    open_.discard(figure)
    ordered[figure] = waiting[figure]


def show_catalogue(catalogue: Catalogue) -> Iterator[str]:
    """The template as lines of text, formulas by code: for reviews, differences and the fingerprint."""
    for key, value in catalogue.settings.items():
        yield f"setting {key} = {value}"
    for name, values in catalogue.choices.items():
        yield f"choices {name} = {' | '.join(values)}"
    for field in catalogue.fields:
        yield ""
        yield f"field {field.code} [{field.sheet}] {field.title}"
        for block in field.blocks:
            yield from _show_indicators(block) if isinstance(block, IndicatorBlock) else _show_list(block)
    yield ""
    for rule in catalogue.rules:
        yield f"rule {rule.code} {rule.severity} {rule.scope}: {show(rule.expression)} | {rule.message} | {rule.advice}"


def _show_indicators(block: IndicatorBlock) -> Iterator[str]:
    yield f"  block {block.code} {block.title}"
    for row in block.rows:
        if isinstance(row, GroupRow):
            yield f"    -- {row.number} {row.label}".rstrip()
            continue
        facts = [
            row.number, row.label, row.unit, f"{row.kind}.{row.decimals}", f"{row.aggregation} {row.weight}".strip(),
            row.flow, row.direction, "headline" if row.headline else "", ", ".join(row.levels),
            f"{row.relation} {row.whole}" if row.relation else "",
            f"{row.minimum}..{row.maximum}" if (row.minimum, row.maximum) != (None, None) else "",
            "required" if row.required else "", "/".join(row.choices), row.official, row.guidance,
        ]  # fmt: skip
        yield f"    {row.code}: " + " | ".join(fact for fact in facts if fact)
        for measure in MEASURES:
            rule = row.rule(measure)
            if rule.expression is not None:
                yield f"      {measure} = {show(rule.expression)}"
            elif rule.role is Role.CLOSED:
                yield f"      {measure} x"


def _show_list(block: ListBlock) -> Iterator[str]:
    yield f"  list {block.code} {block.title} ({block.rows})"
    for column in block.columns:
        facts = [
            " ".join(column.heading.split()), column.unit, f"{column.kind}.{column.decimals}", str(column.aggregation),
            column.choices_name,
            f"{column.minimum}..{column.maximum}" if (column.minimum, column.maximum) != (None, None) else "",
            column.guidance,
        ]  # fmt: skip
        yield f"    {column.code}: " + " | ".join(fact for fact in facts if fact)
