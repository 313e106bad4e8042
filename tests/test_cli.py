"""The command line: wiring, messages, exit codes; nothing else."""

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from workbook_tools.cli import main
from workbook_tools.findings import KEYS
from workbook_tools.help_texts import HELP
from workbook_tools.observations import COLUMNS

EXAMPLES = Path(__file__).parents[1] / "examples"
KEP = str(EXAMPLES / "returns" / "kep-2023.xlsx")
FILE_KEYS = ["file", "status", "unit", "period", "expected", "taken", "blank", "refused", "missing"]


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


class TestRead:
    def test_json_has_exactly_the_promised_keys(self) -> None:
        result = run("read", KEP, "--format", "json")
        document = json.loads(result.stdout)

        assert result.exit_code == 0
        assert list(document) == ["files", "findings", "observations"]
        assert [list(one) for one in document["files"]] == [FILE_KEYS]
        assert {tuple(one) for one in document["findings"]} == {KEYS}
        assert {tuple(one) for one in document["observations"]} == {COLUMNS}

    def test_csv_is_the_frame_alone_and_everything_else_goes_to_standard_error(self) -> None:
        result = run("read", KEP)
        rows = list(csv.reader(io.StringIO(result.stdout)))

        assert tuple(rows[0]) == COLUMNS
        assert {len(row) for row in rows} == {len(COLUMNS)}
        assert "kep-2023.xlsx" in result.stderr


class TestCheck:
    def test_exit_code_1_when_there_are_errors(self) -> None:
        result = run("check", EXAMPLES / "returns", "--format", "json")
        document = json.loads(result.stdout)

        assert result.exit_code == 1
        assert list(document) == ["files", "findings"]
        assert [one["file"] for one in document["files"]] == ["kep-2023.xlsx", "thang-2023.xlsx"]

    def test_exit_code_0_for_a_form_without_errors(self, tmp_path: Path) -> None:
        run("forms", "-o", tmp_path, "--units", EXAMPLES / "DonVi.xlsx", "--period", "2023")

        result = run("check", tmp_path / "07399-thi-tran-kep.xlsx")

        assert result.exit_code == 0

    def test_text_names_file_sheet_and_cell(self) -> None:
        result = run("check", KEP)

        assert "Lỗi: [kep-2023.xlsx]02 Nông nghiệp!G" in result.stdout

    def test_a_file_that_is_no_workbook_is_a_finding(self, tmp_path: Path) -> None:
        photo = tmp_path / "anh.xlsx"
        photo.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))

        result = run("check", photo, "--format", "json")

        assert result.exit_code == 1
        assert json.loads(result.stdout)["files"][0]["status"] == "refused"


class TestConsolidate:
    def test_writes_the_workbook_and_the_findings(self, tmp_path: Path) -> None:
        output, findings = tmp_path / "TongHop.xlsx", tmp_path / "findings.json"
        units = EXAMPLES / "DonVi.xlsx"

        result = run("consolidate", EXAMPLES / "returns", "-o", output, "--units", units, "--findings", findings)

        assert result.exit_code == 1, "the reports contain contradictions"
        assert result.stdout.strip() == str(output)
        assert output.exists()
        assert list(json.loads(findings.read_text("utf-8"))) == ["files", "findings"]


class TestExpectedFailures:
    @pytest.mark.parametrize(
        ("arguments", "exit_code"),
        [
            (["check"], 2),
            (["check", "does-not-exist.xlsx"], 2),
            (["read", KEP, "--format", "xml"], 2),
            (["forms", "-o", "x", "--period", "mùa xuân"], 1),
            (["trace", KEP, "Không có!A1"], 1),
        ],
    )
    def test_exit_codes(self, arguments: list[str], exit_code: int) -> None:
        result = run(*arguments)

        assert result.exit_code == exit_code
        assert "Traceback" not in result.output


class TestTemplate:
    def test_the_shipped_template_is_clean(self) -> None:
        assert run("template", "check").exit_code == 0

    def test_show_prints_formulas_by_code(self) -> None:
        result = run("template", "show")

        assert "{agri.rice_area@actual}*{agri.rice_yield@actual}/10" in result.stdout

    def test_diff_of_a_template_with_itself_is_empty(self) -> None:
        template = EXAMPLES.parent / "templates" / "BieuMau.xlsx"

        assert run("template", "diff", template, template).stdout == ""


class TestHelp:
    @pytest.mark.parametrize("command", sorted(main.commands))
    def test_every_command_has_help(self, command: str) -> None:
        result = run(command, "--help")

        assert result.exit_code == 0
        assert HELP[command][0].splitlines()[0][:30] in result.stdout
