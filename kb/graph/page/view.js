// The part in view. A drawing of thousands of nodes is laid out once and never again: coming nearer
// and going about only move and scale the layer that it is painted on.
// `base` is pixels a unit when the whole drawing fills its figure; the layer is that large.
function size() {
  const { x, y, w, h } = now.whole;
  const { clientWidth, clientHeight } = now.figure;
  Object.assign(now, { width: clientWidth, height: clientHeight, named: 0 });
  now.base = Math.min(clientWidth / w, clientHeight / h);
  if (!now.base) return;
  for (const [name, value] of [["width", w], ["height", h]]) {
    now.layer.style[name] = `${value * now.base}px`;
  }
  now.names.setAttribute("viewBox", `${x} ${y} ${w} ${h}`);
  rest();
}
// How a box lies in the figure: pixels a unit, and the margins that its shape leaves.
function frame(box) {
  const scale = Math.min(now.width / box.w, now.height / box.h);
  return { scale, left: (now.width - box.w * scale) / 2, top: (now.height - box.h * scale) / 2 };
}
function shift() {
  const { scale, left, top } = frame(now.box);
  const x = left + (now.whole.x - now.box.x) * scale;
  const y = top + (now.whole.y - now.box.y) * scale;
  now.layer.style.transform = `translate3d(${x}px, ${y}px, 0) scale(${scale / now.base})`;
  return scale;
}
// While a hand moves the picture, what is painted already is moved and scaled as a bitmap, which is
// what `will-change` says. It is painted sharp when the hand rests, and when the bitmap has become
// far too large or too small.
let waiting = 0;
let resting = 0;
function show() {
  now.glass.classList.add("moving");
  cancelAnimationFrame(resting);
  if (waiting) return;
  waiting = requestAnimationFrame(() => {
    waiting = 0;
    const scale = shift();
    const worn = scale < now.painted / 2 || scale > now.painted * 4;
    if (worn) now.painted = scale;
    now.layer.style.willChange = scale === now.painted ? "" : "transform";
    doze(performance.now() + 140);
  });
}
// By frames, not by a timer: a timer runs before the moves that wait for a late frame.
function doze(until) {
  resting = requestAnimationFrame((time) => { if (time < until) doze(until); else rest(); });
}
function rest() {
  cancelAnimationFrame(waiting);
  cancelAnimationFrame(resting);
  waiting = 0;
  now.glass.classList.remove("moving");
  now.layer.style.willChange = "";
  if (!now.base) return;
  now.painted = shift();
  if (now.named !== now.painted) survey(now.painted);
}
// From far off no label can be read: the trees are named instead, the largest first, in letters of
// the same size at any distance. A name that has no room waits until the reader comes nearer.
function survey(scale) {
  const far = 14 * scale < 4;
  now.named = scale;
  now.svg.classList.toggle("far", far);
  now.names.replaceChildren();
  if (!far) return;
  const size = 12 / scale;
  const line = 1.3 * size;
  // With the whole in view no name is cut: those at the edges move inward.
  const { x: left, y: top, w, h } = now.whole;
  const margin = frame(now.whole);
  const [right, bottom] = [left + w + margin.left / now.base, top + h + margin.top / now.base];
  const taken = [];
  const names = document.createDocumentFragment();
  for (const node of now.roots) {
    if (node.hidden) continue;
    const p = place(node);
    const mark = node.state && data.states[node.state] ? `${data.states[node.state][0]} ` : "";
    const name = mark + label(node);
    const wide = [...name].reduce((sum, c) => sum + (c > "\u2e7f" ? 1 : 0.58), 0.4) * size;
    const x = Math.max(Math.min(p.x + p.w / 2 - wide / 2, right - wide - size / 2),
      left - margin.left / now.base + size / 2);
    const middle = p.y + p.h / 2 - line / 2;
    const free = [0, 1, -1, 2, -2].map((n) => middle + n * line).find((y) =>
      y >= top - margin.top / now.base && y + line <= bottom && taken.every((t) =>
        x + wide < t.x || t.x + t.wide < x || y + line < t.y || t.y + line < y));
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
function fit(box) { now.box = { ...(box || now.whole) }; rest(); }
function zoom(factor, at) {
  const box = now.box;
  const point = at || { x: box.x + box.w / 2, y: box.y + box.h / 2 };
  const w = Math.min(Math.max(box.w * factor, 80), now.whole.w * 4);
  const real = w / box.w;
  now.box = { x: point.x - (point.x - box.x) * real, y: point.y - (point.y - box.y) * real,
    w, h: box.h * real };
  show();
}
function spot(event) {
  const rect = now.figure.getBoundingClientRect();
  const { scale, left, top } = frame(now.box);
  return { x: now.box.x + (event.clientX - rect.left - left) / scale,
    y: now.box.y + (event.clientY - rect.top - top) / scale };
}
// Where a node is, in the coordinates of the view box; Graphviz draws in a group that is moved.
function place(node) {
  if (!node.at) {
    const box = node.element.getBBox();
    const moved = node.element.parentNode.transform.baseVal.consolidate();
    const m = moved ? moved.matrix : { a: 1, d: 1, e: 0, f: 0 };
    node.at = { x: box.x * m.a + m.e, y: box.y * m.d + m.f, w: box.width * m.a, h: box.height * m.d };
  }
  return node.at;
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

for (const figure of figures) new ResizeObserver(size).observe(figure);
// On paper stands what is in view, in the shape of the paper.
function framed(box) {
  now.svg.setAttribute("viewBox", `${box.x} ${box.y} ${box.w} ${box.h}`);
}
window.addEventListener("beforeprint", () => framed(now.box));
window.addEventListener("afterprint", () => framed(now.whole));
