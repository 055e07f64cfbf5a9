"""The parts of every screen: notices, headline, sections, and charts with their tables."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from io import BytesIO

import pyarrow as pa
import streamlit as st

from dashboard.charts import icons, selection, theme
from dashboard.page import as_at, last_save, listen, progress, session
from dashboard.page.figure_reference import FigureReference
from dashboard.page.session import Visit
from dashboard.words import caveats
from dashboard.words import decisions as words
from schemas import wording

FILES = (
    '<a href="take-away?what=pack" target="_self">The pack for a board</a> · '
    '<a href="take-away?what=tidy" target="_self">All figures as a tidy table</a>'
)
Figures = Mapping[tuple[str, ...], tuple[FigureReference, ...]]
EXPANDED = False  # whether the tables under charts are open to begin with


def open_screen(visit: Visit, title: str, headline: str, *, placeholders: bool = False) -> None:
    """The top of a screen: the standing notices, the title, and the headline."""
    last_save.leave(title)
    with st.container(key="top", gap="xxsmall"):
        notices(visit, placeholders)
        st.title(title, anchor=False)
        st.html(f'<p class="fs-answer">{escape(headline)}</p>')
        with st.container(key="data_to", horizontal=True, vertical_alignment="center"):
            st.html(f'<p class="fs-note">{_data_to(visit)}</p>', width="content")
            if visit.scope.role in as_at.ROLES:
                as_at.offer(visit.facts, session.today())


def notices(visit: Visit, placeholders: bool = False) -> None:
    """What people must know before they read any figure or show it to someone else."""
    _another_day(visit)
    if session.figures_due():
        _until_shown()
    sentences = []
    if visit.facts["fictional"]:
        sentences.append(
            "<strong>Fictional.</strong> Every trust, ward, person and figure is made up."
        )
    if visit.scope.sees_everything:
        sentences.append(
            "<strong>Contains small numbers.</strong> For the programme team: do not share."
        )
    else:
        whose = "Your own" if visit.scope.can_send else "These"
        sentences.append(
            f"<strong>{whose} figures are exact.</strong> Take care when you share them."
        )
    if placeholders and visit.facts["placeholders"]:
        sentences.append(
            "<strong>Placeholder in use.</strong> The programme has not filled in the text of the "
            "standards and questions yet."
        )
    items = "".join(f"<li>{sentence}</li>" for sentence in sentences)
    st.html(f'<ul class="fs-notices" aria-label="Notices">{items}</ul>')


@st.fragment(run_every=0.5)
def _until_shown() -> None:
    """Say that figures are being worked out, and turn to them as soon as they are there."""
    if not session.figures_due():
        st.rerun()
    took = None if last_save.says_how_long() else progress.figures_took()
    st.html(f'<p class="fs-as-at" role="status">{words.due(took)}</p>')


def _another_day(visit: Visit) -> None:
    """For figures of an earlier day: a notice of what that means, and the way back."""
    sentence = caveats.known_on(visit.facts)
    if not sentence:
        return
    with st.container(key="as_at_banner", horizontal=True, vertical_alignment="center"):
        st.html(
            f'<p class="fs-as-at"><strong>{escape(sentence)}</strong> These figures do not include '
            "anything sent, corrected or decided later. Nothing can be sent or decided here.</p>"
        )
        st.button("Back to today’s figures", key="as_at_leave", on_click=as_at.leave)


def only_today(visit: Visit) -> None:
    """Stop here if the figures are of an earlier day, when nothing can be sent or decided."""
    if visit.facts["as_at"] is not None:
        st.info("Go back to today’s figures to send or decide something.")
        st.stop()


def nothing_yet(visit: Visit, will_show: str) -> bool:
    """Before the first return: say what a screen will show, which is then all there is on it."""
    if visit.facts["data_to"] is not None:
        return False
    st.info(
        "There is nothing to show until the first return arrives. This screen will then show "
        f"{will_show}."
    )
    return True


def section(title: str, sentence: str = "", anchor: str | None = None, markup: str = "") -> None:
    """A heading within a screen, with a sentence and `markup` from `ready` under it.

    `anchor` is its name in a link. All in one, as each element of a screen costs its server time.
    """
    words = _lead(sentence) if sentence else ""
    if anchor is None:
        st.html(f"<h2>{escape(title)}</h2>{words}{markup}")
        return
    st.header(title, anchor=anchor)  # scrolls to itself when its link is opened
    if words or markup:
        st.html(words + markup)


def lead(sentence: str) -> None:
    """A sentence or two at the start of a part of a screen."""
    st.html(_lead(sentence))


def _lead(sentence: str) -> str:
    return f'<p class="fs-lead">{escape(sentence)}</p>'


@dataclass(frozen=True)
class Chart:
    """A chart with its title, its words, and the table that goes under it.

    `nothing` is the sentence shown in place of a chart that has no figures. `figures` are those
    behind each mark that can be chosen, by the fields that `selection.fields` gives. `heard` is
    what there is to listen to, from `charts.audible`.
    """

    title: str
    rows: bytes
    spec: Mapping[str, object]
    alt: str
    table: str
    kind: str
    notes: str
    nothing: str = ""
    figures: Figures = field(default_factory=dict)
    heard: Mapping[str, object] | None = None


@dataclass(frozen=True)
class Drawing:
    """What is drawn, with its text alternative; or, in its place, that there is `nothing`.

    `heard` is the same to listen to, where a chart has that.
    """

    rows: Sequence[Mapping[str, object]]
    spec: Mapping[str, object]
    alt: str
    nothing: str = ""
    heard: Mapping[str, object] | None = None


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
    return Chart(
        title,
        _packed(drawing.rows),
        drawing.spec,
        drawing.alt,
        table,
        kind,
        " ".join(note for note in notes if note),
        drawing.nothing,
        figures or {},
        drawing.heard,
    )


def _packed(rows: Sequence[Mapping[str, object]]) -> bytes:
    """Rows as a browser gets them: a stream of Arrow."""
    names = dict.fromkeys(name for row in rows for name in row)
    table, stream = pa.table({n: [row.get(n) for row in rows] for n in names}), BytesIO()
    with pa.ipc.new_stream(stream, table.schema) as writer:
        writer.write_table(table)
    return stream.getvalue()


def draw(drawn: Chart, **pick: object) -> None:
    """A chart alone, without its words."""
    spec = {**drawn.spec, "datasets": {theme.SOURCE: drawn.rows}}
    st.vega_lite_chart(None, spec, theme=None, alt=drawn.alt, **pick)


def show(drawn: Chart, key: str, table: Callable[[], str] | None = None) -> None:
    """A chart, with its table and how to read it in an expander under it.

    What a person chooses is in the session state under `key`, which no other chart may have. A
    table too long to show whole comes from `table`, which may offer a choice of pages.
    """
    st.html(f'<h3 class="fs-takeaway">{escape(drawn.title)}</h3>')
    if drawn.nothing:
        st.html(f'<p class="fs-empty">{escape(drawn.nothing)}</p>')
        return
    pick = {}
    if drawn.figures:
        pick = {"key": key, "on_select": "rerun", "selection_mode": selection.CHOSEN}
    draw(drawn, **pick)
    if drawn.notes:
        st.html(f'<p class="fs-note">{escape(drawn.notes)}</p>')
    # The table is sent only when the expander is opened: tables are most of a screen's bytes.
    label = listen.LABEL if drawn.heard else "Show as a table, and how to read it"
    expander = st.expander(label, EXPANDED, key=f"{key}_table", on_change="rerun")
    if expander.open:
        with expander:
            if drawn.heard:
                listen.offer(drawn.heard, key)
            _as_table(drawn, table)


def _as_table(drawn: Chart, table: Callable[[], str] | None) -> None:
    text, markup = caveats.caveat(drawn.kind), table() if table else drawn.table
    st.html(
        f'{as_at.with_day(markup)}<p class="fs-note">{escape(text.read)}</p>'
        f'<p class="fs-note"><strong>What it can tell you:</strong> {escape(text.can)}</p>'
        f'<p class="fs-note"><strong>What it can’t:</strong> {escape(text.cannot)}</p>'
    )


def caveat(kind: str, note: str = "") -> None:
    """How to read a kind of chart that needs no table, because its figures are shown in words."""
    text = caveats.caveat(kind)
    st.html(
        f'<p class="fs-note">{escape(note)} {escape(text.read)} {escape(text.can)} '
        f"{escape(text.cannot)}</p>"
    )


def facts(about: Mapping[str, object], markup: str = "") -> None:
    """Short facts side by side, each under its label; then `markup`, already escaped."""
    pairs = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(str(value))}</dd></div>"
        for name, value in about.items()
    )
    html(f'<dl class="fs-about">{pairs}</dl>{markup}')


def html(markup: str) -> None:
    """Markup that is already escaped: a table, icons, small charts."""
    st.html(_ready(markup))


def cached(visit: Visit, make: Callable[..., str], **about: object) -> None:
    """The markup that `make(visit, **about)` returns, already escaped; made once and cached."""
    st.html(ready(visit, make, **about))


def ready(visit: Visit, make: Callable[..., str], **about: object) -> str:
    """The same markup, to be shown with something else."""
    return visit.keep(_markup, of=make, about=tuple(sorted(about.items())))


def _markup(visit: Visit, of: Callable[..., str], about: tuple[tuple[str, object], ...]) -> str:
    return _ready(of(visit, **dict(about)))


def _ready(markup: str) -> str:
    return as_at.with_day(icons.as_images(markup))


def _data_to(visit: Visit) -> str:
    """The latest month of the figures, and when they were built, as markup."""
    facts = visit.facts
    parts = ["No data yet." if facts["data_to"] is None else ""]
    if facts["data_to"] is not None:
        parts = [f"Data to {wording.month_of(facts['data_to'])}."]
    parts.append(f"Figures built at {wording.moment(facts['built_at'])}.")
    return " ".join(parts)
