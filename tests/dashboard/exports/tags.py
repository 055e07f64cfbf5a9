"""The tags of a PDF: what a screen reader meets, in the order in which it reads."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from pypdf import PageObject, PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, PdfObject


@dataclass(frozen=True)
class Tag:
    """One element of the tree: its kind, such as H1, its own text, and what is inside it."""

    kind: str
    text: str
    alt: str | None
    scope: str | None
    inside: tuple["Tag", ...]

    def all(self) -> Iterator["Tag"]:
        """This element and everything in it, in reading order."""
        yield self
        for tag in self.inside:
            yield from tag.all()

    def words(self) -> str:
        """The text in it and in everything inside it; of a picture, its alternative text."""
        inner = (tag.words() for tag in self.inside)
        texts = [self.alt or ""] if self.kind == "Figure" else [self.text, *inner]
        return " ".join(" ".join(texts).split())


def document(content: bytes) -> Tag:
    """The whole tree of a PDF."""
    reader = PdfReader(BytesIO(content))
    written = {page.indirect_reference.idnum: _marked(page) for page in reader.pages}
    root = reader.root_object["/StructTreeRoot"]
    inside, _ = _children(root.get("/K"), None, written)
    return Tag("Root", "", None, None, inside)


def sentences(content: bytes) -> list[str]:
    """What is read out, one entry for each heading, paragraph, cell and picture."""
    read = ("H1", "H2", "H3", "P", "Figure", "TH", "TD")
    return [tag.words() for tag in document(content).all() if tag.kind in read]


def headings(content: bytes) -> list[tuple[int, str]]:
    """The level and the words of each heading, in reading order."""
    found = [tag for tag in document(content).all() if tag.kind in ("H1", "H2", "H3", "H4")]
    return [(int(tag.kind[1:]), tag.words()) for tag in found]


def _marked(page: PageObject) -> dict[int, str]:
    """The text of each marked piece of a page, by its number."""
    found: dict[int, str] = {}
    open_now: list[int | None] = []  # the pieces around what is being read, innermost last

    def before(operator: bytes, operands: list[PdfObject], *_: object) -> None:
        if operator == b"BDC":
            about = operands[1]
            marked = isinstance(about, DictionaryObject) and "/MCID" in about
            around = open_now[-1] if open_now else None
            open_now.append(int(about["/MCID"]) if marked else around)
        elif operator == b"BMC":
            open_now.append(open_now[-1] if open_now else None)
        elif operator == b"EMC":
            open_now.pop()

    def text(words: str, *_: object) -> None:
        if words.strip() and open_now and open_now[-1] is not None:
            found[open_now[-1]] = found.get(open_now[-1], "") + words

    page.extract_text(visitor_operand_before=before, visitor_text=text)
    return found


def _children(
    kids: PdfObject | None, page: int | None, written: dict[int, dict[int, str]]
) -> tuple[tuple[Tag, ...], str]:
    """The elements among an element's children, and the text that is directly in it."""
    tags: list[Tag] = []
    texts: list[str] = []
    for kid in kids if isinstance(kids, ArrayObject) else [kids]:
        kid = None if kid is None else kid.get_object()
        if isinstance(kid, int):
            texts.append(written[page].get(kid, ""))
        elif isinstance(kid, DictionaryObject) and kid.get("/Type") == "/MCR":
            where = kid.raw_get("/Pg").idnum if "/Pg" in kid else page
            texts.append(written[where].get(int(kid["/MCID"]), ""))
        elif isinstance(kid, DictionaryObject) and "/S" in kid:
            tags.append(_tag(kid, page, written))
    return tuple(tags), " ".join(texts)


def _tag(element: DictionaryObject, page: int | None, written: dict[int, dict[int, str]]) -> Tag:
    page = element.raw_get("/Pg").idnum if "/Pg" in element else page
    inside, text = _children(element.get("/K"), page, written)
    about = element.get("/A", [])
    scopes = [str(a["/Scope"])[1:] for a in map(PdfObject.get_object, about) if "/Scope" in a]
    return Tag(
        str(element["/S"])[1:],
        text,
        str(element["/Alt"]) if "/Alt" in element else None,
        scopes[0] if scopes else None,
        inside,
    )
