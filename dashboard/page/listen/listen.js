// Lets a chart be explored by ear and keyboard: Chart2Music plays its notes, and writes what is said
// into a live region, which screen readers speak and braille displays show.
export default async function ({ data, parentElement }) {
  const chart = parentElement.querySelector(".fs-listen-chart");
  const words = parentElement.querySelector(".fs-listen-words");
  const { c2mChart } = await import(new URL(data.script, document.baseURI).href);
  const say = (text) => {
    words.lastElementChild.textContent = text;
  };
  const groups = {};
  for (const [name, { notes }] of Object.entries(data.parts)) {
    groups[name] = notes.map(({ x, y, reads, label }) => ({ x, y, label, custom: { reads } }));
  }
  const ours = {
    description: () => `Listen: ${data.title}`,
    "summ-chart-group-title": () => `${data.title}.`,
    "summ-chart-title": () => `${data.title}.`,
    "chart-line-labeled": ({ label }) => data.parts[label].about,
    "axis-desc": () => "",
    instructionArrows: () => data.keys,
    instructionHotkeys: () => "",
  };
  const { err, data: heard } = c2mChart({
    type: Object.keys(groups).map(() => "line"),
    title: data.title,
    lang: "en",
    data: groups,
    element: chart,
    cc: words,
    axes: {
      x: { label: "Month", format: (x) => data.months[x] },
      y: { label: data.title, format: () => heard?.getCurrent().point?.custom.reads ?? "" },
    },
    options: {
      // Its own help opens a dialog that fails accessibility checks and links to its website.
      customHotkeys: [{ key: { key: "h" }, force: true, title: "Keys", callback: () => say(data.keys) }],
      translationCallback: ({ id, evaluators }) => ours[id]?.(evaluators) ?? false,
    },
  });
  if (err) words.textContent = err;
  return () => heard?.cleanUp();
}
