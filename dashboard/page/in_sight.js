// Brings what was saved last into sight, once for each save and each undo: a form that goes away, or
// a chart drawn again above, would move it out. A person who then scrolls, taps or types is left alone.
let brought;

export default function ({ data }) {
  if (brought === data) return;
  brought = data;
  const main = document.querySelector('[data-testid="stMain"]');
  // Looked up each time: where the screen has more or less above it, Streamlit makes it again.
  const show = () => main.querySelector(".st-key-last_save")?.scrollIntoView({ block: "nearest" });
  const moved = new ResizeObserver(show);
  moved.observe(main.firstElementChild);
  for (const act of ["wheel", "touchstart", "pointerdown", "keydown"]) {
    main.addEventListener(act, () => moved.disconnect(), { once: true, passive: true });
  }
  show();
}
