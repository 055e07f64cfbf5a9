"""Downloads: figures, charts, ward sheets and the monthly pack, for your own use or for sharing."""

from collections.abc import Callable
from html import escape

import polars as pl
import streamlit as st

from dashboard import audit, store
from dashboard.access import Scope, reading
from dashboard.charts.table import Column, html
from dashboard.exports import make, masked
from dashboard.exports.order import (
    EASY_READ,
    EXACT,
    KINDS,
    OF_GROUPS,
    OF_MEASURES,
    CannotMake,
    File,
    Order,
    offered,
)
from dashboard.page import measures, page, progress, session, url_state
from dashboard.page.session import Visit
from dashboard.queries.groups import groups
from dashboard.queries.organisations import wards
from dashboard.queries.returns import not_shared_yet
from dashboard.screens import subscribe
from dashboard.words.not_shared_yet import sentences
from pipelines.data_dictionary import columns
from schemas.disclosure import Audience, may_be_shared
from schemas.measures import Measure
from schemas.tidy import Tidy

_MADE = "the file created last"
_DICTIONARY = (
    Column("name", "Column", row_header=True),
    Column("meaning", "Meaning"),
    Column("holds", "Holds"),
)
_FOR = {
    "own": "Own use: exact figures",
    "programme": "The programme team: exact figures",
    "public": "Sharing: small numbers hidden",
}
_ABOUT = (
    "Choose what you need and who it is for. A file for sharing hides small numbers; a file of "
    "exact figures is only for the people whose figures they are."
)
_ABOUT_GROUPS = (
    "Choose what you need. Each file has exact figures: it is only for the people whose figures "
    "they are."
)
_MEANS = {
    "own": "Exact figures, including small numbers. Keep the file where only people who work with "
    "these figures can open it, and do not pass it on.",
    "programme": "Exact figures, including small numbers. For the programme team only: do not "
    "pass the file on.",
    "sheet": "Exact figures, including small numbers, for the ward’s own community meeting. Print "
    "it for the ward; do not send the file to anyone else.",
    "tests-of-change": "What wards wrote in their logs, word for word. For them, their trust and "
    "the programme team only: do not pass the file on.",
    "group": "Exact figures, including small numbers: what the readers of this group see, so of "
    "each ward only the months in which it belongs to the group. Do not pass the file on.",
    "public": "Small numbers are hidden, with the reason beside them, and so is every total that "
    "would reveal one; other figures are rounded. Anything hidden once stays hidden.",
}
_OF_A_KIND = {
    **dict.fromkeys(("sheet", "sheets"), "sheet"),
    **dict.fromkeys(EASY_READ, "sheet"),
    "tests-of-change": "tests-of-change",
}


def show() -> None:
    """Choose what, and who it is for; the file is created on request, and that is logged."""
    visit = session.admit("programme", "trust", "region", "group")
    page.open_screen(
        visit,
        "Downloads",
        _ABOUT_GROUPS if visit.scope.groups else _ABOUT,
    )
    if visit.facts["data_to"] is None:
        st.info("There are no figures to download yet: no return has been received.")
        return
    order = _order(visit)
    st.html(f'<p class="fs-lead">{_MEANS[_means(order)]}</p>')
    if order.shared and visit.scope.sees_everything:
        for sentence in sentences(visit.ask(not_shared_yet, today=visit.today).to_dicts()):
            st.caption(sentence)
    if order.what == "tidy":
        _dictionary()
    if st.button("Create the file", type="primary"):
        _make(visit, order)
    _offer(visit, order)
    today = visit.facts["as_at"] is None
    if order.what == "pack" and not order.shared and today:
        subscribe.offer(visit, order)


def _means(order: Order) -> str:
    """Which sentence says what is in the file, and for whom."""
    if order.shared:
        return "public"
    return "group" if order.group else _OF_A_KIND.get(order.what, order.audience)


def _order(visit: Visit) -> Order:
    exact = EXACT[visit.scope.role]
    # Comparing files for sharing from several days could reveal what each of them hides.
    # A group reader has only some months of some wards, so their file could show what is hidden.
    may_share = visit.facts["as_at"] is None and not visit.scope.groups
    audiences = (exact, "public") if may_share else (exact,)
    first, second, third = st.columns(3)
    with first:
        audience: Audience = url_state.choose("For", {a: _FOR[a] for a in audiences}, "for")
    with second:
        what = url_state.choose("What", offered(visit.scope.role, audience), "what")
    with third:
        kind = url_state.choose("Format", KINDS[what], "as")
    with st.container(key="file_about"):
        about = _choose(visit, what, shared=audience in masked.SHARED)
    if about.get("group"):
        audience = EXACT["group"]
    return Order(what, audience, kind, **about)


def _make(visit: Visit, order: Order) -> None:
    def ask(question: Callable[..., pl.DataFrame], **about: object) -> pl.DataFrame:
        # Not cached: whole tables are too large to keep for a file that is created once.
        scope = reading(visit.scope, order.group)
        return question(store.cursor(visit.release, scope), **about)

    known = make.source(ask, visit.facts, measures.definitions(visit), session.programme())
    try:
        with progress.working("Creating the file", f"{order.what} {order.audience} {order.kind}"):
            made = make.make(known, order)
    except CannotMake as reason:
        st.warning(str(reason))
        return
    st.session_state[_MADE] = (_made_for(visit, order), made)
    audit.record(
        "export",
        visit.scope,
        str(visit.facts["release_id"]),
        what=order.what,
        audience=order.audience,
        kind=order.kind,
        unit=order.unit[1],
        measure=order.measure,
    )


