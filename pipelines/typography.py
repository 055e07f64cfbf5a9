"""The typeface, sizes and gaps of every screen, chart and file: the only place that names them."""

from base64 import b64encode
from functools import cache
from importlib.resources import files
from pathlib import Path

FOLDER = Path(str(files("data") / "fonts"))
WEB = FOLDER / "Arimo.woff2"  # both weights, the letters of Latin scripts
FONT = "Arimo, Arial, Helvetica, sans-serif"
OFFICE = "Arial"  # as wide as Arimo: a Word, PowerPoint or Excel file can't bring a font along

# In pixels: marks on charts, words beside something, text, an answer, a heading, a title.
SIZES = {"mark": 12, "small": 14, "text": 16, "answer": 20, "heading": 24, "title": 32}
GAPS = (4, 8, 12, 16, 24, 32, 64)  # in pixels
POINTS = {name: size * 0.75 for name, size in SIZES.items()}  # on paper: 96 pixels are an inch


def variables() -> str:
    """The sizes and gaps as CSS: --fs-text, --fs-gap-8, and so on."""
    sizes = "".join(f"--fs-{name}: {size / 16:g}rem; " for name, size in SIZES.items())
    gaps = "".join(f"--fs-gap-{gap}: {gap}px; " for gap in GAPS)
    return f":root {{ {sizes}{gaps}--fs-font: {FONT}; }}"


@cache
def font_face() -> str:
    """The typeface as CSS with the font inside it, for a file that must bring its own."""
    font = b64encode(WEB.read_bytes()).decode("ascii")
    return (
        "@font-face { font-family: Arimo; font-weight: 400 700; "
        f'src: url(data:font/woff2;base64,{font}) format("woff2"); }}'
    )


@cache
def use_in_pictures() -> None:
    """Let pictures of charts be drawn in our typeface, whatever fonts the machine has."""
    import vl_convert  # the checks and the archive do without it

    vl_convert.register_font_directory(str(FOLDER))
