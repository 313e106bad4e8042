"""Help of the command line, Vietnamese and English, in one table."""

import os
import sys
from collections.abc import Sequence

HELP: dict[str, tuple[str, str]] = {
    "main": (
        "Thu thập số liệu bằng biểu Excel, kiểm tra đến từng ô, tổng hợp theo cây đơn vị, truy nguồn mọi con số.",
        "Collect figures in Excel forms, check them to the cell, add them up over the tree of units, trace totals.",
    ),
    "lang": ("Ngôn ngữ của thông báo và trợ giúp.", "Language of messages and help."),
    "template_option": ("Biểu mẫu khác với BieuMau.xlsx đi kèm.", "A template other than the shipped BieuMau.xlsx."),
    "jobs": ("Số tiến trình; 0 là tự chọn.", "Number of processes; 0 chooses."),
    "cluster": (
        "Địa chỉ scheduler của một cụm máy Dask đang chạy, ví dụ tcp://10.0.0.5:8786; các máy đó đọc báo cáo. "
        "Cần cài workbook-tools[cluster] cùng phiên bản trên mọi máy, và thư mục báo cáo mọi máy đều đọc được.",
        "Scheduler of a running Dask cluster, as tcp://10.0.0.5:8786, whose workers read the returns. Needs the same "
        "workbook-tools[cluster] on all machines, and a folder of returns that all of them can read.",
    ),
    "no_cache": (
        "Đọc lại mọi tệp, không dùng và không ghi phần đã đọc cạnh tệp tổng hợp. Kết quả như nhau.",
        "Read all files again; neither use nor write what is kept beside the output. The result is the same.",
    ),
    "units_option": ("Danh sách đơn vị (DonVi.xlsx).", "List of units (DonVi.xlsx)."),
    "period": (
        "Kỳ báo cáo: 2026, 2026-H1, 2026-9M, 2026-Q3, 2026-06, “năm học 2025-2026”, “vụ Mùa 2026”.",
        "Period: 2026, 2026-H1, 2026-9M, 2026-Q3, 2026-06, 'năm học 2025-2026', 'vụ Mùa 2026'.",
    ),
    "prior": (
        "Tệp tổng hợp hoặc thư mục báo cáo cùng kỳ năm trước (và của cả năm trước, để lấy kế hoạch).",
        "Consolidated workbook or folder of returns of the same period of last year (and of that year, for the plan).",
    ),
    "demo": (
        "Chạy toàn bộ công việc trên ví dụ đi kèm, từng bước, vào thư mục DIRECTORY.\n\n"
        "Ví dụ: workbook-tools demo demo",
        "Run the whole job on the shipped examples, step by step, into DIRECTORY.\n\nExample: workbook-tools demo demo",
    ),
    "forms": (
        "Tạo biểu cho từng đơn vị (hoặc một biểu trống nếu không có danh sách đơn vị).\n\n"
        "Ví dụ: workbook-tools forms -o bieu --units DonVi.xlsx --period 2026",
        "Write a form for every unit (or one blank form without a list of units).\n\n"
        "Example: workbook-tools forms -o forms --units DonVi.xlsx --period 2026",
    ),
    "forms_output": ("Thư mục nhận các biểu.", "Folder for the forms."),
    "by": ("Một tệp cho mỗi đơn vị, hoặc mỗi đơn vị và lĩnh vực.", "One file per unit, or per unit and field."),
    "read": (
        "Đọc báo cáo, in bảng số liệu, mỗi dòng một ô. Trong CSV, chữ mà bảng tính có thể hiểu là công thức (bắt đầu "
        "bằng = + - @) có dấu ' đứng trước; số giữ nguyên; JSON giữ nguyên tất cả.\n\n"
        "Ví dụ: workbook-tools read bao-cao.xlsx --format json",
        "Read returns and print the figures, one row a cell. In CSV an apostrophe stands before text that a "
        "spreadsheet would take for a formula (= + - @); numbers stay numbers; JSON keeps everything as it is.\n\n"
        "Example: workbook-tools read return.xlsx --format json",
    ),
    "read_format": ("Dạng in ra.", "Output format."),
    "check": (
        "Kiểm tra báo cáo, in các lỗi đến từng ô. Mã thoát 1 nếu có lỗi.\n\nVí dụ: workbook-tools check nhan-ve/",
        "Check returns and print what is wrong, to the cell. Exit code 1 on errors.\n\n"
        "Example: workbook-tools check received/",
    ),
    "annotate": (
        "Thư mục nhận bản sao của từng báo cáo, ô sai được tô màu, ghi chú và có trang “Cần sửa” để gửi lại đơn vị.",
        "Folder for a copy of each return with the bad cells coloured, commented and listed, to send back.",
    ),
    "since": (
        "Tệp tổng hợp lần trước: in ra từng số đã thay đổi và ảnh hưởng đến số tổng.",
        "An earlier consolidated workbook: print each figure that changed and its effect on the total.",
    ),
    "close": (
        "Chốt số liệu: tệp tổng hợp này không bị ghi đè nữa; báo cáo nộp muộn tổng hợp ra tệp khác, dùng --since để "
        "xem số thay đổi so với tệp đã chốt.",
        "Close the period: this workbook is never overwritten; add late returns in another file, and --since tells "
        "what changes against the closed one.",
    ),
    "status": (
        "Đơn vị nào đã gửi, gửi trễ, gửi có lỗi, chưa gửi; kèm lời nhắc để dán vào tin nhắn.\n\n"
        "Ví dụ: workbook-tools status nhan-ve/ --units DonVi.xlsx --period 2026",
        "Who has sent what, late, with errors, or not at all; with reminders ready to paste.\n\n"
        "Example: workbook-tools status received/ --units DonVi.xlsx --period 2026",
    ),
    "diff": (
        "So hai tệp tổng hợp: từng số đã thay đổi và ảnh hưởng đến số tổng.\n\n"
        "Ví dụ: workbook-tools diff TongHop-cu.xlsx TongHop.xlsx",
        "Compare two consolidated workbooks: each figure that changed and its effect on the total.\n\n"
        "Example: workbook-tools diff old.xlsx new.xlsx",
    ),
    "units": (
        "Lập danh sách đơn vị của một tỉnh hoặc xã (mã hoặc tên, theo danh mục từ 01/07/2025), kèm đơn vị cũ.\n\n"
        "Ví dụ: workbook-tools units “xã Kép, tỉnh Bắc Ninh” -o DonVi.xlsx",
        "Write the list of units of a province or commune (code or name, as of 01/07/2025), with the former units.\n\n"
        "Example: workbook-tools units 07399 -o DonVi.xlsx",
    ),
    "units_output": ("Tệp danh sách đơn vị.", "The list of units."),
    "check_format": ("Dạng in ra.", "Output format."),
    "consolidate": (
        "Tổng hợp các báo cáo thành một tệp Excel có công thức, nguồn số liệu và kết quả kiểm tra.\n\n"
        "Ví dụ: workbook-tools consolidate nhan-ve/ -o TongHop.xlsx --units DonVi.xlsx",
        "Add returns up into one workbook with live formulas, sources and findings.\n\n"
        "Example: workbook-tools consolidate received/ -o TongHop.xlsx --units DonVi.xlsx",
    ),
    "consolidate_output": ("Tệp tổng hợp.", "The consolidated workbook."),
    "unit": ("Mã hoặc tên đơn vị cần tổng hợp.", "Code or name of the unit to consolidate for."),
    "findings": ("Ghi thêm kết quả kiểm tra ra tệp JSON này.", "Also write the findings to this JSON file."),
    "prefer": (
        "Khi một đơn vị gửi nhiều tệp khác nhau: lấy tệp lưu sau cùng (newest) hoặc tệp có tên này; lặp lại được.",
        "Of several different files of one unit take the one saved last (newest) or the one of this name; repeatable.",
    ),
    "trace": (
        "Truy một ô của tệp tổng hợp về các ô nguồn.\n\n"
        "Ví dụ: workbook-tools trace TongHop.xlsx \"'02 Nông nghiệp'!G12\"",
        "Follow a cell of the consolidated workbook to its source cells.\n\n"
        "Example: workbook-tools trace TongHop.xlsx \"'02 Nông nghiệp'!G12\"",
    ),
    "template": ("Xem và kiểm tra biểu mẫu.", "Look at and check the template."),
    "template_check": (
        "Kiểm tra biểu mẫu, báo lỗi tại ô của nó.\n\nVí dụ: workbook-tools template check templates/BieuMau.xlsx",
        "Check the template, with findings at its own cells.\n\n"
        "Example: workbook-tools template check templates/BieuMau.xlsx",
    ),
    "template_show": (
        "In biểu mẫu thành văn bản, công thức ghi bằng mã.\n\nVí dụ: workbook-tools template show",
        "Print the template as text, formulas by code.\n\nExample: workbook-tools template show",
    ),
    "template_diff": (
        "In chỗ khác nhau của hai biểu mẫu.\n\nVí dụ: workbook-tools template diff cu.xlsx moi.xlsx",
        "Print what differs between two templates.\n\nExample: workbook-tools template diff old.xlsx new.xlsx",
    ),
}


def help_text(key: str) -> str:
    """Help in the language of this command line: ``--lang`` if given, else Vietnamese."""
    return HELP[key][1 if asked_for_english() else 0]


def asked_for_english(words: Sequence[str] | None = None) -> bool:
    """Whether the words of a command line (by default this one), or else WORKBOOK_TOOLS_LANG, ask for English."""
    # Help is composed before options are parsed, so the option is looked for here.
    words = sys.argv[1:] if words is None else words
    given = [words[place + 1] for place, word in enumerate(words[:-1]) if word == "--lang"]
    given += [word.removeprefix("--lang=") for word in words if word.startswith("--lang=")]
    return (given[-1] if given else os.environ.get("WORKBOOK_TOOLS_LANG", "vi")) == "en"
