"""Publishes the head of the chain for a month, so that anyone can check that nothing is gone.

The head is short enough for a newsletter. Each trust gets a file of its own beside it, with the
paths of its returns: no file tells anything about another trust.
"""

from collections import defaultdict
from pathlib import Path

from pydantic import BaseModel, ValidationError

from pipelines.keeping import chain
from pipelines.keeping.home import Home
from pipelines.keeping.layout import published_in
from pipelines.keeping.merkle import Tree, leaf
from pipelines.keeping.staging import keep_file
from schemas.periods import Month
from schemas.receipts import Inclusion, PublishedHead, TrustHead


def publish(home: Home, month: Month, folder: Path) -> tuple[PublishedHead, list[Path]]:
    """Write the head of a month into a folder, and a file for each trust; return both.

    The first time, it is the head of everything kept so far. After that it stays what it was.
    """
    root = home.archive.root
    home.archive.settle()
    kept = published_in(root) / f"{month}.json"
    if not kept.exists():
        hashed = [leaf(line) for line in chain.lines(root)]
        head = PublishedHead(
            programme=home.programme.name,
            month=str(month),
            size=len(hashed),
            root=Tree(hashed).root.hex(),
        )
        keep_file(kept, _json(head))
    head = PublishedHead.model_validate_json(kept.read_bytes())
    files = {f"head-{month}.json": _json(head)}
    for trust in _of_trusts(home, head):
        files[f"head-{month}-{trust.trust}.json"] = _json(trust)
    for name, content in files.items():
        keep_file(folder / name, content)
    return head, [folder / name for name in files]


def unfit_heads(home: Home) -> list[str]:
    """A sentence for each published head that the chain no longer fits."""
    hashed = [leaf(line) for line in chain.lines(home.archive.root)]
    found = []
    for path in sorted(published_in(home.archive.root).glob("*.json")):
        try:
            head = PublishedHead.model_validate_json(path.read_bytes())
        except ValidationError:
            found.append(f"The published head {path.name} cannot be read.")
            continue
        if len(hashed) < head.size or Tree(hashed[: head.size]).root.hex() != head.root:
            found.append(
                f"The chain no longer fits the head published for {Month.parse(head.month).label}: "
                "entries that had been kept by then were removed or replaced."
            )
    return found


def _of_trusts(home: Home, head: PublishedHead) -> list[TrustHead]:
    lines = chain.lines(home.archive.root)[: head.size]
    tree = Tree([leaf(line) for line in lines])
    returns: dict[str, dict[str, Inclusion]] = defaultdict(dict)
    for index, link in enumerate(map(chain.read_line, lines)):
        if link is None or link.kind != "return":
            continue
        return_id = link.entry.removeprefix("returns/")
        path = tuple(one.hex() for one in tree.path(index))
        returns[return_id.partition("/")[0]][return_id] = Inclusion(index=index, path=path)
    return [TrustHead(head=head, trust=trust, returns=returns[trust]) for trust in sorted(returns)]


def _json(record: BaseModel) -> bytes:
    return (record.model_dump_json(indent=2) + "\n").encode()
