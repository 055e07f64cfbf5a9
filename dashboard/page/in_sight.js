// Brings the container that it stands in into sight, once for each moment: a form that goes away, or
// a chart drawn again above, would move it out. A person who then scrolls, taps or types is left alone.
const brought = new Map();
let moved;

export default function ({ data, parentElement }) {
  const place = parentElement.closest('[class*="st-key-in_sight_"]');
  const name = place && [...place.classList].find((each) => each.startsWith("st-key-in_sight_"));
  if (!name || brought.get(name) === data) return;
  brought.set(name, data);
  moved?.disconnect();
  const main = document.querySelector('[data-testid="stMain"]');
  // Looked up each time: where the screen has more or less above it, Streamlit makes it again.
  const show = () => main.querySelector(`.${name}`)?.scrollIntoView({ block: "nearest" });
  const watch = (moved = new ResizeObserver(show));
  watch.observe(main.firstElementChild);
  for (const act of ["wheel", "touchstart", "pointerdown", "keydown"]) {
    main.addEventListener(act, () => watch.disconnect(), { once: true, passive: true });
  }
  show();
}
