"""Wording of the findings about a whole file: its kind, its state, what came along with it."""

from workbook_tools.wording import Message

FILE_MESSAGES: dict[str, Message] = {
    "file.not_a_workbook": Message(
        "error",
        "Tệp “{file}” không phải là tệp Excel đọc được (.xlsx, .xlsm); chưa lấy số nào.",
        "Mở tệp bằng Excel, chọn Lưu thành (Save As) dạng Excel Workbook (.xlsx) rồi gửi lại.",
        "'{file}' is not an Excel workbook that can be read (.xlsx, .xlsm); nothing of it is taken.",
        "Open it in Excel, save it as Excel Workbook (.xlsx) and send it again.",
    ),
    "file.damaged": Message(
        "error",
        "Tệp “{file}” bị hỏng hoặc thiếu phần bên trong ({reason}); chưa lấy số nào.",
        "Đề nghị đơn vị mở lại tệp gốc bằng Excel, lưu lại rồi gửi lại.",
        "'{file}' is damaged or incomplete ({reason}); nothing of it is taken.",
        "Ask the unit to open its own copy in Excel, save it and send it again.",
    ),
    "file.unreadable": Message(
        "error",
        "Không mở được tệp “{file}” ({reason}); chưa lấy số nào.",
        "Đóng tệp nếu đang mở ở máy khác, kiểm tra quyền đọc và đường dẫn rồi chạy lại.",
        "'{file}' cannot be opened ({reason}); nothing of it is taken.",
        "Close it where it is open, check that it may be read, and run again.",
    ),
    "file.empty": Message(
        "error",
        "Tệp “{file}” rỗng (0 byte), có thể do chép hoặc tải về dở dang; chưa lấy số nào.",
        "Tải lại tệp hoặc đề nghị đơn vị gửi lại.",
        "'{file}' is empty (0 bytes), perhaps an unfinished copy; nothing of it is taken.",
        "Download it again or ask the unit to send it again.",
    ),
    "file.too_large": Message(
        "error",
        "Tệp “{file}” vượt giới hạn an toàn ({limit}); chưa lấy số nào.",
        "Xóa hình ảnh, trang và dòng thừa, chỉ giữ biểu báo cáo, lưu lại rồi gửi lại.",
        "'{file}' exceeds a safety limit ({limit}); nothing of it is taken.",
        "Remove pictures and superfluous sheets and rows, keep only the form, and send it again.",
    ),
    "file.old_or_protected": Message(
        "error",
        "Tệp “{file}” là dạng Excel cũ (.xls) hoặc có mật khẩu mở tệp; chưa lấy số nào.",
        "Mở bằng Excel, bỏ mật khẩu mở tệp nếu có, lưu thành dạng .xlsx rồi gửi lại.",
        "'{file}' is in the old Excel format (.xls) or needs a password; nothing of it is taken.",
        "Open it in Excel, remove the password if there is one, save it as .xlsx and send it again.",
    ),
    "file.no_form": Message(
        "error",
        "Tệp “{file}” không có trang nào của biểu mẫu; chưa lấy số nào.",
        "Kiểm tra có gửi nhầm tệp không; nhập số liệu vào biểu mẫu được giao rồi gửi lại.",
        "'{file}' holds no sheet of the form; nothing of it is taken.",
        "Check whether it is the right file; fill in the form that was sent out and send it again.",
    ),
}
