"""The frame of every screen: styles, notices, the headline, sections, a chart with its table."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape, unescape
from importlib.resources import files
from urllib.parse import quote

import pyarrow as pa
import streamlit as st

from dashboard.charts import selection, theme
from dashboard.page import as_at
from dashboard.page.figure_reference import FigureReference
from dashboard.page.session import Visit
from dashboard.words import caveats
from schemas import wording

_SVG = re.compile(r"<svg\b([^>]*)>(.*?)</svg>", re.DOTALL)
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
_XMLNS = ' xmlns="http://www.w3.org/2000/svg"'


def _as_images(markup: str) -> str:
    """The same markup with every `svg` as an `img`: its label is the alternative, or none."""
    return _SVG.sub(lambda found: _image(found[1], found[2]), markup)


@lru_cache(maxsize=4096)  # a screen shows the same few icons many times, and again at every rerun
def _image(attributes: str, drawn: str) -> str:
    about = dict(_ATTRIBUTE.findall(attributes))
    svg = f"<svg{attributes}{'' if 'xmlns' in about else _XMLNS}>{drawn}</svg>"
    sizes = "".join(f' {name}="{about[name]}"' for name in ("width", "height") if name in about)
    label = escape(unescape(about.get("aria-label", "")))
    return (
        f'<img class="{about.get("class", "")}" alt="{label}"{sizes} '
        f'src="data:image/svg+xml,{quote(svg, safe="=:/;,() ")}">'
    )


Figures = Mapping[tuple[str, ...], tuple[FigureReference, ...]]
UNFOLDED = False  # whether the tables under charts are open at first
_STYLES = (files("dashboard.page") / "page.css").read_text(encoding="utf-8")


def styles() -> None:
    """The styles of the page, once on every run."""
    st.html(f"<style>{theme.css()}{_STYLES}</style>")


def headline(visit: Visit, title: str, answer: str, *, placeholders: bool = False) -> None:
    """The standing notices, the title, and the sentence that answers the screen's question."""
    notices(visit, placeholders)
    st.title(title, anchor=False)
    st.html(f'<p class="fs-answer">{escape(answer)}</p><p class="fs-note">{_data_to(visit)}</p>')


def notices(visit: Visit, placeholders: bool = False) -> None:
    """What must be known before any figure is read or shown to someone else."""
    _another_day(visit)
    said = []
    if visit.facts["fictional"]:
        said.append("<strong>Fictional.</strong> Every trust, ward, person and figure is made up.")
    if visit.scope.sees_everything:
        said.append(
            "<strong>Contains small numbers.</strong> For the programme team: do not share."
        )
    else:
        whose = "Your own" if visit.scope.can_send else "These"
        said.append(f"<strong>{whose} figures are exact.</strong> Take care when you share them.")
    if placeholders and visit.facts["placeholders"]:
        said.append(
            "<strong>Placeholder in use.</strong> The text of the standards and questions "
            "has not been filled in by the programme yet."
        )
    items = "".join(f"<li>{sentence}</li>" for sentence in said)
    st.html(f'<ul class="fs-notices" aria-label="Notices">{items}</ul>')


def _another_day(visit: Visit) -> None:
    """On figures of an earlier day: that they are, what that means, and the way back."""
    sentence = caveats.known_on(visit.facts)
    if not sentence:
        return
    with st.container(key="as_at_banner", horizontal=True, vertical_alignment="center"):
        st.html(
            f'<p class="fs-as-at"><strong>{escape(sentence)}</strong> What was sent, corrected or '
            "decided later is not in these figures. Nothing can be sent or decided here.</p>"
        )
        st.button("Back to today’s figures", key="as_at_leave", on_click=as_at.leave)


def only_today(visit: Visit) -> None:
    """End a screen here if its figures are of an earlier day: nothing is sent or decided there."""
    if visit.facts["as_at"] is not None:
        st.info("Go back to today’s figures to send or decide something.")
        st.stop()


def section(title: str, sentence: str = "", anchor: str | None = None) -> None:
    """A heading inside a screen, with what it says; `anchor` is its name in a link."""
    st.header(title, anchor=anchor or False)
    if sentence:
        lead(sentence)


def lead(sentence: str) -> None:
    """What a part of a screen says, in a sentence or two."""
    st.html(f'<p class="fs-lead">{escape(sentence)}</p>')


