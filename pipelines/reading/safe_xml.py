"""Parses XML that may be made to do harm: its parts are counted as they come.

What no workbook has is refused: document types, which attacks with entities need, tags of more than
64 KB, which can hold a million attributes, and parts nested hundreds deep.
"""

import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element, TreeBuilder, XMLParser

from pipelines.reading.produced import Produced, too_much

LARGEST_TREE = 8 * 1024 * 1024
MOST_NESTED = 200
_LONG_TAG = re.compile(rb"<[^<>]{65536,}")
_AT_ONCE = 1024 * 1024


class Nested:
    """Counts the parts of an XML file as they come, and how deep they are within each other."""

    def __init__(self, produced: Produced) -> None:
        self._produced, self._deep = produced, 0

    def begin(self) -> None:
        """Count one more; raises ValueError if it is nested too deeply."""
        self._produced.add("parts")
        self._deep += 1
        if self._deep > MOST_NESTED:
            raise ValueError("no workbook is nested as deeply as this")

    def finish(self) -> None:
        """Leave the innermost one."""
        self._deep -= 1


class _Tree(TreeBuilder):
    """Builds a tree, counts its parts, and refuses document types, which attacks need."""

    def __init__(self, produced: Produced) -> None:
        super().__init__()
        self._nested = Nested(produced)

    def start(self, tag: str, attributes: dict[str, str]) -> Element:  # type: ignore[override]
        self._nested.begin()
        return super().start(tag, attributes)

    def end(self, tag: str) -> Element:
        self._nested.finish()
        return super().end(tag)

    def doctype(self, *_: object) -> None:
        raise ValueError("a workbook has no document type")


def tree_of(xml: bytes, produced: Produced) -> Element:
    """A small XML file as a tree; raises ParseError, ValueError or Unreadable."""
    if len(xml) > LARGEST_TREE:
        raise too_much("bytes")
    return parsed(xml, _Tree(produced))


def parsed(xml: bytes, target: Any) -> Any:
    """What a target makes of an XML file."""
    if _LONG_TAG.search(xml):
        raise ValueError("no workbook has a tag as long as this")
    parser = XMLParser(target=target)  # noqa: S314 (no document type; what it gives is counted)
    for start in range(0, len(xml), _AT_ONCE):  # a target that refuses is asked after each
        parser.feed(xml[start : start + _AT_ONCE])
    return parser.close()


def local(tag: str) -> str:
    """The name of a tag or attribute without its namespace."""
    return tag.rpartition("}")[2]


def all_of(tree: Element, name: str) -> Iterator[Element]:
    """Every element of a name in a tree, whatever its namespace."""
    return (element for element in tree.iter() if local(element.tag) == name)


def attribute(element: Element, name: str) -> str:
    """An attribute's value, whatever its namespace; empty if there is none."""
    return next((value for key, value in element.items() if local(key) == name), "")
