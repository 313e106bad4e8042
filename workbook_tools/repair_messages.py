"""Wording of what would repair figures that contradict each other."""

from workbook_tools.wording import Message, Words

REPAIR_MESSAGES: dict[str, Message] = {
    "rule.proposal": Message(
        "info",
        "{sentence}",
        "Đối chiếu với sổ gốc rồi tự sửa ô ghi sai; chương trình không sửa số nào.",
        "{sentence}",
        "Compare with the source and correct the wrong cell; the program alters no figure.",
    ),
}

PHRASES: dict[str, Words] = {
    # --- the sentence --------------------------------------------------------------------------------------
    "one": Words("Nếu {change} thì {relations}{reason}{more}.", "If {change}, {relations}{reason}{more}."),
    "several": Words(
        "Chưa rõ ô nào sai: nếu {changes} thì {relations}{more}.",
        "It is not clear which cell is wrong: if {changes}, {relations}{more}.",
    ),
    "none": Words(
        "Chưa tìm được cách sửa từ 1 đến {count} ô để {relations}; cần soát lại các ô {cells}.",
        "No change of 1 to {count} cells was found with which {relations}; look at {cells}.",
    ),
    "stopped": Words(
        "Quá nhiều khả năng nên chưa tìm được cách sửa để {relations}; cần soát lại các ô {cells}.",
        "There are too many possibilities to find a change with which {relations}; look at {cells}.",
    ),
    "or": Words(", hoặc ", ", or "),
    "and": Words(" và ", " and "),
    "more": Words(" (còn {count} khả năng khác ít chắc hơn)", " ({count} less likely possibilities are left)"),
    "holds": Words("phép kiểm tra đúng", "the check holds"),
    "hold": Words("cả {count} phép kiểm tra đều đúng", "all {count} checks hold"),
    # --- what changes --------------------------------------------------------------------------------------
    "exact": Words("{cell} là {new} (đang ghi {old}{reason})", "{cell} is {new} (it says {old}{reason})"),
    "about": Words("{cell} khoảng {new} (đang ghi {old}{reason})", "{cell} is about {new} (it says {old}{reason})"),
    "at_least": Words(
        "{cell} từ {low} trở lên (đang ghi {old}{reason})", "{cell} is at least {low} (it says {old}{reason})"
    ),
    "at_most": Words(
        "{cell} không quá {high} (đang ghi {old}{reason})", "{cell} is at most {high} (it says {old}{reason})"
    ),
    "between": Words(
        "{cell} trong khoảng {low} đến {high} (đang ghi {old}{reason})",
        "{cell} is between {low} and {high} (it says {old}{reason})",
    ),
    "swapped_cells": Words("đổi chỗ hai số ở {cells}", "the numbers in {cells} are exchanged"),
    "shifted_rows": Words(
        "các số từ {first} đến {last} chuyển về đúng dòng (đang lệch một dòng)",
        "the numbers from {first} to {last} are moved back by one row",
    ),
    "wrong_column": Words("số ở {first} thuộc về {last} (gõ nhầm cột)", "the number in {first} belongs into {last}"),
    # --- how it may have come about ------------------------------------------------------------------------
    "typed_over": Words("số này gõ đè lên công thức", "it is typed over a formula"),
    "swapped_digits": Words("có thể gõ đảo chữ số {new} thành {old}", "maybe two digits of {new} were exchanged"),
    "wrong_digit": Words("có thể gõ nhầm một chữ số của {new}", "maybe one digit of {new} was mistyped"),
    "missing_zero": Words("có thể gõ thiếu một số 0", "maybe a zero was left out"),
    "extra_zero": Words("có thể gõ thừa một số 0", "maybe there is a zero too many"),
    "missing_digit": Words("có thể gõ thiếu một chữ số của {new}", "maybe a digit of {new} was left out"),
    "extra_digit": Words("có thể gõ thừa một chữ số", "maybe there is a digit too many"),
    "separator": Words("có thể gõ sai dấu phẩy thập phân", "maybe the decimal separator is in the wrong place"),
    "unit": Words("có thể nhầm đơn vị tính (phải {direction} {times})", "maybe a mistaken unit ({direction} {times})"),
    "multiply": Words("nhân với", "multiply by"),
    "divide": Words("chia cho", "divide by"),
    "sign": Words("có thể gõ nhầm dấu âm, dương", "maybe the sign is wrong"),
    "misplaced": Words(
        "có thể số này thuộc cột Thực hiện cùng dòng, đang để trống",
        "maybe the number belongs into the column of this year's result, which is blank",
    ),
    "neighbour": Words("có thể chép nhầm số của ô bên cạnh", "maybe the number of a neighbouring cell was copied"),
}
"""What the sentence is made of."""
