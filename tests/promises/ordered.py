"""Everything that can be ordered about a trust, and all that such a file says."""

from functools import cache
from pathlib import Path

from dashboard import access, store
from dashboard.exports import make
from dashboard.exports.make import Source
from dashboard.exports.order import KINDS, WHAT, CannotMake, Order
from pipelines.keeping.home import open_home
from tests.dashboard.exports.inside import PNG, parts, texts
from tests.dashboard.exports.sources import source_of
from tests.dashboard.tiny_release import TODAY, WARDS

OWN = {
    "lead1@example.org": {"Z01"},
    "lead2@example.org": {"Z02"},
    "region@example.org": {"Z01", "Z03"},
    "gone@example.org": set(),
    "nobody@example.org": set(),
}
# The reader of a group, of which Z03 was a member; there is no file for sharing for this role.
EVERYONE = {**OWN, "group@example.org": {"Z02", "Z03"}}
MEASURED = {"figures": (None, "SS-I8"), "tidy": (None, "SS-I8"), "chart": ("SS-O1",)}


def kinds_of_order() -> list[tuple[str, str]]:
    """Everything that can be ordered, in every kind of file that it can be."""
    assert set(WHAT) == set(KINDS) == set(make._MAKERS)
    return [(what, kind) for what, kinds in KINDS.items() for kind in kinds]


@cache
def known_to(home: Path, email: str) -> Source:
    """The source of a person's files: only what is in their scope."""
    release = store.current(home / "releases")
    scope = access.resolve(email, store.people(release), TODAY)
    return source_of(release, scope, open_home(home).programme)


def taken(known: Source, order: Order, drawn: list[str]) -> str | None:
    """All that a file says, and all that its pictures were drawn from; None if there is no file."""
    drawn.clear()
    try:
        content = make.make(known, order).content
    except CannotMake:
        return None
    if content.startswith(PNG):
        assert parts(content) == []
    assert drawn or order.kind not in ("png", "svg"), "a picture was drawn that nobody watched"
    return "\n".join([texts(content), *drawn])


def place(trust: str) -> list[tuple[str, str | None]]:
    """A trust, and one of its wards."""
    return [(trust, None), (trust, next(ward for ward in WARDS if ward.startswith(trust)))]
