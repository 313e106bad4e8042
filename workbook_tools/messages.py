"""The wording of every finding, Vietnamese and English, in one table.

Codes are stable and grouped in families: ``file``, ``structure``, ``value``, ``rule``, ``period``, ``unit``,
``consolidation``, ``template``. A text says where it goes wrong and with which figures; an advice says what to do.
Names in braces are filled from the details of the finding.
"""

from workbook_tools.file_messages import FILE_MESSAGES
from workbook_tools.identity_messages import IDENTITY_MESSAGES
from workbook_tools.period_messages import PERIOD_MESSAGES
from workbook_tools.plausibility_messages import PLAUSIBILITY_MESSAGES
from workbook_tools.repair_messages import REPAIR_MESSAGES
from workbook_tools.return_messages import RETURN_MESSAGES
from workbook_tools.rule_messages import RULE_MESSAGES
from workbook_tools.template_messages import TEMPLATE_MESSAGES
from workbook_tools.unit_messages import UNIT_MESSAGES
from workbook_tools.value_messages import VALUE_MESSAGES
from workbook_tools.wording import Message

__all__ = ["MESSAGES", "Message"]

MESSAGES: dict[str, Message] = {
    **FILE_MESSAGES,
    **RETURN_MESSAGES,
    **IDENTITY_MESSAGES,
    **PERIOD_MESSAGES,
    **VALUE_MESSAGES,
    **RULE_MESSAGES,
    **UNIT_MESSAGES,
    **PLAUSIBILITY_MESSAGES,
    **REPAIR_MESSAGES,
    **TEMPLATE_MESSAGES,
}
