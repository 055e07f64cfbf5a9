"""Telling a telephone number of the United Kingdom in free text from counts, dates and codes.

A number has ten digits after its 0 or +44, and a few old ones nine (Ofcom, National Telephone
Numbering Plan). Whether it is in use is not asked: one with a slip in it still leads to somebody.
"""

import re

_GAP = r"[\s.()\u2010-\u2013-]{0,3}"
_ALONE = r"(?<![\w/])(?<!\d[.,-])(?<![A-Za-z]-)", r"(?!\w|[-.,]\d)"  # no part of a date or code
_TIMES = r"(?!\(?\d{4}\s?[\u2010-\u2013-]\s?\d{4}\b)"  # 0700-1930 is a shift
_SHAPES = (
    rf"\(?(?:\+|00)44\)?{_GAP}(?:\(?0\)?{_GAP})?[1-35789](?:{_GAP}\d){{8,9}}",
    rf"{_TIMES}\(?0[1-35789]\d(?:{_GAP}\d){{8}}",
    r"\(?01\d{3}\)?[\s-]{1,2}\d{5}",
    r"\(?0[58]00\)?[\s-]?\d{3}[\s-]?\d{3}",
)
_NUMBER = re.compile(f"{_ALONE[0]}(?:{'|'.join(_SHAPES)}){_ALONE[1]}")


def phone_number(text: str) -> bool:
    """True if a text seems to hold a telephone number."""
    return _NUMBER.search(text) is not None
