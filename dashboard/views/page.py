"""The furniture of every screen: styles, standing notices, the first sentence, and a chart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import files

import pyarrow as pa
import streamlit as st

from dashboard.charts import theme
from dashboard.views import pictures
from dashboard.views.door import Visit
from dashboard.words import caveats, phrases

_STYLES = (files("dashboard.views") / "page.css").read_text(encoding="utf-8")


def furniture() -> None:
    """The styles of the page, once on every run."""
    st.html(f"<style>{theme.css()}{_STYLES}</style>")


def opening(visit: Visit, title: str, answer: str, *, placeholders: bool = False) -> None:
    """The standing notices, the title, and the sentence that answers the screen's question."""
    notices(visit, placeholders)
    st.title(title, anchor=False)
    st.html(f'<p class="fs-answer">{escape(answer)}</p><p class="fs-note">{_data_to(visit)}</p>')


def notices(visit: Visit, placeholders: bool = False) -> None:
    """What must be known before any figure is read or shown to someone else."""
    said = []
    if visit.facts["fictional"]:
        said.append("<strong>Fictional.</strong> Every trust, ward, person and figure is made up.")
    if visit.scope.sees_everything:
        said.append(
            "<strong>Contains small numbers.</strong> For the programme team: do not share."
        )
    else:
        said.append("<strong>Your own figures are exact.</strong> Take care when you share them.")
    if placeholders and visit.facts["placeholders"]:
        said.append(
            "<strong>Placeholder in use.</strong> The text of the standards and questions "
            "has not been filled in by the programme yet."
        )
    items = "".join(f"<li>{sentence}</li>" for sentence in said)
    st.html(f'<ul class="fs-notices" aria-label="Notices">{items}</ul>')


def section(title: str, sentence: str = "") -> None:
    """A heading inside a screen, with what it says."""
    st.header(title, anchor=False)
    if sentence:
        st.html(f'<p class="fs-lead">{escape(sentence)}</p>')


@dataclass(frozen=True)
class Picture:
    """A chart with its takeaway, its words, and the table that goes beneath it."""

    title: str
    rows: pa.Table
    spec: Mapping[str, object]
    alt: str
    table: str
    kind: str
    notes: str


def picture(
    title: str,
    rows: Sequence[Mapping[str, object]],
    spec: Mapping[str, object],
    *,
    alt: str,
    table: str,
    kind: str,
    notes: Sequence[str] = (),
) -> Picture:
    """A chart ready to be shown; its rows are packed once, the way a browser gets them."""
    names = dict.fromkeys(name for row in rows for name in row)
    columns = {name: [row.get(name) for row in rows] for name in names}
    said = " ".join(note for note in notes if note)
    return Picture(title, pa.table(columns), spec, alt, table, kind, said)


def show(drawn: Picture) -> None:
    """A chart, with its table and how to read it folded away beneath it."""
    st.html(f'<h3 class="fs-takeaway">{escape(drawn.title)}</h3>')
    st.vega_lite_chart(drawn.rows, drawn.spec, theme=None, alt=drawn.alt)
    if drawn.notes:
        st.html(f'<p class="fs-note">{escape(drawn.notes)}</p>')
    text = caveats.caveat(drawn.kind)
    with st.expander("Show as a table, and how to read it"):
        st.html(
            f'{drawn.table}<p class="fs-note">{escape(text.read)}</p>'
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
    st.html(pictures.as_images(markup))


def _data_to(visit: Visit) -> str:
    facts = visit.facts
    parts = ["No data yet." if facts["data_to"] is None else ""]
    if facts["data_to"] is not None:
        parts = [f"Data to {phrases.month(facts['data_to'])}."]
    parts.append(f"Figures as built at {phrases.moment(facts['built_at'])}.")
    if facts["as_at"] is not None:
        parts.append(f"The programme as it was known on {phrases.day(facts['as_at'])}.")
    return escape(" ".join(parts))
