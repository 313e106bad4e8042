"""Wording of the findings about figures that can hardly be: ratios without parts, sizes, jumps, siblings, periods."""

from workbook_tools.wording import Message

PLAUSIBILITY_MESSAGES: dict[str, Message] = {
    "rule.decrease_impossible": Message(
        "error",
        "“{label}”: ghi giảm {value} %, trong khi số liệu không thể giảm quá 100 %.",
        "Kiểm tra lại tốc độ tăng, giảm; có thể nhầm số tuyệt đối với tỷ lệ hoặc thiếu dấu phẩy.",
        "'{label}' is said to change by {value} %, but it cannot fall by more than 100 %.",
        "Check the growth; a difference may have been typed for a percentage, or a comma is missing.",
    ),
    "rule.no_whole_number": Message(
        "warning",
        "“{label}” ghi {value} % cùng với {known} là {amount}: không có số nguyên nào của {missing} cho ra tỷ lệ này "
        "(tính ngược được {near}).",
        "Kiểm tra lại tỷ lệ và số đếm, rồi ghi cả {missing} để biểu tự tính.",
        "'{label}' is {value} % with {known} = {amount}: no whole number of {missing} gives it (it would be {near}).",
        "Check the rate and the count, and type {missing} so that the form computes the rate.",
    ),
    "rule.change_differs_from_growth": Message(
        "error",
        "“{label}”: tăng, giảm {change} và tốc độ {growth} % không thể cùng đúng; theo số tăng, giảm thì tốc độ là "
        "{expected} %.",
        "Kiểm tra lại hai số; ghi số cùng kỳ năm trước để biểu tự tính.",
        "'{label}': a change of {change} and a growth of {growth} % cannot both be true; the change means "
        "{expected} %.",
        "Check both; type last year's figure so that the form computes them.",
    ),
    "rule.note_differs": Message(
        "warning",
        "“{label}”: ghi chú viết “{phrase}”, nhưng số thực hiện {actual} và {base} {known} cho {expected} %.",
        "Kiểm tra lại hai số và ghi chú; nếu ghi chú nói về số khác, ghi rõ là số nào.",
        "'{label}': the notes say '{phrase}', but {actual} and {base} {known} give {expected} %.",
        "Check the figures and the notes; if the notes speak of another figure, say which.",
    ),
    "rule.target_growth_differs": Message(
        "warning",
        "“{label}”, cột {measure}: ghi {value} %, trong khi “{of}” từ {known} ({base}) đến {target} ({measure}) là "
        "{expected} %.",
        "Tính lại tốc độ, hoặc ghi ở cột Ghi chú số gốc dùng để so sánh.",
        "'{label}', {measure}: {value} %, but '{of}' from {known} ({base}) to {target} ({measure}) is {expected} %.",
        "Compute the growth again, or say in the notes what it is compared with.",
    ),
    "rule.shares_differ": Message(
        "error",
        "Tỷ trọng các phần của “{whole}” cộng lại được {total} % ({parts}), khác 100 %.",
        "Tính lại tỷ trọng từng phần; sửa số ghi sai.",
        "The shares of '{whole}' add up to {total} % ({parts}), not to 100 %.",
        "Compute the shares again and correct the wrong one.",
    ),
    "rule.parts_together_exceed": Message(
        "error",
        "Các phần (trong đó, không trùng nhau) của “{whole}” cộng lại được {expected} ({parts}), lớn hơn {value}.",
        "Kiểm tra lại các phần và tổng; sửa số ghi sai.",
        "The parts of '{whole}', which do not overlap, come to {expected} ({parts}), more than {value}.",
        "Check the parts and the whole, and correct the wrong one.",
    ),
    "rule.likely_factor": Message(
        "warning",
        "“{label}”, cột {measure}: {value} {unit}, {times} số ở cột {reference} ({known}); có thể nhầm "
        "đơn vị tính hoặc thừa, thiếu chữ số, số đúng khi đó khoảng {proposal}.",
        "Kiểm tra đơn vị tính và các chữ số 0; nếu số đúng, nêu lý do ở cột Ghi chú.",
        "'{label}', {measure}: {value} {unit} is {times} {reference} ({known}); maybe a mistaken unit "
        "or digit, the figure would then be about {proposal}.",
        "Check the unit and the zeros; if the figure is right, give the reason in the notes.",
    ),
    "rule.large_change": Message(
        "warning",
        "“{label}” là {value}, {growth} so với năm trước ({prior}); chưa có giải thích.",
        "Kiểm tra lại hai số; nếu đúng, nêu lý do ở cột Ghi chú.",
        "'{label}' is {value}, {growth} beside last year's {prior}; there is no explanation.",
        "Check both figures; if they are right, give the reason in the notes.",
    ),
    "rule.failed_for_total": Message(
        "warning",
        "Số tổng hợp của “{unit}”: {message}",
        "{advice}",
        "Totals of '{unit}': {message}",
        "{advice}",
    ),
    "rule.unlike_siblings": Message(
        "warning",
        "“{label}”, cột {measure} của “{unit}” là {value}, khác hẳn {count} đơn vị cùng cấp ({size}thường từ {low} đến "
        "{high}, ở giữa là {middle}){hint}.",
        "Kiểm tra lại số và đơn vị tính; nếu đúng, nêu lý do ở cột Ghi chú.",
        "'{label}', {measure} of '{unit}' is {value}, quite unlike the {count} units beside it ({size}usually {low} to "
        "{high}, in the middle {middle}){hint}.",
        "Check the figure and its unit; if it is right, give the reason in the notes.",
    ),
    "period.prior_differs": Message(
        "warning",
        "“{label}”: số năm trước ghi trong báo cáo này là {value}, còn báo cáo {period} của chính đơn vị ghi "
        "{expected} ({source}).",
        "Thống nhất số năm trước; nếu số đã được điều chỉnh, nêu lý do ở cột Ghi chú.",
        "'{label}': this return says {value} for last year, but the unit's own return for {period} says {expected} "
        "({source}).",
        "Make the two agree; if the figure was revised, give the reason in the notes.",
    ),
    "period.prior_disputed": Message(
        "warning",
        "Số năm trước của đơn vị “{unit}”: {count} chỉ tiêu có số khác nhau trong các tệp năm trước; không lấy số nào.",
        "Chỉ giữ một tệp đúng của đơn vị trong thư mục số liệu năm trước, rồi chạy lại.",
        "Last year's files say different things of {count} indicators of the unit '{unit}'; none is taken.",
        "Keep only the right file of the unit among last year's, and run again.",
    ),
    "period.cumulative_falls": Message(
        "error",
        "“{label}”: số lũy kế {period} là {value}, nhỏ hơn số {earlier} đã báo cáo là {expected} ({source}).",
        "Số lũy kế không thể giảm; kiểm tra lại cả hai báo cáo và sửa số ghi sai.",
        "'{label}': {value} for {period} is less than {expected} reported for {earlier} ({source}).",
        "A cumulative figure cannot fall; check both returns and correct the wrong one.",
    ),
}
