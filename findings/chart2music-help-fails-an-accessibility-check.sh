#!/usr/bin/env bash
# chart2music 1.20.0 (charts as sound, for people who can't see them): the help that it opens fails an
# accessibility check.
#
# One would guess: a library whose only purpose is accessibility passes axe-core, the help for its keys
# above all, which everybody who listens needs first.
#
# Seen: on the key H it opens a dialog whose `aria-live` is the dialog's title, "Keyboard Manager", where
# only off, polite and assertive are allowed; the title was meant as its name, so the dialog has none. axe-core
# reports `aria-valid-attr-value`, a failure of WCAG level A. The chart before H passes. A page that must pass
# answers H itself (`customHotkeys` with `force: true`).
#
# Exits with 1 if that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install chart2music@1.20.0 axe-core@4.11.0 jsdom@26.1.0 --silent --no-audit --no-fund --ignore-scripts
cat > look.cjs <<'JAVASCRIPT'
const { JSDOM } = require("jsdom");
const page =
  '<!doctype html><html lang="en"><title>A chart</title><main><h1>A chart</h1><div id="c"></div></main></html>';
const { window } = new JSDOM(page, { runScripts: "outside-only", pretendToBeVisual: true });
const read = (file) => require("node:fs").readFileSync(`node_modules/${file}`, "utf8");
// jsdom draws nothing: a dialog is shown by hand, and no point has an element.
window.document.elementFromPoint = () => null;
window.document.elementsFromPoint = () => [];
window.HTMLDialogElement.prototype.showModal = function () {
  this.setAttribute("open", "");
  this.style.display = "block";
};
window.eval(read("chart2music/dist/index.js"));
window.eval(read("axe-core/axe.js"));
const about = { type: "line", title: "Falls", data: [1, 3, 2], options: { enableSound: false } };
const { err } = window.c2mChart({ ...about, element: window.document.getElementById("c") });
if (err) throw new Error(err);
const failed = async () => {
  const options = { resultTypes: ["violations"], rules: { "color-contrast": { enabled: false } } };
  return (await window.axe.run(window.document, options)).violations.map(({ id, tags }) => [id, tags]);
};
(async () => {
  const before = await failed();
  const press = new window.KeyboardEvent("keydown", { key: "h", bubbles: true });
  window.document.getElementById("c").dispatchEvent(press);
  const dialog = window.document.querySelector("dialog");
  const after = await failed();
  console.log("before H:", JSON.stringify(before));
  console.log("after H:", JSON.stringify(after), `aria-live="${dialog?.getAttribute("aria-live")}"`);
  const isA = after.some(([id, tags]) => id === "aria-valid-attr-value" && tags.includes("wcag2a"));
  const named = dialog?.hasAttribute("aria-label") || dialog?.hasAttribute("aria-labelledby");
  process.exit(before.length === 0 && isA && !named ? 0 : 1);
})();
JAVASCRIPT
node look.cjs
