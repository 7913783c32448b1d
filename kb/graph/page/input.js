// Keys, as in any tree: right opens and goes in, left closes and goes out.
function step(key) {
  if (!chosen || !view.placed.has(chosen)) return view.top;
  const column = [...view.placed];
  if (view.map && chosen !== view.top) return neighbour(chosen, key, column);
  if (key === "ArrowRight") {
    if (!chosen.open && chosen !== view.top) toggle(chosen);
    return chosen.children.find((child) => view.placed.has(child)) || chosen;
  }
  if (key === "ArrowLeft") {
    if (chosen.open && chosen.children.length && chosen !== view.top) { toggle(chosen); return chosen; }
    return view.placed.has(chosen.parent) ? chosen.parent : chosen;
  }
  return neighbour(chosen, key, column);
}
function neighbour(from, key, column) {
  const [dx, dy] = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[key];
  let [best, least] = [from, Infinity];
  for (const node of column) {
    const [x, y] = [node.x - from.x, node.y + node.h / 2 - from.y - from.h / 2];
    const along = x * dx + y * dy;
    const off = Math.abs(x * dy) + Math.abs(y * dx);
    if (along > 1 && along + 3 * off < least) { least = along + 3 * off; best = node; }
  }
  return best;
}
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const button = event.target.matches("button, summary");
  if (event.target.matches("input")) return;
  if (button && [" ", "Enter"].includes(event.key)) return;
  const acts = {
    "/": () => { search.focus(); search.select(); },
    Escape: back, 0: reset, f: () => focus(chosen),
    Enter: () => focus(chosen), " ": () => toggle(chosen), c: () => toggle(chosen),
    t: theme, "+": () => zoom(1.25), "=": () => zoom(1.25), "-": () => zoom(0.8),
    ...(framed ? {} : { l: copy, p: () => window.print() }),
  };
  const act = acts[event.key];
  if (act) act();
  else if (event.key.startsWith("Arrow")) { choose(step(event.key), true); svg.focus(); }
  else return;
  event.preventDefault();
});

// Pointers: drag, wheel, pinch, tap, hover.
const held = new Map();
let dragged = false;
function nodeOf(event) {
  const group = event.target.closest?.(".node");
  return (group && nodes.get(group.id)) || null;
}
function pointOf(event) {
  const box = figure.getBoundingClientRect();
  return { x: event.clientX - box.left, y: event.clientY - box.top };
}
figure.addEventListener("pointerdown", (event) => {
  held.set(event.pointerId, { x: event.clientX, y: event.clientY });
  dragged = false;
  results.hidden = true;
});
figure.addEventListener("pointermove", (event) => {
  const last = held.get(event.pointerId);
  if (!last) { hover(event); return; }
  const [dx, dy] = [event.clientX - last.x, event.clientY - last.y];
  if (!dragged && Math.hypot(dx, dy) < 4) return;
  if (!dragged) figure.setPointerCapture(event.pointerId);
  dragged = true;
  tip.hidden = true;
  if (held.size === 2) {
    const [other] = [...held].filter(([id]) => id !== event.pointerId).map(([, p]) => p);
    const before = Math.hypot(last.x - other.x, last.y - other.y);
    const after = Math.hypot(event.clientX - other.x, event.clientY - other.y);
    if (before && after) zoom(after / before, pointOf(event));
  } else {
    view.x += dx;
    view.y += dy;
    later();
  }
  held.set(event.pointerId, { x: event.clientX, y: event.clientY });
});
for (const end of ["pointerup", "pointercancel"]) {
  figure.addEventListener(end, (event) => held.delete(event.pointerId));
}
figure.addEventListener("pointerleave", () => { tip.hidden = true; });
figure.addEventListener("click", (event) => {
  if (dragged) return;
  const node = nodeOf(event);
  svg.focus({ preventScroll: true });
  if (node && (entered(node) || event.target.closest(".more"))) toggle(node);
  else choose(node);
});
figure.addEventListener("dblclick", (event) => focus(nodeOf(event)));
figure.addEventListener("wheel", (event) => {
  event.preventDefault();
  if (event.ctrlKey || Math.abs(event.deltaY) >= Math.abs(event.deltaX)) {
    zoom(Math.exp(-Math.max(-60, Math.min(60, event.deltaY)) * 0.004), pointOf(event));
  } else {
    view.x -= event.deltaX;
    later();
  }
}, { passive: false });

// A window of another shape is another picture; letters of the page's own font have other widths.
let shape = "";
new ResizeObserver(() => {
  const now = `${innerWidth}x${innerHeight}`;
  if (now === shape || !figure.clientWidth) return;
  shape = now;
  enter(view.top);
}).observe(figure);
window.addEventListener("hashchange", arrive);
if (!arrive()) enter(view.top);
document.fonts.load(`${FONT}px kb`).then((loaded) => {
  if (!loaded.length) return;
  forget();
  const kept = chosen;
  enter(view.top);
  if (kept) choose(kept);
}, () => {});
