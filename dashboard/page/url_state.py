"""Choices kept in the address, so that a view can be shared by its link.

The address holds codes, never words. If a code is not among the options, because it is unknown or
out of scope, the screen says so, in the same words for both, and never repeats the code.
"""

from collections.abc import Mapping

import streamlit as st
from streamlit.delta_generator import DeltaGenerator


def choose(
    label: str,
    options: Mapping[str, str],
    key: str,
    default: str | None = None,
    moves: bool = False,
    notice: DeltaGenerator | None = None,
) -> str:
    """The code a person has chosen; `options` are codes with their words, the first the default.

    Going back in the browser restores an earlier choice. If the default `moves`, as the oldest
    month to send does, the address holds it too, so that the choice does not change by itself.
    `notice` is where to say that the address names no option, if not here.
    """
    usual = default if default in options else next(iter(options))
    in_address, written = st.query_params.get(key, usual), f"{key} in the address"
    # Streamlit forgets a choice when its screen is left; the address still holds it.
    new = key not in st.session_state or in_address != st.session_state.get(written)
    if in_address in options and new:
        st.session_state[key] = in_address
    if st.session_state.get(key) not in options:
        st.session_state[key] = usual
    place = (notice or st).container()
    chosen = st.selectbox(label, list(options), format_func=options.__getitem__, key=key)
    if in_address not in options and _is_unanswered(key, in_address, options, chosen):
        place.warning(not_found(label, options[chosen]))
        return chosen
    if chosen != usual or moves:
        st.query_params[key] = chosen
    elif key in st.query_params:
        del st.query_params[key]
    st.session_state.pop(f"{key} not found", None)
    st.session_state[written] = chosen
    return chosen


def not_found(label: str, instead: str) -> str:
    """What a screen says if the address names something that this person can't see."""
    return (
        f"The address of this page asks for something under “{label}” that doesn’t exist or that "
        f"you can’t see. You are looking at “{instead}” instead."
    )


def _is_unanswered(key: str, asked: str, options: Mapping[str, str], chosen: str) -> bool:
    """Whether a person has chosen nothing since the address asked for what there isn't.

    Until then the address stays as it is, so that the words on the screen stay too.
    """
    about = (asked, tuple(options))
    before = st.session_state.get(f"{key} not found")
    if before is None or before[0] != about:
        before = st.session_state[f"{key} not found"] = about, chosen
    return before == (about, chosen)
