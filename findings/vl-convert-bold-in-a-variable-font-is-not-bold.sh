#!/usr/bin/env bash
# vl-convert-python 1.9.0 (draws Altair's charts as PNG): bold text in a variable font isn't bold.
#
# One would guess: a family registered with `register_font_directory` whose one file has a weight axis
# from 400 to 700, as most families are published now, draws `fontWeight: bold` in bold.
#
# Seen: the picture of a chart with a bold title is the same, pixel for pixel, as with a normal one. No
# warning. The same two weights cut out of that file as two static files differ, as they should. A browser
# draws both from the variable file, so a chart's heading is bold on the screen and not in its picture.
#
# Exits with 1 if that changes.
set -euo pipefail
export UV_NO_CONFIG=1 # these releases, whatever the project prefers
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
uv venv -q --python 3.11 "$folder/venv"
uv pip install -q --python "$folder/venv/bin/python" \
    vl-convert-python==1.9.0 fontpkg-arimo==1.341 fonttools==4.68.0
cat > "$folder/draw.py" <<'PYTHON'
import sys

import vl_convert

vl_convert.register_font_directory(sys.argv[1])
drawn = {
    weight: vl_convert.vegalite_to_png(
        {
            "title": {"text": "Patients feel safe", "font": "Arimo", "fontWeight": weight},
            "data": {"values": [{"x": 1}]},
            "mark": "point",
            "encoding": {"x": {"field": "x", "type": "quantitative"}},
        },
        vl_version="6.4",
    )
    for weight in ("normal", "bold")
}
print("the same" if drawn["normal"] == drawn["bold"] else "different")
PYTHON
python="$folder/venv/bin/python"
fonts=$("$python" -c 'import fontpkg_arimo; print(fontpkg_arimo.__path__[0] + "/files")')
mkdir "$folder/variable" "$folder/static"
cp "$fonts/Arimo[wght].ttf" "$folder/variable/Arimo.ttf"
for weight in 400 700; do
    "$folder/venv/bin/fonttools" varLib.instancer "$fonts/Arimo[wght].ttf" "wght=$weight" \
        --update-name-table -q -o "$folder/static/$weight.ttf"
done
variable=$("$python" "$folder/draw.py" "$folder/variable")
static=$("$python" "$folder/draw.py" "$folder/static")
echo "normal and bold, from a variable file: $variable"
echo "normal and bold, from a file for each: $static"
[ "$variable" = "the same" ] && [ "$static" = "different" ]
