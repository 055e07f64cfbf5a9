"""Choices kept in the address, so that a view can be shared by its link.

The address holds codes, never words; a code that is not among the options, because it is unknown or
out of scope, is ignored.
"""

from collections.abc import Mapping

import streamlit as st


def choose(
    label: str,
    options: Mapping[str, str],
    key: str,
    default: str | None = None,
    moves: bool = False,
) -> str:
    """The code a person has chosen; `options` are codes with their words, the first the default.

    Going back in the browser restores an earlier choice. If the default `moves`, as the oldest
    month to send does, the address holds it too, so that the choice does not change by itself.
    """
    usual = default if default in options else next(iter(options))
    in_address, written = st.query_params.get(key, usual), f"{key} in the address"
    # Streamlit forgets a choice when its screen is left; the address still holds it.
    new = key not in st.session_state or in_address != st.session_state.get(written)
    if in_address in options and new:
        st.session_state[key] = in_address
    if st.session_state.get(key) not in options:
        st.session_state[key] = usual
    chosen = st.selectbox(label, list(options), format_func=options.__getitem__, key=key)
    if chosen != usual or moves:
        st.query_params[key] = chosen
    elif key in st.query_params:
        del st.query_params[key]
    st.session_state[written] = chosen
    return chosen
