"""Wording of the findings about figures beside each other: rules within a return, and adding up."""

from workbook_tools.wording import Message

RULE_MESSAGES: dict[str, Message] = {
    # --- rule ----------------------------------------------------------------------------------------------
    "rule.failed": Message(
        "error",
        "{message}",
        "{advice}",
        "{message}",
        "{advice}",
    ),
    "rule.part_exceeds_whole": Message(
        "error",
        "“{part}” là {value}, lớn hơn “{whole}” là {expected}, trong khi chỉ là một phần (trong đó) của nó.",
        "Kiểm tra lại hai số và sửa số ghi sai.",
        "'{part}' is {value}, more than '{whole}', {expected}, of which it is only a part.",
        "Check both figures and correct the wrong one.",
    ),
    "rule.parts_differ": Message(
        "error",
        "“{whole}” là {value} nhưng các dòng “chia ra” cộng lại bằng {expected} ({parts}).",
        "Cộng lại các phần; sửa phần hoặc tổng ghi sai.",
        "'{whole}' is {value} but its parts add up to {expected} ({parts}).",
        "Add up the parts again; correct the part or the total that is wrong.",
    ),
    "rule.formula_typed_over": Message(
        "error",
        "“{label}”, cột {measure}: số {value} được gõ đè lên công thức, trong khi công thức cho {expected}.",
        "Kiểm tra các số thành phần; nếu thành phần đúng thì khôi phục công thức, nếu sai thì sửa thành phần.",
        "'{label}', {measure}: {value} was typed over the formula, which gives {expected}.",
        "Check the parts; restore the formula if they are right, otherwise correct them.",
    ),
    "rule.offices_differ": Message(
        "error",
        "“{label}”, cột {measure}: báo cáo này ghi {value}, còn tính từ báo cáo khác của cùng đơn vị ({sources}) được "
        "{expected}.",
        "Các bộ phận lập báo cáo thống nhất một số, sửa báo cáo ghi sai rồi gửi lại.",
        "'{label}', {measure}: this return says {value}, but another return of the same unit ({sources}) gives "
        "{expected}.",
        "The offices that made the returns should agree on one figure and correct the wrong return.",
    ),
    "rule.parts_incomplete": Message(
        "warning",
        "Các phần “chia ra” đã ghi của “{whole}” cộng lại được {expected} ({parts}), còn thiếu {difference} so với "
        "tổng {value}; có phần chưa ghi.",
        "Ghi nốt các phần còn lại (bằng không thì ghi 0), hoặc kiểm tra lại phần và tổng.",
        "The given parts of '{whole}' add up to {expected} ({parts}), {difference} short of the total {value}; "
        "some parts are blank.",
        "Fill in the remaining parts (0 if none), or check parts and total.",
    ),
    "rule.typed_stands": Message(
        "info",
        "“{label}”, cột {measure}: số {value} được gõ đè lên công thức; giữ nguyên vì thiếu số thành phần để tính.",
        "Nếu có số thành phần, nhập đầy đủ và để công thức tự tính.",
        "'{label}', {measure}: {value} was typed over the formula; it stands as typed because parts are blank.",
        "Fill in the parts if they are known and let the formula work.",
    ),
    "rule.formula_changed": Message(
        "warning",
        "“{label}”: trong tệp hiện {value} nhưng tính lại theo biểu mẫu được {expected}; lấy {expected}.",
        "Công thức trong tệp đã bị sửa hoặc chưa tính lại; khôi phục công thức của biểu mẫu, mở bằng Excel và lưu lại.",
        "'{label}': the file shows {value} but recomputing by the template gives {expected}, which is taken.",
        "The formula was changed or not recalculated; restore it, open the file in Excel and save it.",
    ),
    "rule.out_of_range": Message(
        "warning",
        "“{label}”{column} là {value}, ngoài khoảng thường gặp ({usual}).",
        "Kiểm tra lại số và đơn vị tính; nếu đúng, nêu lý do ở cột Ghi chú.",
        "'{label}'{column} is {value}, outside the plausible range ({usual}).",
        "Check the figure and its unit; if it is right, give the reason in the notes.",
    ),
    "rule.fraction_of_money": Message(
        "warning",
        "“{label}” ghi {value} {unit}: số tiền lẻ dưới một đơn vị của dòng, có thể nhầm đơn vị tính{hint}.",
        "Dòng này tính bằng {unit}; nếu là tỷ hoặc triệu thì ghi kèm chữ, ví dụ “2,5 tỷ”, hoặc ghi đủ các chữ số.",
        "'{label}' says {value} {unit}: a fraction of the row's unit, maybe a mistaken unit{hint}.",
        "This row is in {unit}; write '2,5 tỷ' with the word, or all the digits.",
    ),
    "rule.required_missing": Message(
        "warning",
        "“{label}” là chỉ tiêu bắt buộc nhưng còn để trống.",
        "Nhập số; nếu không phát sinh ghi “-”, chưa có số liệu ghi “…”, không áp dụng ghi “x”.",
        "'{label}' is required but blank.",
        "Type the figure; '-' for none, '…' for not available, 'x' for not applicable.",
    ),
    # --- consolidation -------------------------------------------------------------------------------------
    "consolidation.duplicate_return": Message(
        "error",
        "Đơn vị “{unit}” gửi cùng lĩnh vực ({fields}) trong nhiều tệp ({files}); không cộng tệp nào. "
        "Khác nhau {count} ô: {differences}.",
        "Chỉ giữ lại tệp đúng, chuyển các tệp còn lại ra khỏi thư mục rồi chạy lại; hoặc chọn bằng --prefer newest "
        "(bản lưu sau cùng) hay --prefer TÊN-TỆP.",
        "The unit '{unit}' sent the same field ({fields}) in several files ({files}); none of them is added. "
        "They differ in {count} cells: {differences}.",
        "Keep the right file, move the others out of the folder and run again; or choose with --prefer newest "
        "or --prefer FILE-NAME.",
    ),
    "consolidation.preferred_return": Message(
        "warning",
        "Đơn vị “{unit}” gửi cùng lĩnh vực ({fields}) trong nhiều tệp: lấy “{taken}” ({reason}), "
        "không lấy {files}. Khác nhau {count} ô: {differences}.",
        "Xem lại các ô khác nhau; nếu chọn chưa đúng, chọn tệp khác bằng --prefer TÊN-TỆP rồi chạy lại.",
        "The unit '{unit}' sent the same field ({fields}) in several files: '{taken}' is taken ({reason}), "
        "not {files}. They differ in {count} cells: {differences}.",
        "Look at these cells; if the choice is wrong, choose with --prefer FILE-NAME and run again.",
    ),
    "consolidation.same_return_twice": Message(
        "info",
        "“{file}” có cùng số liệu với “{taken}” của đơn vị “{unit}” ({fields}); chỉ cộng một lần.",
        "Không cần làm gì; có thể xóa bớt tệp trùng.",
        "'{file}' says the same as '{taken}' of the unit '{unit}' ({fields}); it is added once.",
        "Nothing to do; the superfluous file may be removed.",
    ),
    "consolidation.blank_return": Message(
        "info",
        "“{file}” của đơn vị “{unit}” chưa điền ({fields}); lấy số liệu ở {files}.",
        "Không cần làm gì; có thể xóa tệp chưa điền.",
        "'{file}' of the unit '{unit}' is not filled in ({fields}); the figures of {files} are taken.",
        "Nothing to do; the blank file may be removed.",
    ),
    "consolidation.includes_others": Message(
        "warning",
        "“{file}” là bản tổng hợp của “{unit}” từ các đơn vị cũng có báo cáo riêng ({units}): lấy số của các đơn vị "
        "đó, không cộng hai lần; số nào các đơn vị đó không có thì lấy ở tệp này.",
        "Nếu đây là kết quả của lần tổng hợp trước, chuyển ra khỏi thư mục báo cáo rồi chạy lại.",
        "'{file}' is the total of '{unit}' from units that have returns of their own here ({units}): their figures are "
        "taken and nothing is added twice; figures they do not have come from this file.",
        "If it is the result of an earlier run, move it out of the folder of returns and run again.",
    ),
    "consolidation.counted_twice": Message(
        "error",
        "“{file}” của “{unit}” đã gồm số của {units}, mà số đó cũng có trong tệp khác và danh sách đơn vị không xếp "
        "các đơn vị này dưới “{unit}”; không cộng tệp này để khỏi cộng hai lần.",
        "Chỉ để lại một trong hai (bản tổng hợp, hoặc báo cáo từng đơn vị), hoặc sửa cột đơn vị cha trong danh sách "
        "đơn vị, rồi chạy lại.",
        "'{file}' of '{unit}' includes the figures of {units}, which stand in other files too, and the list of units "
        "does not put these below '{unit}'; it is not added, so that nothing counts twice.",
        "Keep either the total or the single returns, or correct the parent in the list of units, and run again.",
    ),
    "consolidation.elsewhere": Message(
        "info",
        "“{file}” là báo cáo của “{unit}”, không trực thuộc “{total}”; không cộng vào số tổng hợp này.",
        "Không cần làm gì nếu chỉ tổng hợp cho “{total}”; nếu không, xem lại lựa chọn --unit.",
        "'{file}' is the return of '{unit}', which does not belong to '{total}'; it is not added to this total.",
        "Nothing to do if only '{total}' is wanted; else look at the option --unit.",
    ),
    "consolidation.not_reported": Message(
        "info",
        "Đơn vị “{unit}” chưa có báo cáo được tổng hợp (chưa gửi, bị từ chối hoặc khác kỳ); "
        "số tổng hợp chưa có đơn vị này.",
        "Xem có tệp nào của đơn vị bị từ chối; nếu chưa gửi thì đôn đốc, rồi tổng hợp lại.",
        "No return of the unit '{unit}' was added (not sent, refused, or of another period); the totals do without it.",
        "See whether a file of the unit was refused; else remind the unit, and consolidate again.",
    ),
    "consolidation.own_figure_ignored": Message(
        "warning",
        "“{label}”: số tự báo của “{unit}” là {value}, khác tổng các đơn vị trực thuộc là {expected}; lấy {expected}.",
        "Đối chiếu báo cáo của “{unit}” với các đơn vị trực thuộc và sửa bên ghi sai.",
        "'{label}': the own figure of '{unit}', {value}, is not the sum of its units, {expected}, which is taken.",
        "Compare the return of '{unit}' with those of its units and correct the wrong one.",
    ),
    "consolidation.parts_of_different_units": Message(
        "info",
        "“{label}”, cột {measure} của “{unit}”: không tính vì các số thành phần ({parts}) lấy từ các đơn vị khác nhau.",
        "Đề nghị các đơn vị còn thiếu bổ sung số thành phần rồi tổng hợp lại.",
        "'{label}', {measure} of '{unit}': no value, because its parts ({parts}) come from different units.",
        "Ask the units that left out parts to add them, and consolidate again.",
    ),
    "consolidation.rate_without_parts": Message(
        "info",
        "“{label}”, cột {measure} của “{unit}”: không tính vì có đơn vị gõ thẳng tỷ lệ, không có số thành phần.",
        "Đề nghị các đơn vị nhập số thành phần, hoặc đặt cách tổng hợp “bình quân theo …” cho dòng này trong biểu mẫu.",
        "'{label}', {measure} of '{unit}': no value, because some units typed the rate without its parts.",
        "Ask the units for the parts, or give the row a weighted mean ('bình quân theo …') in the template.",
    ),
    "consolidation.mean_without_weight": Message(
        "warning",
        "“{label}”, cột {measure} của “{unit}”: không tính bình quân vì có đơn vị ghi số này mà không có “{parts}”.",
        "Đề nghị các đơn vị đó bổ sung “{parts}” (dùng làm quyền số) rồi tổng hợp lại.",
        "'{label}', {measure} of '{unit}': no mean, because some units give it without '{parts}'.",
        "Ask these units to add '{parts}', which serves as the weight, and consolidate again.",
    ),
    "consolidation.part_without_total": Message(
        "info",
        "“{label}”, cột {measure} của “{unit}”: không tính vì thành phần “{parts}” không có số tổng.",
        "Xem lý do thành phần đó không có số tổng; bổ sung số liệu hoặc sửa cách tổng hợp trong biểu mẫu.",
        "'{label}', {measure} of '{unit}': no value, because its part '{parts}' has no total.",
        "See why that part has no total; add the figures, or change its aggregation in the template.",
    ),
    "consolidation.own_list_ignored": Message(
        "warning",
        "Bảng kê “{label}” do “{unit}” tự ghi được thay bằng các dòng của đơn vị trực thuộc.",
        "Đối chiếu bảng kê của “{unit}” với các đơn vị trực thuộc; dòng còn thiếu thì bổ sung vào bảng của đơn vị.",
        "The list '{label}' of '{unit}' itself is replaced by the rows of its units.",
        "Compare both lists; add rows that are missing to the list of the unit they belong to.",
    ),
}
