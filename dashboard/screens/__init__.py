"""One file or folder for each entry of the menu.

Never a folder named pages: Streamlit would serve it past the sign-in.
"""
