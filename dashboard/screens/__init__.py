"""One file or folder for each entry of the menu.

Never name a folder `pages`: Streamlit would serve it without a sign-in.
"""
