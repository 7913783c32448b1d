// The part in view.
// Painting thousands of nodes takes longer than a frame. While a hand moves the picture, what is
// painted already is shifted and scaled as a bitmap; it is painted anew when the hand rests.
let waiting = false;
let resting = 0;
function show(moving) {
  if (moving) {
    clearTimeout(resting);
    resting = setTimeout(() => show(), 140);
  }
  if (waiting && moving) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    if (moving && !strayed()) shift();
    else paint();
  });
}
function paint() {
  clearTimeout(resting);
  const { x, y, w, h } = now.box;
  now.painted = { ...now.box };
  now.svg.style.transform = "";
  now.svg.setAttribute("viewBox", `${x} ${y} ${w} ${h}`);
  survey();
}
// From far off no label can be read: the trees are named instead, in letters of the same size at
// any distance. A name that has no room waits until the reader comes nearer.
function survey() {
  const { scale } = frame(now.box);
  const far = scale > 0 && 14 * scale < 4;
  now.svg.classList.toggle("far", far);
  now.names.replaceChildren();
  if (!far) return;
  const size = 12 / scale;
  const taken = [];
  const roots = [...now.nodes.values()].filter((node) => node.root && !node.hidden);
  // All places are read before anything is written: each read after a write is a layout anew.
  for (const node of roots) node.at = node.at || place(node);
  const names = document.createDocumentFragment();
  for (const node of roots) {
    const p = node.at;
    const mark = node.state && data.states[node.state] ? `${data.states[node.state][0]} ` : "";
    const name = mark + label(node);
    const wide = [...name].reduce((sum, c) => sum + (c > "\u2e7f" ? 1 : 0.58), 0.4) * size;
    const x = Math.max(p.x + p.w / 2 - wide / 2, now.box.x + size / 2);
    const middle = p.y + p.h / 2 - 0.65 * size;
    const free = [0, 1, -1, 2, -2].map((n) => middle + 1.3 * n * size).find((y) =>
      taken.every((t) => x + wide < t.x || t.x + t.wide < x || y + 1.3 * size < t.y
        || t.y + 1.3 * size < y));
    if (free === undefined) continue;
    taken.push({ x, y: free, wide });
    const text = document.createElementNS("http://www.w3.org/2000/svg", "text");
    for (const [key, value] of Object.entries({ x, y: free + size, "font-size": size })) {
      text.setAttribute(key, value);
    }
    text.textContent = name;
    names.append(text);
  }
  now.names.append(names);
}
function shift() {
  if (!now.painted) { paint(); return; }
  const [old, to] = [frame(now.painted), frame(now.box)];
  const by = to.scale / old.scale;
  const x = to.left - by * old.left + (now.painted.x - now.box.x) * to.scale;
  const y = to.top - by * old.top + (now.painted.y - now.box.y) * to.scale;
  now.svg.style.transform = `matrix(${by}, 0, 0, ${by}, ${x}, ${y})`;
}
// Whether much that was not painted has come into view; a big drawing waits for the hand to rest.
function strayed() {
  const { painted: old, box } = now;
  if (!old || now.nodes.size > 1500) return false;
  return Math.abs(box.x - old.x) > old.w / 5 || Math.abs(box.y - old.y) > old.h / 5
    || box.w > old.w * 1.3;
}
// How a box lies in the figure: pixels a unit, and the margins that its shape leaves.
function frame(box) {
  const { clientWidth, clientHeight } = now.svg.parentNode;
  const scale = Math.min(clientWidth / box.w, clientHeight / box.h);
  return { scale, left: (clientWidth - box.w * scale) / 2, top: (clientHeight - box.h * scale) / 2 };
}
function fit(box) { now.box = { ...(box || now.whole) }; show(); }
function zoom(factor, at) {
  const box = now.box;
  const point = at || { x: box.x + box.w / 2, y: box.y + box.h / 2 };
  const w = Math.min(Math.max(box.w * factor, 80), now.whole.w * 4);
  const real = w / box.w;
  now.box = { x: point.x - (point.x - box.x) * real, y: point.y - (point.y - box.y) * real,
    w, h: box.h * real };
  show(true);
}
function spot(event) {
  const rect = now.svg.parentNode.getBoundingClientRect();
  const { scale, left, top } = frame(now.box);
  return { x: now.box.x + (event.clientX - rect.left - left) / scale,
    y: now.box.y + (event.clientY - rect.top - top) / scale };
}
// Where a node is, in the coordinates of the view box; Graphviz draws in a group that is moved.
function place(node) {
  const box = node.element.getBBox();
  const moved = node.element.parentNode.transform.baseVal.consolidate();
  const m = moved ? moved.matrix : { a: 1, d: 1, e: 0, f: 0 };
  return { x: box.x * m.a + m.e, y: box.y * m.d + m.f, w: box.width * m.a, h: box.height * m.d };
}
function around(nodes) {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const node of nodes) {
    const p = place(node);
    left = Math.min(left, p.x); top = Math.min(top, p.y);
    right = Math.max(right, p.x + p.w); bottom = Math.max(bottom, p.y + p.h);
  }
  const pad = 30;
  const w = Math.max(right - left + 2 * pad, 240);
  const h = Math.max(bottom - top + 2 * pad, 120);
  return { x: (left + right - w) / 2, y: (top + bottom - h) / 2, w, h };
}
function centre(node) {
  const p = place(node);
  const w = Math.min(now.box.w, 1100);
  const h = w * now.box.h / now.box.w;
  fit({ x: p.x + p.w / 2 - w / 2, y: p.y + p.h / 2 - h / 2, w, h });
}
