// Keys.
function step(key) {
  const shown = (links, end) => links.map((l) => l[end]).filter((n) => !n.hidden);
  if (!chosen || chosen.view !== now || chosen.hidden) {
    return [...now.nodes.values()].find((n) => !n.hidden);
  }
  if (key === "ArrowRight") return shown(chosen.next, "head")[0];
  if (key === "ArrowLeft") return shown(chosen.back, "tail")[0];
  const from = place(chosen);
  const sign = key === "ArrowDown" ? 1 : -1;
  let best = null;
  let least = Infinity;
  for (const node of now.nodes.values()) {
    if (node === chosen || node.hidden) continue;
    const p = place(node);
    const down = (p.y + p.h / 2 - from.y - from.h / 2) * sign;
    const aside = Math.abs(p.x + p.w / 2 - from.x - from.w / 2);
    if (down > 1 && down + 3 * aside < least) { least = down + 3 * aside; best = node; }
  }
  return best;
}
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = event.target.matches("input, button");
  if (typing && event.key !== "/" && event.key !== "Escape") return;
  if (event.target.matches("input") && event.key === "/") return;
  const acts = {
    "/": () => { search.focus(); search.select(); },
    Escape: reset, 0: reset,
    Enter: () => focus(chosen), f: () => focus(chosen),
    c: () => fold(chosen), l: copy, p: () => window.print(), t: theme,
    "+": () => zoom(0.8), "=": () => zoom(0.8), "-": () => zoom(1.25),
  };
  const act = acts[event.key];
  if (act) act();
  else if (event.key.startsWith("Arrow")) {
    const node = step(event.key);
    if (node) choose(node, true);
  } else return;
  event.preventDefault();
});

// Pointers: drag, wheel, pinch, tap, hover.
const held = new Map();
let dragged = false;
// The node that an event is about; where the glass caught it, the one whose box lies under it.
function nodeOf(event) {
  const group = event.target.closest(".node");
  if (group) return now.nodes.get(group.id) || null;
  const { x, y } = spot(event);
  for (const node of now.nodes.values()) {
    const p = place(node);
    if (!node.hidden && x >= p.x && x <= p.x + p.w && y >= p.y && y <= p.y + p.h) return node;
  }
  return null;
}
for (const figure of figures) {
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
      if (before && after) zoom(before / after, spot(event));
    } else {
      const { scale } = frame(now.box);
      now.box.x -= dx / scale;
      now.box.y -= dy / scale;
      show();
    }
    held.set(event.pointerId, { x: event.clientX, y: event.clientY });
  });
  for (const end of ["pointerup", "pointercancel"]) {
    figure.addEventListener(end, (event) => held.delete(event.pointerId));
  }
  figure.addEventListener("pointerleave", () => { tip.hidden = true; });
  figure.addEventListener("click", (event) => { if (!dragged) choose(nodeOf(event)); });
  figure.addEventListener("dblclick", (event) => focus(nodeOf(event)));
  figure.addEventListener("wheel", (event) => {
    event.preventDefault();
    zoom(Math.exp(Math.max(-60, Math.min(60, event.deltaY)) * 0.004), spot(event));
  }, { passive: false });
}

window.addEventListener("hashchange", arrive);
redraw();
size();
arrive();
