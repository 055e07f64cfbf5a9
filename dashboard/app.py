"""The script Streamlit runs on every visit and click: who is here, which page, show it."""

import streamlit as st

from dashboard.page import session, sign_in_log
from dashboard.screens import menu

st.set_page_config(page_title="Feeling safe", page_icon="◐", layout="wide")
scope = session.visitor()
sign_in_log.log_visit(scope)
chosen = st.navigation(menu.pages(scope), position="top")
sign_in_log.who_is_here(scope)
chosen.run()
