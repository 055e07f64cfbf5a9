"""Returns that something has gone wrong with, drawn from a seed: bytes, parts, cells and lines."""

import random
from collections.abc import Callable
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

_NASTY = (
    *(
        "",
        " ",
        "0",
        "-1",
        "1e999",
        "nan",
        "50%",
        "<5",
        "#REF!",
        "=1+1",
        "O",
        "９",
        "\u202e1",
        "\x00",
    ),
    *(
        "9" * 400,
        "a" * 300,
        "a@" * 150,
        "(0" * 150,
        "1 january-" * 20,
        "[" * 200,
        '"',
        "'",
        ";",
        "\n",
    ),
    *("2026-02-30", "31/11/2026", "2026-10-01T00:00:00Z", "46296", "TRUE", "Z99", "../x", "<a/>"),
)


def mutated(good: bytes, chance: random.Random) -> bytes:
    """A good return with one kind of damage."""
    is_zip = good.startswith(b"PK")
    ways: tuple[Callable[[bytes, random.Random], bytes], ...] = (
        (_bytes, _cut, _part, _words, _words) if is_zip else (_bytes, _cut, _text, _text)
    )
    return chance.choice(ways)(good, chance)


def _bytes(good: bytes, chance: random.Random) -> bytes:
    content = bytearray(good)
    for _ in range(chance.randint(1, 12)):
        content[chance.randrange(len(content))] = chance.randrange(256)
    return bytes(content)


def _cut(good: bytes, chance: random.Random) -> bytes:
    first, last = sorted(chance.choices(range(len(good)), k=2))
    return chance.choice(
        (good[:last], good[first:], good[:first] + good[last:], good + good[:last])
    )


def _part(good: bytes, chance: random.Random) -> bytes:
    """One part of the archive cut, emptied, repeated, dropped or under another's name."""
    parts = _unpacked(good)
    name, other = chance.choice(list(parts)), chance.choice(list(parts))
    part = parts[name]
    at = chance.randrange(len(part) + 1)
    damage = {
        "cut": part[:at],
        "empty": b"",
        "twice": part + part,
        "other": parts[other],
        "noise": part[:at] + chance.randbytes(9) + part[at:],
    }
    parts[name] = damage[chance.choice(list(damage))]
    if chance.random() < 0.2:
        del parts[other]
    return _packed(parts)


def _words(good: bytes, chance: random.Random) -> bytes:
    """Some of the values in one part replaced, its form left whole."""
    parts = _unpacked(good)
    name = chance.choice([name for name in parts if b"<v>" in parts[name] or name.endswith(".csv")])
    parts[name] = (_values if b"<v>" in parts[name] else _text)(parts[name], chance)
    return _packed(parts)


def _values(xml: bytes, chance: random.Random) -> bytes:
    first, *others = xml.split(b"<v>")
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(others))
        word = chance.choice(_NASTY).replace("&", "&amp;").replace("<", "&lt;").replace("\x00", "")
        others[at] = word.encode() + b"</v>" + others[at].partition(b"</v>")[2]
    return b"<v>".join([first, *others])


def _text(text: bytes, chance: random.Random) -> bytes:
    lines = text.split(b"\n")
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(lines))
        fields = lines[at].split(b",")
        fields[chance.randrange(len(fields))] = chance.choice(_NASTY).encode()
        lines[at] = chance.choice((b",", b",", b",", b";", b"\t")).join(fields)
    if chance.random() < 0.2:
        lines.insert(chance.randrange(len(lines)), chance.choice(lines))
    return b"\n".join(lines)


def _unpacked(content: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _packed(parts: dict[str, bytes]) -> bytes:
    content = BytesIO()
    with ZipFile(content, "w") as archive:
        for name, part in parts.items():
            archive.writestr(ZipInfo(name), part, ZIP_DEFLATED, 1)
    return content.getvalue()
