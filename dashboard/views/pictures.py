"""Inline SVG as images: Streamlit strips SVG from HTML, and shows images with their alternative."""

import re
from functools import lru_cache
from html import escape, unescape
from urllib.parse import quote

_SVG = re.compile(r"<svg\b([^>]*)>(.*?)</svg>", re.DOTALL)
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
_XMLNS = ' xmlns="http://www.w3.org/2000/svg"'


def as_images(markup: str) -> str:
    """The same markup with every `svg` as an `img`: its label is the alternative, or none."""
    return _SVG.sub(lambda found: _image(found[1], found[2]), markup)


@lru_cache(maxsize=4096)  # a screen shows the same few icons many times, and again at every rerun
def _image(attributes: str, drawn: str) -> str:
    about = dict(_ATTRIBUTE.findall(attributes))
    svg = f"<svg{attributes}{'' if 'xmlns' in about else _XMLNS}>{drawn}</svg>"
    sizes = "".join(f' {name}="{about[name]}"' for name in ("width", "height") if name in about)
    label = escape(unescape(about.get("aria-label", "")))
    return (
        f'<img class="{about.get("class", "")}" alt="{label}"{sizes} '
        f'src="data:image/svg+xml,{quote(svg, safe="=:/;,() ")}">'
    )
