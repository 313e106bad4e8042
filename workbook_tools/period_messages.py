"""Wording of the findings about periods that are compared, and about longer ones added up from shorter ones."""

from workbook_tools.wording import Message

PERIOD_MESSAGES: dict[str, Message] = {
    "period.prior_other": Message(
        "warning",
        "Tệp “{file}” là số liệu {period}, không phải cùng kỳ năm trước của {new} ({expected}); không lấy tệp này.",
        "Chỉ cho --prior tệp tổng hợp hoặc thư mục báo cáo {expected}.",
        "'{file}' is for {period}, not for {expected}, the same period of last year of {new}; it is not taken.",
        "Give --prior the consolidated workbook or the returns of {expected}.",
    ),
    "period.prior_only_plan": Message(
        "info",
        "Tệp “{file}” là số liệu {period}: chỉ lấy kế hoạch; số cùng kỳ phải là của {expected}.",
        "Cho thêm vào --prior tệp tổng hợp hoặc báo cáo {expected}.",
        "'{file}' is for {period}: only its plan is taken; what to compare with must be of {expected}.",
        "Add the consolidated workbook or the returns of {expected} to --prior.",
    ),
    "period.added_up": Message(
        "info",
        "Số liệu {period} của “{unit}” được cộng từ {count} kỳ: {parts}.",
        "Số phát sinh được cộng, số thời điểm và kế hoạch lấy kỳ cuối, tỷ lệ tính lại. Nếu báo cáo ghi số lũy kế thì "
        "chỉ gửi báo cáo của cả kỳ.",
        "The figures of '{unit}' for {period} are added up from {count} periods: {parts}.",
        "Flows are added, of stocks and plans the last counts, ratios are computed again. If the returns are "
        "cumulative, send one for the whole period only.",
    ),
    "period.gap": Message(
        "warning",
        "Số liệu {period} của “{unit}” mới gồm {share} tháng; thiếu: {missing}.",
        "Đề nghị đơn vị gửi báo cáo các tháng còn thiếu; trước đó không so sánh số này với cả kỳ khác.",
        "The figures of '{unit}' for {period} cover {share} months only; missing: {missing}.",
        "Ask for the missing returns; until then do not compare these figures with those of a whole period.",
    ),
    "period.figures_incomplete": Message(
        "warning",
        "{count} chỉ tiêu của “{unit}” không có số ở mọi kỳ của {period}: {labels}.",
        "Xem cột Ghi chú (số tháng có số liệu); bổ sung các kỳ còn trống, ghi 0 hoặc “-” nếu không phát sinh.",
        "{count} indicators of '{unit}' have no figure in some periods of {period}: {labels}.",
        "See the notes for the months covered; fill in the blank ones, 0 or '-' where nothing arose.",
    ),
    "period.parts_of_different_months": Message(
        "warning",
        "{count} chỉ tiêu của “{unit}” không tính được cho {period} vì các số thành phần là của những tháng khác nhau: "
        "{labels}.",
        "Bổ sung các kỳ còn trống của số thành phần.",
        "{count} indicators of '{unit}' cannot be computed for {period}, their parts are of different months: "
        "{labels}.",
        "Fill in the blank periods of the parts.",
    ),
    "period.no_total": Message(
        "warning",
        "{count} chỉ tiêu của “{unit}” có số ở các kỳ nhưng không cộng được thành {period}: {labels}.",
        "Ghi số của cả kỳ vào báo cáo {period}; bình quân cần có số làm quyền số ở mọi kỳ.",
        "{count} indicators of '{unit}' have figures that make no total for {period}: {labels}.",
        "Send these figures in a return for the whole period; a mean needs its weight in every period.",
    ),
    "period.plan_changed": Message(
        "info",
        "Kế hoạch của {count} chỉ tiêu của “{unit}” ghi khác nhau giữa các kỳ của {period}; lấy số kỳ cuối: {labels}.",
        "Kiểm tra nếu kế hoạch không được điều chỉnh trong năm.",
        "The plans of {count} indicators of '{unit}' differ between periods of {period}; the last counts: {labels}.",
        "Check it if the plan was not changed during the year.",
    ),
    "period.list_of_last": Message(
        "info",
        "Bảng kê của “{unit}” lấy theo kỳ cuối của {period}: {labels}.",
        "Bảng kê có số thời điểm không cộng các kỳ, để một dòng không bị tính nhiều lần.",
        "Lists of '{unit}' are those of the last period of {period}: {labels}.",
        "Lists with figures at a date are not joined, so that no row counts twice.",
    ),
    "period.looks_cumulative": Message(
        "error",
        "Các báo cáo của “{unit}” ({parts}) có vẻ ghi số lũy kế từ đầu năm: số kỳ sau không bao giờ nhỏ hơn kỳ trước; "
        "không cộng thành {period}.",
        "Nếu là số lũy kế, gửi báo cáo {period}; nếu là số riêng từng kỳ, tổng hợp từng kỳ rồi gửi báo cáo {period}.",
        "The returns of '{unit}' ({parts}) seem to be cumulative: no figure is less than the one before; they are not "
        "added up to {period}.",
        "If they are cumulative, send the return for {period}; if not, send one with the sums.",
    ),
    "period.set_aside": Message(
        "info",
        "Tệp “{file}” ({unit}, {period}) không cộng vào {expected}: đã có số của cả kỳ hoặc của các kỳ trong đó.",
        "Không cần làm gì; mỗi tháng chỉ được tính một lần.",
        "'{file}' ({unit}, {period}) is not added to {expected}: its months are in other returns.",
        "Nothing to do; no month counts twice.",
    ),
}
