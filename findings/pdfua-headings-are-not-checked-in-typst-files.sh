#!/usr/bin/env bash
# pdfua 0.1.3: in a PDF that typst wrote, the order of headings is not checked, and the verdict doesn't say so.
#
# One would guess: a checker whose rule UA-14-001 is "heading levels don't skip" reports a document whose
# first heading is of level 1 and whose next is of level 3, as typst itself does under `ua-1` ("skipped
# from heading level 1 to 3").
#
# Seen: the rule asks a list of children whether it is a whole number, the reader it uses (pikepdf 9.11,
# 10.0, 10.10 and 10.18 alike) answers with an error, and the rule is left out for the whole file. Typst
# writes such a list for every heading. What remains is two warnings about metadata, and no finding about
# headings; the only trace is a line "[skip ]", which neither the result nor the exit code counts.
#
# Exits with 1 if that changes.
set -euo pipefail
export UV_NO_CONFIG=1 # these releases, whatever the project prefers
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
uv venv -q --python 3.11 "$folder/venv"
uv pip install -q --python "$folder/venv/bin/python" pdfua==0.1.3 pikepdf==10.18.0 typst==0.15.0
cd "$folder"
cat > sheet.typ <<'TYPST'
#set document(title: "A ward's sheet")
#set text(lang: "en")
= A ward
What this sheet is about.
=== What changed
Nothing yet.
TYPST
venv/bin/python - <<'PYTHON'
import pathlib

import typst

pathlib.Path("sheet.pdf").write_bytes(typst.compile("sheet.typ"))
try:
    typst.compile("sheet.typ", pdf_standards="ua-1")
except typst.TypstError as refused:
    print("typst:", refused)
    assert "skipped from heading level 1 to 3" in str(refused)
else:
    raise SystemExit("typst no longer refuses the jump")
PYTHON
venv/bin/pdfua check sheet.pdf | tee said.txt || true
if ! grep -q '\[skip \] UA-14-001' said.txt || grep -qE '\[(WARN|ERROR) *\] UA-14-001' said.txt; then
    echo "It has changed: headings are checked." >&2
    exit 1
fi
