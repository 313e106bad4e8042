"""The command line: wiring, messages, exit codes; nothing else."""

import csv
import io
import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.helpers import digest
from workbook_tools.cli import main
from workbook_tools.findings import KEYS
from workbook_tools.help_texts import HELP
from workbook_tools.read_cells import COLUMNS

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


class TestSecondRun:
    def test_with_and_without_what_is_kept_the_workbook_is_the_same(self, tmp_path: Path) -> None:
        output = tmp_path / "TongHop.xlsx"
        written = []
        for options in ([], [], ["--no-cache"]):
            run("consolidate", KEP, "-o", output, *options)
            written.append(digest(output))

        assert written[0] == written[1] == written[2]

    def test_no_cache_keeps_nothing(self, tmp_path: Path) -> None:
        run("consolidate", KEP, "-o", tmp_path / "TongHop.xlsx", "--no-cache")

        assert [path.name for path in tmp_path.iterdir()] == ["TongHop.xlsx"]


class TestCluster:
    def test_without_the_extra_it_is_said_how_to_get_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "distributed", None)
        first, second = run("check", KEP, "--cluster", "tcp://x:1"), run("--lang", "en", "check", KEP, "--cluster", "x")

        assert first.exit_code == second.exit_code == 1
        assert "Lỗi: --cluster cần thêm gói" in first.stderr
        assert "Error: --cluster needs" in second.stderr
        assert "pip install workbook-tools[cluster]" in first.stderr


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


class TestWrongUsage:
    @pytest.mark.parametrize(
        ("arguments", "vietnamese", "english"),
        [
            (["chekc"], "Không có lệnh “chekc”", "No such command 'chekc'"),
            (["check"], "Thiếu tham số “FILES”", "Missing argument"),
            (["check", "khong-co.xlsx"], "Không có tệp hoặc thư mục “khong-co.xlsx”", "There is no file or folder"),
            (["check", KEP, "--fromat", "json"], "Không có tùy chọn “--fromat”. Có phải là: --format?", "--fromat"),
            (["check", KEP, "--format"], "Tùy chọn “--format” cần kèm một giá trị", "requires an argument"),
            (["check", KEP, "--format", "xml"], "chọn một trong: text, json", "is not one of"),
            (["check", KEP, "--jobs", "-1"], "cần một số nguyên từ 0 trở lên", "is not in the range"),
            (["trace", KEP, "A1", "B1"], "Thừa tham số “B1”", "unexpected extra argument"),
            (["trace", EXAMPLES, "A1"], "là thư mục, cần một tệp", "is a folder, not a file"),
            (["--xyz"], "Không có tùy chọn “--xyz”", "No such option"),
        ],
    )
    def test_is_told_in_the_language_asked_for(self, arguments: list[str], vietnamese: str, english: str) -> None:
        first, second = run(*arguments), run("--lang", "en", *arguments)

        assert first.exit_code == second.exit_code == 2
        assert vietnamese in first.stderr
        assert english in second.stderr
        assert "Usage" not in first.stderr
        assert "Lỗi" not in second.stderr
        assert not first.stdout

    def test_a_hostile_argument_is_shown_not_obeyed(self) -> None:
        assert "\x1b" not in run("check", "\x1b[2J.xlsx").output
        assert "\x1b" not in run("\x1b[2J").output

    def test_without_arguments_there_is_help(self) -> None:
        result = run()

        assert result.exit_code == 0
        assert "Cách dùng: " in result.stdout
        assert "consolidate" in result.stdout

    def test_no_english_word_stands_in_vietnamese_help(self) -> None:
        for command in ([], ["consolidate"], ["template"]):
            page = run(*command, "--help").stdout
            assert not [
                word for word in ("Usage", "Options", "Commands", "Show", "required", "OPTIONS") if word in page
            ]

    def test_an_output_that_cannot_be_written_is_one_sentence(self, tmp_path: Path) -> None:
        (tmp_path / "a").write_bytes(b"")
        blank = run("forms", "-o", tmp_path / "a")

        assert blank.exit_code == 1
        assert blank.stderr.startswith("Lỗi: Không ghi được")
        assert run("--lang", "en", "forms", "-o", tmp_path / "a").stderr.startswith("Error: Cannot write")


class TestFolders:
    def test_what_is_passed_by_is_a_finding_and_no_file(self, tmp_path: Path) -> None:
        (tmp_path / "kep.xlsx").write_bytes(Path(KEP).read_bytes())
        (tmp_path / "~$kep.xlsx").write_bytes(b"1")
        (tmp_path / "quét.pdf").write_bytes(b"1")
        for command in ("read", "check"):
            document = json.loads(run(command, tmp_path, "--format", "json").stdout)
            about = {one["file"]: one["code"] for one in document["findings"] if one["code"].startswith("file.")}

            assert [one["file"] for one in document["files"]] == ["kep.xlsx"]
            assert about == {"~$kep.xlsx": "file.passed_by", "quét.pdf": "file.maybe_a_return"}
