"""The script Streamlit runs for every visit and every click: who, which page, show it."""

import streamlit as st

from dashboard.views import arrival, door, menu, page

st.set_page_config(page_title="Feeling safe", page_icon="◐", layout="wide")
page.furniture()
scope = door.visitor()
arrival.note(scope)
chosen = st.navigation(menu.pages(scope), position="top")
arrival.who_is_here(scope)
chosen.run()
