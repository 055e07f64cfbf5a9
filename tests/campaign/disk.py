"""What may be on a disk after a power cut: everything flushed, and any part of the rest."""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.campaign.recorder import Flushed, Inode, Named, Recorder, Shown, Written

Tree = dict[str, bytes | None]  # by path below the root; None for a folder


@dataclass
class Disk:
    """Names and contents that are on disk for certain, and those that may or may not be."""

    root: Inode
    names: dict[Inode, dict[str, Inode]] = field(default_factory=dict)
    contents: dict[Inode, bytes] = field(default_factory=dict)
    loose_names: list[Named] = field(default_factory=list)
    loose_contents: dict[Inode, bytes] = field(default_factory=dict)

    def take(self, event: Named | Written | Flushed | Shown) -> None:
        """Bring the disk forward by one event."""
        if isinstance(event, Named):
            self.loose_names.append(event)
            for _, _, inode in event.entries:
                if inode is not None:
                    self.contents.setdefault(inode, b"")
        elif isinstance(event, Written):
            self.contents.setdefault(event.inode, b"")
            self.loose_contents[event.inode] = event.content
        elif isinstance(event, Flushed):
            self._flush(event.inode)

    def flush_all(self) -> None:
        """Everything so far is on disk, as before a program begins."""
        for inode in list(self.loose_contents):
            self._flush(inode)
        for event in self.loose_names:
            _apply(self.names, event)
        self.loose_names = []

    def after_cut(self, chance: Random, kept: float) -> Tree:
        """The tree that is found if each loose part is on disk with the chance `kept`."""
        names = {folder: dict(entries) for folder, entries in self.names.items()}
        for event in self.loose_names:
            if chance.random() < kept:
                _apply(names, event)
        contents = {
            inode: _torn(self.contents.get(inode, b""), content, chance, kept)
            for inode, content in self.loose_contents.items()
        }
        return self._tree(self.root, "", names, self.contents | contents)

    def _flush(self, inode: Inode) -> None:
        if inode in self.loose_contents:
            self.contents[inode] = self.loose_contents.pop(inode)
        still_loose = []
        for event in self.loose_names:
            if any(folder == inode for folder, _, _ in event.entries):
                _apply(self.names, event)
            else:
                still_loose.append(event)
        self.loose_names = still_loose

    def _tree(
        self,
        folder: Inode,
        path: str,
        names: dict[Inode, dict[str, Inode]],
        contents: dict[Inode, bytes],
    ) -> Tree:
        tree: Tree = {}
        for name, inode in names.get(folder, {}).items():
            if inode in self.folders:
                tree[f"{path}{name}"] = None
                tree |= self._tree(inode, f"{path}{name}/", names, contents)
            else:
                tree[f"{path}{name}"] = contents.get(inode, b"")
        return tree

    folders: set[Inode] = field(default_factory=set)


def disks(recorder: Recorder, started: int) -> Iterable[tuple[int, Disk, list[object]]]:
    """The disk after each event from `started` on, and what had been shown by then."""
    folders = {e[0] for event in recorder.events if isinstance(event, Named) for e in event.entries}
    disk = Disk(recorder.root.stat().st_ino, folders=folders)
    shown: list[object] = []
    for number, event in enumerate(recorder.events):
        disk.take(event)
        if number < started:
            disk.flush_all()
            continue
        if isinstance(event, Shown):
            shown.append(event.what)
        yield number, disk, shown


def lay_out(tree: Tree, root: Path) -> None:
    """Put a tree into an empty folder."""
    root.mkdir()
    for name, content in sorted(tree.items()):
        path = root / name
        if content is None:
            path.mkdir(exist_ok=True)
        else:
            path.write_bytes(content)


def _apply(names: dict[Inode, dict[str, Inode]], event: Named) -> None:
    for folder, name, inode in event.entries:
        if inode is None:
            names.get(folder, {}).pop(name, None)
        else:
            names.setdefault(folder, {})[name] = inode


def _torn(old: bytes, new: bytes, chance: Random, kept: float) -> bytes:
    """The old content, the new one, or what lies between: cut short, or with zeros in it.

    What both begin with was flushed and not written again, so it stays.
    """
    if kept in (0, 1):
        return new if kept else old
    same = _same(old, new)
    end = chance.randint(same, len(new))
    return chance.choice(
        [old, new, new[:end] + old[end:], new[:end], new[:end] + bytes(len(new) - end)]
    )


def _same(old: bytes, new: bytes) -> int:
    """How many bytes two contents begin with alike."""
    shortest = min(len(old), len(new))
    return bisect_left(range(shortest), True, key=lambda end: old[: end + 1] != new[: end + 1])
