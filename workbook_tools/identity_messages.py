"""Wording of the findings about the unit and the period of a file."""

from workbook_tools.wording import Message

IDENTITY_MESSAGES: dict[str, Message] = {
    # --- unit ----------------------------------------------------------------------------------------------
    "unit.missing": Message(
        "error",
        "Tệp “{file}” không ghi đơn vị báo cáo; chưa biết số liệu của đơn vị nào.",
        "Ghi tên và mã đơn vị trên trang bìa rồi gửi lại.",
        "'{file}' names no unit; it is not known whose figures these are.",
        "Type name and code of the unit on the cover and send it again.",
    ),
    "unit.cover_differs": Message(
        "error",
        "Trang bìa ghi mã đơn vị “{typed}” nhưng biểu mẫu này giao cho đơn vị “{known}”; lấy theo “{known}”.",
        "Kiểm tra số liệu là của đơn vị nào; nếu nhập nhầm biểu của đơn vị khác, nhập lại vào đúng biểu.",
        "The cover says unit '{typed}' but the form was made for unit '{known}'; it is taken for '{known}'.",
        "Check whose figures these are; if the form of another unit was used, fill in the right one.",
    ),
    "unit.name_differs": Message(
        "warning",
        "Trang bìa ghi đơn vị “{typed}” nhưng biểu mẫu này giao cho “{known}”; lấy theo “{known}”.",
        "Kiểm tra số liệu là của đơn vị nào; nếu nhập nhầm biểu của đơn vị khác, nhập lại vào đúng biểu.",
        "The cover names '{typed}' but the form was made for '{known}'; it is taken for '{known}'.",
        "Check whose figures these are; if the form of another unit was used, fill in the right one.",
    ),
    "unit.unknown": Message(
        "error",
        "Đơn vị “{unit}” của tệp “{file}” không có trong danh sách đơn vị; không cộng tệp này.",
        "Kiểm tra mã và tên đơn vị trên trang bìa, hoặc bổ sung đơn vị vào danh sách.",
        "The unit '{unit}' of '{file}' is not in the list of units; the file is not added.",
        "Check code and name of the unit on the cover, or add the unit to the list.",
    ),
    "unit.not_expected": Message(
        "warning",
        "Đơn vị “{unit}” có gửi báo cáo nhưng không thuộc diện báo cáo của kỳ này.",
        "Kiểm tra danh sách đơn vị và thời gian hiệu lực (chia tách, sáp nhập).",
        "The unit '{unit}' sent a return but is not expected to report for this period.",
        "Check the list of units and its dates (mergers and splits).",
    ),
    # --- period --------------------------------------------------------------------------------------------
    "period.missing": Message(
        "warning",
        "Tệp “{file}” không ghi kỳ báo cáo, hoặc ghi không đọc được.",
        "Ghi kỳ báo cáo trên trang bìa, ví dụ “năm 2023”, “6 tháng đầu năm 2023”, “tháng 5/2023”.",
        "'{file}' names no period, or none that can be read.",
        "Type the period on the cover, for example 'năm 2023' or 'tháng 5/2023'.",
    ),
    "period.by_title": Message(
        "info",
        "Kỳ báo cáo “{period}” được nhận theo dòng “{line}” của trang “{sheet}”.",
        "Nếu nhận sai, ghi kỳ báo cáo trên trang bìa.",
        "The period '{period}' is told by the line '{line}' of the sheet '{sheet}'.",
        "If this is wrong, type the period on the cover.",
    ),
    "period.by_heading": Message(
        "warning",
        "Tệp không ghi kỳ báo cáo; được nhận là “{period}” theo năm ghi ở tiêu đề cột của trang “{sheet}”.",
        "Kiểm tra kỳ báo cáo và ghi trên trang bìa.",
        "The file names no period; by the years in the headings of '{sheet}' it is taken for '{period}'.",
        "Check the period and type it on the cover.",
    ),
    "period.cover_differs": Message(
        "error",
        "Trang bìa ghi kỳ “{typed}” nhưng biểu mẫu này lập cho kỳ “{known}”; lấy theo “{known}”.",
        "Kiểm tra số liệu là của kỳ nào; nếu dùng lại biểu của kỳ khác, chép số liệu sang biểu tạo cho đúng kỳ.",
        "The cover says '{typed}' but the form was made for '{known}'; it is taken for '{known}'.",
        "Check which period the figures are of; if the form of another period was used, fill in the right one.",
    ),
    "period.differs": Message(
        "error",
        "Tệp “{file}” là số liệu kỳ {period}, trong khi đang tổng hợp kỳ {expected}; không cộng tệp này.",
        "Gửi báo cáo của đúng kỳ {expected}, hoặc sửa kỳ báo cáo trên trang bìa nếu ghi nhầm.",
        "'{file}' is for the period {period}, but {expected} is being consolidated; the file is not added.",
        "Send the return for {expected}, or correct the period on the cover if it is wrong.",
    ),
}
