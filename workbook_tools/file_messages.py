"""Wording of the findings about a whole file: its kind, its state, what came along with it."""

from workbook_tools.wording import Message

FILE_MESSAGES: dict[str, Message] = {
    "file.not_a_workbook": Message(
        "error",
        "Tệp “{file}” không phải bảng tính đọc được mà có vẻ là {kind}; chưa lấy số nào.",
        "Đề nghị đơn vị gửi chính tệp biểu Excel (.xlsx): nếu là tệp nén thì giải nén, nếu là ảnh, PDF hay Word thì "
        "nhập số vào biểu được giao.",
        "'{file}' is no spreadsheet that can be read but seems to be {kind}; nothing of it is taken.",
        "Ask the unit for the Excel form itself (.xlsx): unpack an archive; type the figures of a picture, PDF or Word "
        "document into the form that was sent out.",
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
    "file.protected": Message(
        "error",
        "Tệp “{file}” có mật khẩu mở tệp; chưa lấy số nào.",
        "Mở bằng Excel, vào Tệp (File) > Thông tin (Info) > Bảo vệ sổ làm việc (Protect Workbook) > Mã hóa bằng "
        "mật khẩu (Encrypt with Password), xóa mật khẩu, lưu lại rồi gửi lại.",
        "'{file}' needs a password to be opened; nothing of it is taken.",
        "Open it in Excel, choose File > Info > Protect Workbook > Encrypt with Password, clear the password, save it "
        "and send it again.",
    ),
    "file.other_format": Message(
        "info",
        "Tệp “{file}” là {kind}, không phải .xlsx; đã đọc như tệp .xlsx.",
        "Không cần sửa; lần sau nên gửi lại đúng biểu được giao, dạng .xlsx.",
        "'{file}' is {kind}, not .xlsx; it is read like one.",
        "Nothing to do; next time better send the form itself, as .xlsx.",
    ),
    "file.shown_only": Message(
        "warning",
        "Tệp “{file}” là {kind}: chỉ giữ những gì hiển thị, không có thông tin nhận dạng của biểu, công thức và đủ "
        "chữ số của các số đã làm tròn khi hiển thị; các ô đã được đọc như chữ gõ tay.",
        "Đối chiếu các số với bản của đơn vị, hoặc đề nghị đơn vị gửi chính tệp biểu Excel (.xlsx).",
        "'{file}' is {kind}: it keeps only what is shown, neither the identity of the form nor formulas nor the digits "
        "of figures that were shown rounded; its cells are read like typed text.",
        "Compare the figures with the unit's own copy, or ask the unit for the Excel form itself (.xlsx).",
    ),
    "file.wrong_extension": Message(
        "info",
        "Tên tệp “{file}” có đuôi {ending} nhưng bên trong là {kind}; vẫn đọc được.",
        "Không cần sửa; nếu Excel báo lỗi khi mở thì đổi đuôi tệp thành {endings}.",
        "The name of '{file}' ends in {ending} but it is {kind}; it is read all the same.",
        "Nothing to do; if Excel complains when opening it, change the ending to {endings}.",
    ),
    "file.old_encoding": Message(
        "info",
        "Tệp “{file}” không ghi bảng mã; đã đọc theo bảng mã {encoding}.",
        "Nếu chữ tiếng Việt hiển thị sai, đề nghị đơn vị gửi dạng .xlsx hoặc CSV UTF-8.",
        "'{file}' does not name its encoding; it is read as {encoding}.",
        "If Vietnamese letters look wrong, ask the unit for .xlsx or CSV UTF-8.",
    ),
    "file.letters_lost": Message(
        "warning",
        "Tệp “{file}” đã mất nhiều chữ tiếng Việt khi lưu (thành dấu “?”, {count} chỗ); "
        "tên chỉ tiêu có thể không nhận ra.",
        "Đề nghị đơn vị gửi tệp gốc .xlsx, hoặc lưu lại dạng CSV UTF-8.",
        "'{file}' has lost Vietnamese letters when it was saved (they are '?' in {count} places); labels may not be "
        "recognised.",
        "Ask the unit for the original .xlsx, or for CSV UTF-8.",
    ),
    "file.no_sheets": Message(
        "error",
        "Tệp “{file}” không có trang tính nào (chỉ có biểu đồ, hộp thoại hoặc macro); chưa lấy số nào.",
        "Kiểm tra có gửi nhầm tệp không; nhập số liệu vào biểu mẫu được giao rồi gửi lại.",
        "'{file}' holds no worksheet, only charts, dialogs or macros; nothing of it is taken.",
        "Check whether it is the right file; fill in the form that was sent out and send it again.",
    ),
    "file.no_form": Message(
        "error",
        "Tệp “{file}” không có trang nào của biểu mẫu; chưa lấy số nào.",
        "Kiểm tra có gửi nhầm tệp không; nhập số liệu vào biểu mẫu được giao rồi gửi lại.",
        "'{file}' holds no sheet of the form; nothing of it is taken.",
        "Check whether it is the right file; fill in the form that was sent out and send it again.",
    ),
    # --- what stood in the folder, and how the reading went --------------------------------------------------
    "file.passed_by": Message(
        "info",
        "Bỏ qua “{file}”: {reason}.",
        "Không cần làm gì, trừ khi đó là báo cáo của đơn vị: khi ấy tải về đầy đủ, lưu dạng .xlsx rồi chạy lại.",
        "'{file}' is passed by: {reason}.",
        "Nothing to do, unless it is a unit's return: then download it whole, save it as .xlsx and run again.",
    ),
    "file.maybe_a_return": Message(
        "warning",
        "“{file}” không phải bảng tính nhưng có thể là báo cáo gửi dạng ảnh, PDF, Word, tệp nén hoặc thư; "
        "chưa lấy số nào.",
        "Mở xem; nếu là báo cáo thì giải nén, hoặc đề nghị đơn vị gửi lại biểu Excel, rồi chạy lại.",
        "'{file}' is no spreadsheet but may be a return sent as a picture, PDF, Word document, archive or mail; "
        "nothing of it is taken.",
        "Look at it; if it is a return, unpack it, or ask the unit for the Excel form, and run again.",
    ),
    "file.none_in_folder": Message(
        "warning",
        "Thư mục “{folder}” không có tệp Excel nào mới để đọc.",
        "Kiểm tra lại đường dẫn, và các báo cáo đã được chép vào thư mục này chưa.",
        "The folder '{folder}' holds no further Excel file.",
        "Check the path, and whether the returns have been copied there.",
    ),
    "file.folder_unreadable": Message(
        "error",
        "Không mở được thư mục “{folder}” ({reason}); chưa đọc tệp nào trong đó.",
        "Kiểm tra quyền đọc thư mục và kết nối mạng rồi chạy lại.",
        "The folder '{folder}' cannot be opened ({reason}); no file in it is read.",
        "Check that it may be read and is connected, and run again.",
    ),
    "file.too_slow": Message(
        "error",
        "Đọc tệp “{file}” quá {limit} giây nên dừng; chưa lấy số nào.",
        "Mở bằng Excel, xóa trang, dòng và định dạng thừa, lưu lại dạng .xlsx rồi chạy lại.",
        "Reading '{file}' took more than {limit} seconds and was ended; nothing of it is taken.",
        "Open it in Excel, remove superfluous sheets, rows and formats, save it as .xlsx and run again.",
    ),
    "file.internal_error": Message(
        "error",
        "Chương trình gặp lỗi khi đọc tệp “{file}”; chưa lấy số nào, các tệp khác không bị ảnh hưởng. "
        "Chi tiết kỹ thuật: {reason}.",
        "Mở bằng Excel, lưu lại dạng .xlsx rồi chạy lại; nếu vẫn lỗi, gửi tệp này cho người phụ trách chương trình.",
        "The program failed on '{file}'; nothing of it is taken, other files are not affected. "
        "Technical detail: {reason}.",
        "Open it in Excel, save it as .xlsx and run again; if it fails again, send the file to the maintainers.",
    ),
    # --- what came along with the figures, and letters that had to be read by their font ----------------------
    "file.macros": Message(
        "warning",
        "Tệp “{file}” có macro; chương trình không chạy và không giữ lại macro, chỉ đọc số liệu trong ô.",
        "Nếu biểu gốc không có macro, hỏi đơn vị macro từ đâu ra trước khi mở tệp bằng Excel.",
        "'{file}' holds macros; they are neither run nor kept, only what stands in cells is read.",
        "If the form had none, ask the unit where they come from before opening the file in Excel.",
    ),
    "file.external_links": Message(
        "info",
        "Tệp “{file}” có liên kết tới tệp hoặc chương trình khác; không mở liên kết nào, chỉ lấy số đã lưu trong ô.",
        "Nếu số lấy từ tệp khác, kiểm tra số đó đã cập nhật chưa; nên dán giá trị thay cho liên kết.",
        "'{file}' links to other files or programs; no link is followed, figures are taken as saved in the cells.",
        "If figures come from another file, check that they are up to date; better paste them as values.",
    ),
    "file.embedded": Message(
        "info",
        "Tệp “{file}” có đối tượng nhúng, điều khiển hoặc kết nối dữ liệu; không mở và không giữ lại.",
        "Nếu trong đối tượng nhúng có số liệu cần nộp, nhập số đó vào ô của biểu.",
        "'{file}' holds embedded objects, controls or data connections; they are neither opened nor kept.",
        "If an embedded object holds figures of the return, type them into the cells of the form.",
    ),
    "structure.legacy_font": Message(
        "info",
        "Trang “{sheet}” có {count} ô gõ bằng phông chữ cũ (TCVN3 .Vn…, VNI-…), ô đầu là {cell}; "
        "đã chuyển sang Unicode để đọc.",
        "Nên chuyển tệp sang phông Unicode (Times New Roman) khi lập kỳ sau.",
        "{count} cells of sheet '{sheet}' are typed in an old font (TCVN3 .Vn…, VNI-…), the first is {cell}; "
        "they are read as Unicode.",
        "Better use a Unicode font (Times New Roman) next time.",
    ),
    "structure.maybe_legacy_font": Message(
        "warning",
        "Trang “{sheet}” có {count} ô giống chữ TCVN3 hoặc VNI nhưng phông không phải phông cũ, ô đầu là {cell}; "
        "giữ nguyên chữ như trong tệp.",
        "Mở tệp xem các ô đó; nếu chữ bị sai thì chuyển mã sang Unicode rồi gửi lại.",
        "{count} cells of sheet '{sheet}' look like TCVN3 or VNI though their font is none of these, the first is "
        "{cell}; the text is left as it is.",
        "Look at these cells; if the letters are wrong, convert them to Unicode and send the file again.",
    ),
    "structure.value_under_merge": Message(
        "warning",
        "Trang “{sheet}”: ô gộp {area} che mất nội dung ở các ô bên dưới ({values}); Excel không hiện nên không lấy.",
        "Bỏ gộp ô {area} để xem; nếu là số liệu cần nộp thì nhập vào đúng ô, nếu không thì xóa đi.",
        "Sheet '{sheet}': merged cells {area} hide what stands beneath ({values}); Excel does not show it, "
        "so it is not taken.",
        "Unmerge {area} to see it; type it into the right cell if it belongs to the return, else delete it.",
    ),
}
