"""One file per screen. Never a folder named pages: Streamlit would serve it past the sign-in."""
