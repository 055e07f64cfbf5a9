"""Checks a ward's details, with messages for the person entering them."""

import re

from pipelines.registers.effective import Row
from schemas import vocabularies as words
from schemas.returns import SITE_CODE, WARD_CODE

LONGEST_NAME = 60
MOST_BEDS = 60


def code_problems(code: str) -> list[str]:
    """What is wrong with a ward's code."""
    if re.fullmatch(WARD_CODE, code):
        return []
    return [f"“{code}” is not a ward code: use up to 12 letters and digits, such as ALDER1."]


def problems_of_values(values: Row) -> list[str]:
    """What is wrong with a ward's name, site, class, sex, beds and dates, all at once."""
    wrong = []
    if not 1 <= len(str(values["ward_name"] or "").strip()) <= LONGEST_NAME:
        wrong.append(f"A ward needs a name of up to {LONGEST_NAME} characters.")
    if values["site_code"] and not re.fullmatch(SITE_CODE, values["site_code"]):
        wrong.append(f"“{values['site_code']}” is not a site code: it has five characters.")
    for field, allowed, what in (
        ("mh_class", words.WARD_CLASSES, "class"),
        ("intended_sex", words.INTENDED_SEX, "intended sex"),
        ("in_collaborative", words.YES_NO, "yes or no for the collaborative"),
    ):
        if values[field] not in allowed:
            wrong.append(f"A ward needs a {what}: choose one from the list.")
    if not isinstance(values["beds"], int) or not 1 <= values["beds"] <= MOST_BEDS:
        wrong.append(f"{values['beds']} beds: a ward has 1 to {MOST_BEDS}.")
    if values.get("open_to") and values["open_to"] < values["open_from"]:
        wrong.append("The last day open is before the first.")
    return wrong