@dataclass(frozen=True)
class Chart:
    """A chart with its takeaway, its words, and the table that goes beneath it.

    `nothing` is the sentence that stands in the place of a chart without a figure. `figures` are
    those behind each mark that can be chosen, by the fields that `chosen.fields` names.
    """

    title: str
    rows: pa.Table
    spec: Mapping[str, object]
    alt: str
    table: str
    kind: str
    notes: str
    nothing: str = ""
    figures: Figures = field(default_factory=dict)


@dataclass(frozen=True)
class Drawing:
    """What is drawn, with its text alternative; or, in its place, that there is `nothing`."""

    rows: Sequence[Mapping[str, object]]
    spec: Mapping[str, object]
    alt: str
    nothing: str = ""


def chart(
    title: str,
    drawing: Drawing,
    *,
    table: str,
    kind: str,
    notes: Sequence[str] = (),
    figures: Figures | None = None,
) -> Chart:
    """A chart ready to be shown; its rows are packed once, the way a browser gets them."""
    names = dict.fromkeys(name for row in drawing.rows for name in row)
    return Chart(
        title,
        pa.table({name: [row.get(name) for row in drawing.rows] for name in names}),
        drawing.spec,
        drawing.alt,
        table,
        kind,
        " ".join(note for note in notes if note),
        drawing.nothing,
        figures or {},
    )


def show(drawn: Chart, key: str, table: Callable[[], str] | None = None) -> None:
    """A chart, with its table and how to read it folded away beneath it.

    What a person chooses goes into the session state of `key`, which is the chart's own. A table
    that is too long to be whole is made by `table`, which may ask there for its page.
    """
    st.html(f'<h3 class="fs-takeaway">{escape(drawn.title)}</h3>')
    if drawn.nothing:
        st.html(f'<p class="fs-empty">{escape(drawn.nothing)}</p>')
        return
    pick = {}
    if drawn.figures:
        pick = {"key": key, "on_select": "rerun", "selection_mode": selection.CHOSEN}
    st.vega_lite_chart(drawn.rows, drawn.spec, theme=None, alt=drawn.alt, **pick)
    if drawn.notes:
        st.html(f'<p class="fs-note">{escape(drawn.notes)}</p>')
    # What is in a fold is sent once it is opened: tables are most of a screen's bytes.
    fold = st.expander(
        "Show as a table, and how to read it", UNFOLDED, key=f"{key}_table", on_change="rerun"
    )
    if fold.open:
        with fold:
            _as_table(drawn, table)


def _as_table(drawn: Chart, table: Callable[[], str] | None) -> None:
    text, markup = caveats.caveat(drawn.kind), table() if table else drawn.table
    st.html(
        f'{as_at.with_day(markup)}<p class="fs-note">{escape(text.read)}</p>'
        f'<p class="fs-note"><strong>What it can tell you:</strong> {escape(text.can)}</p>'
        f'<p class="fs-note"><strong>What it can’t:</strong> {escape(text.cannot)}</p>'
    )


def caveat(kind: str, note: str = "") -> None:
    """How to read a kind of chart whose figures are all in its own words already."""
    text = caveats.caveat(kind)
    st.html(
        f'<p class="fs-note">{escape(note)} {escape(text.read)} {escape(text.can)} '
        f"{escape(text.cannot)}</p>"
    )


def facts(about: Mapping[str, object]) -> None:
    """Short facts side by side, each under its name."""
    pairs = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(str(value))}</dd></div>"
        for name, value in about.items()
    )
    st.html(f'<dl class="fs-about">{pairs}</dl>')


def html(markup: str) -> None:
    """Markup that is already escaped: a table, icons, small charts."""
    st.html(_ready(markup))


def cached(visit: Visit, make: Callable[..., str], **about: object) -> None:
    """The markup that `make(visit, **about)` gives, already escaped; made once and kept."""
    st.html(visit.keep(_made, of=make, about=tuple(sorted(about.items()))))


def _made(visit: Visit, of: Callable[..., str], about: tuple[tuple[str, object], ...]) -> str:
    return _ready(of(visit, **dict(about)))


def _ready(markup: str) -> str:
    return as_at.with_day(_as_images(markup))


def _data_to(visit: Visit) -> str:
    """Up to when the figures go, as markup, with the way to those of an earlier day."""
    facts = visit.facts
    said = ["No data yet." if facts["data_to"] is None else ""]
    if facts["data_to"] is not None:
        said = [f"Data to {wording.month_of(facts['data_to'])}."]
    said.append(f"Figures as built at {wording.moment(facts['built_at'])}.")
    if facts["as_at"] is None and visit.scope.role in as_at.ROLES:
        said.append('<a href="about#another-day" target="_self">As known on another day</a>')
    return " ".join(said)
