"""Imports only go down: the floors of design.md, section 8, as a test."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "workbook_tools"

FLOORS = [
    # words and addresses
    {"bar_charts", "cells", "errors", "help_texts", "legacy_encodings", "precision", "text", "typed_dates", "wording"},
    {"failure_reasons"},
    {
        "fingerprints",
        "ole_directory",
        "print_pages",
        "reader_version",
        "text_decoding",
        "text_widths",
        "worker_processes",
        "xml_parts",
    },
    {
        "file_messages",
        "html_tables",
        "inert",
        "plausibility_messages",
        "repair_messages",
        "unit_messages",
        "identity_messages",
        "return_messages",
        "rule_messages",
        "template_messages",
        "value_messages",
        "period_messages",
        "periods",
        "unit_names",
        "xml_parsing",
    },
    {"command_style", "executors", "messages", "progress_line", "unit_conversion", "unit_tree", "whole_files"},
    # what a cell says
    {"findings", "readings", "formulas"},
    {"findings_reference"},
    {"numerals", "formula_groups", "formula_parsing", "formula_rendering", "vectors", "annotation"},
    {"cell_display", "operators", "typed_text"},
    {"number_phrases", "worksheet_functions"},
    # what an expression is worth
    {"contributions", "evaluation", "exact_evaluation", "number_lines", "number_slips"},
    {"typed_formulas"},
    {"number_cells"},
    {"values"},
    {"plain_numbers"},
    # files
    {"workbook_contents", "excel_package", "excel_writing", "file_kinds", "zip_parts"},
    {"formula_notations", "formula_tokens"},
    {"cell_texts", "number_formats", "sheet_areas", "last_saved", "received_files", "source_rows", "package_editing"},
    {"excel_sheets", "style_editing", "cell_editing", "ods_styles"},
    {"ooxml_reading", "note_shapes", "sheet_insertion", "cell_collection"},
    {"plain_sheets"},
    {"html_reading", "ods_reading", "spreadsheetml_reading", "text_tables_reading", "xls_records", "xlsb_reading"},
    {"xls_reading"},
    {"excel_reading", "comment_editing"},
    # the template, the units, the form
    {"headed_tables", "indicators"},
    {"successions", "units"},
    {"national_units"},
    {"catalogue", "template_fields", "styles"},
    {"list_sheets"},
    {"unit_list_writing"},
    {"template_reading", "form_layout"},
    {"template_findings", "read_cells"},
    {"cell_columns"},
    {"cells_by_name"},
    {"observations"},
    {"return_json"},
    {"read_cache"},
    {"template_row_checks", "template_reference_checks"},
    {"template_checks"},
    # figures of many units
    {"figure_cube", "source_file"},
    {"agreement", "calculation", "totals", "ratios"},
    {"rules", "subtotals"},
    # out and in
    {"field_pages", "form_progress", "input_validations"},
    {"check_sheet", "heading_meanings", "input_marks", "sheet_texts"},
    {"field_sheets"},
    {"cover_sheet"},
    {"finding_groups", "label_matching", "period_search", "sheet_columns"},
    {"sheet_matching", "sheet_survey"},
    {"leftover_figures", "unit_column"},
    {"cell_reading"},
    {"form_writing", "return_identity", "list_matching"},
    {"form_press"},
    {"field_reading", "example_returns", "explanations", "form_files", "output_files"},
    {"planned_cells", "telling_texts"},
    {"known_sheets"},
    {"form_plans"},
    {"fast_reading"},
    {"bystanders"},
    {"form_reading"},
    # judging and adding up
    {"duplicate_returns", "overlapping_totals", "snapshots"},
    {"sibling_comparison"},
    {"subject", "aggregation", "return_comparison", "total_checks"},
    {"period_totals"},
    {"longer_periods"},
    {
        "admission",
        "boundaries",
        "workbook_differences",
        "part_checks",
        "plausibility",
        "ratio_checks",
        "growth_checks",
        "exact_figures",
        "cell_neighbours",
    },
    {"relations"},
    {"repair_values", "return_relations"},
    {"repair_events", "repair_evidence"},
    {"repairs"},
    {"repair_sentences"},
    {"checks"},
    {"screening_facts"},
    {"screening"},
    {"office_comparison"},
    {"consolidated", "return_files", "submission_status"},
    {"live_cells", "summary_sheets"},
    {"like_for_like"},
    {"change_analysis", "same_unit_columns", "standings"},
    {"analysis_sentences"},
    {"analysis_lines"},
    {"analysis_sheet"},
    {"highlights", "status_sheet", "summary_body", "summary_records", "findings_sheet"},
    {"lineage_sheet"},
    {"summary_tables", "unit_matrix"},
    {"chart_data", "overview_sheet"},
    {"charts_sheet"},
    {"summary_writing", "lineage", "annotated_copies"},
    {"form_index", "prior_figures"},
    {"prior_values"},
    {"form_runs"},
    # the runs
    {"return_runs"},
    {"pipeline"},
    {"demonstration", "merger_example"},
    {"cli"},
]
"""The modules, lowest floor first."""

EXCEL_LIBRARIES = {"openpyxl", "xlrd", "xlsxwriter"}
EXCEL_MODULES = {"excel_sheets", "excel_writing", "xls_reading"}

MODULES = sorted(path.stem for path in PACKAGE.glob("*.py") if not path.stem.startswith("__"))


def floor(module: str) -> int:
    return next(number for number, modules in enumerate(FLOORS) if module in modules)


def imported(source: str) -> Iterator[str]:
    """Dotted names of everything a module imports, inside functions and under TYPE_CHECKING too.

    >>> sorted(imported("from a import b"))
    ['a', 'a.b']
    """
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(filter(None, ["workbook_tools" if node.level else "", node.module]))
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


def siblings(module: str) -> set[str]:
    """Modules of the package that a module imports."""
    names = (name.split(".") for name in imported((PACKAGE / f"{module}.py").read_text("utf-8")))
    return {name[1] for name in names if name[0] == "workbook_tools" and len(name) > 1 and name[1] in MODULES}


class TestFloors:
    def test_every_module_has_one_floor(self) -> None:
        """A new module is put on a floor before anything else is said about it."""
        listed = [module for modules in FLOORS for module in sorted(modules)]
        homeless = sorted(set(MODULES) - set(listed))

        assert len(set(listed)) == len(listed), "a module stands on two floors"
        assert not homeless, f"modules on no floor: {', '.join(homeless)}; put each into FLOORS of {__file__}"

    @pytest.mark.parametrize("module", sorted(set(MODULES) & set().union(*FLOORS)))
    def test_imports_only_go_down(self, module: str) -> None:
        """A module imports from lower floors only."""
        others = [other for other in sorted(siblings(module)) if any(other in modules for modules in FLOORS)]
        upward = [other for other in others if floor(other) >= floor(module)]

        assert not upward, f"{module} (floor {floor(module)}) imports from its own floor or above: {', '.join(upward)}"


class TestExcelLibraries:
    @pytest.mark.parametrize("module", sorted(set(MODULES) - EXCEL_MODULES))
    def test_only_three_modules_know_them(self, module: str) -> None:
        """They are imported by the readers of sheets and the writer only, a late import included."""
        names = {name.split(".")[0] for name in imported((PACKAGE / f"{module}.py").read_text("utf-8"))}

        assert not names & EXCEL_LIBRARIES
