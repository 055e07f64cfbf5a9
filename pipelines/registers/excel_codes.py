"""Codes of wards that Excel turns into a number or a date as soon as they are typed."""

import re
from datetime import date

from pipelines.registers.register import Register

MONTH = (
    "(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    "|sep(?:t|tember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)


def as_excel_keeps(code: str) -> tuple[object, ...] | None:
    """What Excel makes of a code: the number, or the month and the day; None if it keeps it."""
    if re.fullmatch(r"\d{1,12}(\.\d+)?(E\+?\d{1,2})?", code, re.I):
        return (float(code),)
    if match := re.fullmatch(rf"{MONTH}[-/. ]?(\d{{1,2}})", code, re.I):
        return match[1][:3].casefold(), int(match[2])
    if match := re.fullmatch(rf"(\d{{1,2}})[-/. ]?{MONTH}", code, re.I):
        return match[2][:3].casefold(), int(match[1])
    if match := re.fullmatch(r"\d{4}-(\d{2})-(\d{2})", code):
        return date(2000, int(match[1]), 1).strftime("%b").casefold(), int(match[2])
    return None


def spoilt_by_excel(register: Register) -> list[str]:
    """The codes of wards that come out of Excel as something else, in order; empty if none do."""
    codes = register.wards["ward_code"].unique().sort().to_list()
    return [code for code in codes if as_excel_keeps(code) and not re.fullmatch(r"[1-9]\d*", code)]
