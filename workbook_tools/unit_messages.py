"""Wording of the findings about units that changed: mergers, splits, and figures carried to new boundaries."""

from workbook_tools.wording import Message

UNIT_MESSAGES: dict[str, Message] = {
    "unit.share_unknown": Message(
        "warning",
        "Số năm trước của “{unit}” chưa gồm phần chuyển từ “{part}”: đơn vị cũ bị chia, chưa biết tỷ trọng.",
        "Ghi tỷ trọng (%) của từng đơn vị mới ở trang “Chuyển đổi” của danh sách đơn vị, rồi chạy lại.",
        "Last year's figures of '{unit}' lack what came from '{part}': the old unit was split, the share is not known.",
        "Fill in the shares on the sheet 'Chuyển đổi' of the list of units and run again.",
    ),
    "unit.part_without_figures": Message(
        "warning",
        "Số năm trước của “{unit}” chưa gồm “{part}” (đã nhập vào đơn vị này): không có số liệu của đơn vị cũ.",
        "Bổ sung báo cáo năm trước của “{part}” vào thư mục số liệu năm trước, rồi chạy lại.",
        "Last year's figures of '{unit}' lack '{part}', which was merged into it: there is no return of the old unit.",
        "Add last year's return of '{part}' and run again.",
    ),
    "unit.base_not_formed": Message(
        "warning",
        "Số năm trước của “{unit}”: {count} chỉ tiêu có số ở đơn vị cũ nhưng không gộp được: {labels}.",
        "Bình quân cần có số làm quyền số ở mọi đơn vị cũ; bổ sung, hoặc tự ghi số năm trước theo địa giới mới.",
        "Last year's figures of '{unit}': {count} indicators of the old units make no figure together: {labels}.",
        "A mean needs its weight in every old unit; add it, or type last year's figure for the new boundaries.",
    ),
    "unit.base_estimated": Message(
        "info",
        "Số năm trước của “{unit}” có {count} chỉ tiêu ước tính theo tỷ trọng chia tách (cao nhất {share} % của số).",
        "Khi có số liệu chính thức theo địa giới mới, nhập đè lên số ước tính.",
        "Last year's figures of '{unit}': {count} indicators are estimated by shares of split units (up to {share} %).",
        "Type the official figures for the new boundaries once they are known.",
    ),
}