def _offer(visit: Visit, order: Order) -> None:
    """The file that was created, as long as it is the one described above it."""
    made_for, made = st.session_state.get(_MADE, (None, None))
    if made_for != _made_for(visit, order):
        st.session_state.pop(_MADE, None)
        return
    st.html(f'<p class="fs-note" role="status">Ready: {escape(made.name)}, {_size(made)}.</p>')
    st.download_button("Download", made.content, made.name, made.mime, on_click="ignore")


def _dictionary() -> None:
    """What each column of the tidy table holds."""
    expander = st.expander(
        "What each column holds", page.EXPANDED, key="dictionary", on_change="rerun"
    )
    if expander.open:
        with expander:
            rows = [
                {
                    "name": name,
                    "meaning": meaning,
                    "holds": f"{allowed or kind}{empty and ', or nothing'}",
                }
                for name, kind, empty, allowed, meaning in columns(Tidy)
            ]
            about = " ".join((Tidy.__doc__ or "").replace("`", "").split())
            page.html(html("Columns of the table, in order", _DICTIONARY, rows, about))


def _made_for(visit: Visit, order: Order) -> tuple[Scope, str, Order]:
    """What a file was created for: never offered to someone else, nor after a new release."""
    return visit.scope, str(visit.facts["release_id"]), order


def _size(made: File) -> str:
    size = len(made.content)
    return f"{size / 2**20:.1f} MB" if size > 2**20 else f"{size // 1024 + 1:,} kB"


ALL = "all"
_WHOLE = (
    "figures",
    "tidy",
    "tests-of-change",
    "charters",
    "ratings",
    "confidence",
    "pairs",
)  # may hold every trust in one file
_OF_TRUSTS = ("sheets", "attendance", "pack", "pairs")  # never about one ward
_TOTAL = ("chart", "pack")  # about one unit, which may be the whole programme


def _choose(visit: Visit, what: str, *, shared: bool) -> dict[str, str | None]:
    """The trust, ward and measure of an order, offering only what fits it."""
    if what == "evaluation":
        return {}
    every, known = visit.ask(wards), _groups(visit, what)
    by_group = bool(known) and what in OF_GROUPS and not shared
    places = iter(st.columns(by_group + 1 + (what not in _OF_TRUSTS) + (what in OF_MEASURES)))
    about: dict[str, str | None] = dict.fromkeys(("trust", "ward", "group"))
    if by_group:
        with next(places):
            about["group"] = _one_of(known, "Group", "group")
    if about["group"] is None:
        with next(places):
            about["trust"] = _trust(visit, every, what)
        if what not in _OF_TRUSTS:
            with next(places):
                about["ward"] = _ward(every, about["trust"], what)
    if what in OF_MEASURES:
        with next(places):
            about["measure"] = _measure(visit, what, shared=shared)
    return about


def _trust(visit: Visit, every: pl.DataFrame, what: str) -> str | None:
    """A trust, or all of them if a file can hold more than one."""
    names = dict(every.select("trust_code", "trust_name").unique().sort("trust_name").rows())
    words = dict.fromkeys((*_WHOLE, "sheet", "attendance"), "All trusts")
    words |= dict.fromkeys(_TOTAL, "The whole programme")
    whole = what not in _TOTAL or visit.scope.sees_everything
    if what in words and whole and len(names) > 1:
        names = {ALL: words[what], **names}
    return _one_of(names, "Trust", "trust")


def _groups(visit: Visit, what: str) -> dict[str, str]:
    """The groups that a file can be about, after or before the choice of none."""
    if visit.facts["as_at"] is not None:
        return {}
    named = dict(visit.ask(groups).select("group_code", "group_name").rows())
    if not named or (what == "pack" and visit.scope.groups):
        return named
    none = {ALL: "No group"}
    return {**named, **none} if visit.scope.groups else {**none, **named}


def _one_of(names: dict[str, str], label: str, key: str) -> str | None:
    """One of these, or None for all of them or for none."""
    chosen = url_state.choose(label, names, key)
    return None if chosen == ALL else chosen


def _ward(every: pl.DataFrame, trust: str | None, what: str) -> str | None:
    """A ward of the trust, or all of them unless it is one ward's sheet."""
    found = every.filter(pl.col("trust_code") == trust) if trust else every
    names = {
        row["ward_id"]: row["ward_name"] if trust else f"{row['ward_name']}, {row['trust_name']}"
        for row in found.iter_rows(named=True)
    }
    if what != "sheet":
        names = {ALL: "All wards together" if what == "chart" else "All wards", **names}
    return _one_of(names, "Ward", "ward")


def _measure(visit: Visit, what: str, *, shared: bool) -> str | None:
    """A measure that may be downloaded this way, or all of them if a file can hold several."""
    names = {
        code: str(about["name"])
        for code, about in measures.all_of(visit).items()
        if _allowed(about, what, shared=shared)
    }
    if what in _WHOLE:
        names = {ALL: "All measures", **names}
    return _one_of(names, "Measure", "measure")


def _allowed(about: dict[str, object], what: str, *, shared: bool) -> bool:
    plain = {name: about[name] for name in Measure.model_fields if name in about}
    may = may_be_shared(Measure.model_construct(**plain))
    return may if shared else (what in _WHOLE or not about["restricted"])
