"""What happened to contracts, from quotation to evaluation, in the order of the contract's life."""

from ingestion.feeds.base import Feed, Needs, Steps
from ingestion.feeds.columns import Choice, Day, DecimalColumn, TextColumn, Whole
from ingestion.lifecycle.contract import CONTRACT

FEED = Feed(
    name="contract_event",
    title="Events in the life of contracts, numbered per contract",
    title_zh="合同事件:按合同顺序编号",
    key=("contract_id", "event_no"),
    columns=(
        TextColumn("contract_id", "contract as in feed contract", note_zh="合同编号"),
        Whole(
            "event_no",
            "1, 2, ... per contract, without gaps",
            minimum=1,
            maximum=9999,
            note_zh="事件序号:每份合同从1起连续编号",
        ),
        Choice(
            "event",
            "what happened; each event is allowed in certain states only (docs/contracts.md)",
            choices=tuple(event.code for event in CONTRACT.events),
            synonyms=tuple((event.name_zh, event.code) for event in CONTRACT.events),
            note_zh="事件;须符合合同当前状态",
        ),
        Day("happened_on", "day of the event, not before the contract's last one", note_zh="发生日期"),
        TextColumn("actor", "who did it: login, name or body", required=False, note_zh="经办人或机构"),
        TextColumn(
            "reason", "why; needed when returned, refused, cancelled or terminated", required=False,
            note_zh="原因;退回、拒绝、取消、终止时必填",
        ),
        TextColumn(
            "registration_no", "number at the trading centre; needed when registered", required=False,
            note_zh="交易中心备案号;备案时必填",
        ),
        Day(
            "effective_on",
            "first day of the change, or last delivery day; needed when changed or terminated",
            required=False,
            note_zh="变更首日或终止前最后电量日;变更、终止时必填",
        ),
        Whole(
            "version_no", "version in feed contract_version; needed when changed", required=False,
            minimum=1, maximum=9999, note_zh="合同版本号;变更时必填",
        ),
        TextColumn(
            "new_contract_id", "the contract that follows; needed when renewed", required=False,
            note_zh="续签的新合同编号;续签时必填",
        ),
        DecimalColumn(
            "fee_cny", "termination fee payable by the customer with VAT; 0 = none, needed when terminated",
            required=False, unit="yuan", precision=16, scale=2, minimum="0",
            note_zh="违约金(元,含税);无则填0,终止时必填",
        ),
    ),
    needs=(
        Needs("event", ("returned", "registration_refused", "cancelled"), ("reason",)),
        Needs("event", ("registered",), ("registration_no",)),
        Needs("event", ("changed",), ("effective_on", "version_no")),
        Needs("event", ("renewed",), ("new_contract_id",)),
        Needs("event", ("terminated",), ("effective_on", "reason", "fee_cny")),
    ),
    steps=Steps("contract_id", "event_no", "event", "happened_on", CONTRACT),
)  # fmt: skip
