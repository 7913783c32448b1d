// What is in sight: the place that all else stands under, and the part of the picture.
const view = { top: nodes.get(data.focus) || root, room: { w: 0, h: 0 }, x: 0, y: 0, scale: 1,
  placed: new Set(), w: 0, h: 0 };
let chosen = null;

function room() {
  view.room = { w: Math.max(figure.clientWidth - 24, 60), h: Math.max(figure.clientHeight - 24, 60) };
}
function apply() {
  scene.setAttribute("transform", `translate(${view.x} ${view.y}) scale(${view.scale})`);
}
// The whole picture, no smaller than can be read; what does not fit begins at the top left. What is
// far longer than the screen fills its breadth.
function fit() {
  const { w, h } = view.room;
  const long = h < LEAST * 0.75 * view.h;
  view.scale = Math.max(LEAST, long ? Math.min(1, w / view.w) : Math.min(MOST, w / view.w, h / view.h));
  view.x = 12 + Math.max(0, (w - view.w * view.scale) / 2);
  view.y = 12 + Math.max(0, (h - view.h * view.scale) / (view.map || w < NARROW ? 1e9 : 2));
  apply();
}
// Begin anew under a place.
function enter(node) {
  view.top = node;
  trail();
  room();
  // The legend takes room from the picture that it is of.
  for (let high = 0, n = 0; n < 3 && high !== view.room.h; n += 1) {
    high = view.room.h;
    unfold(node, view.room);
    render();
    room();
  }
  fit();
  address();
}
function focus(node) {
  if (!node) return;
  if (node.pointer && trees.has(node.key)) { focus(trees.get(node.key)); return; }
  choose(null);
  enter(node);
  if (!node.map) choose(node);
}
// Open or close a place where it stands; it stays under the hand.
function toggle(node) {
  if (!node) return;
  if (node.pointer && trees.has(node.key)) { focus(trees.get(node.key)); return; }
  if (!node.children.length) return;
  if (entered(node)) { focus(node); return; }
  if (node === view.top) return;
  const [x, y] = [view.x + node.x * view.scale, view.y + node.y * view.scale];
  node.open = !node.open;
  render();
  view.x = x - node.x * view.scale;
  view.y = y - node.y * view.scale;
  if (node.open) bring(node.children);
  apply();
}
// Move as little as needed to have boxes in sight, the first before the others.
function bring(boxes) {
  const { clientWidth: w, clientHeight: h } = figure;
  for (const node of [...boxes].reverse()) {
    const [left, top] = [view.x + node.x * view.scale, view.y + node.y * view.scale];
    const [right, low] = [left + node.w * view.scale, top + node.h * view.scale];
    if (right > w - 8) view.x -= right - w + 8;
    if (view.x + node.x * view.scale < 8) view.x = 8 - node.x * view.scale;
    if (low > h - 8) view.y -= low - h + 8;
    if (view.y + node.y * view.scale < 8) view.y = 8 - node.y * view.scale;
  }
  apply();
}
// Have a place in sight, wherever it is: what it stands under is opened, or becomes the top.
function reveal(node) {
  if (!inside(node, view.top) || tiled(view.top)) {
    let top = node;
    while (top.parent && !top.parent.map) top = top.parent;
    enter(top.children.length ? top : top.parent || top);
  }
  for (let at = node.parent; at && at !== view.top; at = at.parent) at.open = true;
  render();
  bring([node]);
}
function zoom(factor, at) {
  const before = view.scale;
  view.scale = Math.min(4, Math.max(0.2, before * factor));
  const point = at || { x: figure.clientWidth / 2, y: figure.clientHeight / 2 };
  view.x = point.x - (point.x - view.x) * view.scale / before;
  view.y = point.y - (point.y - view.y) * view.scale / before;
  later();
}
let waiting = 0;
function later() {
  if (!waiting) waiting = requestAnimationFrame(() => { waiting = 0; apply(); });
}
function reset() {
  search.value = "";
  seek();
  choose(null);
  enter(nodes.get(data.focus) || root);
}
// One step back: the list of what was found, the panel, what this stands under.
function back() {
  if (!results.hidden || search.value) { search.value = ""; seek(); svg.focus(); return; }
  if (chosen && !aside.hidden) { choose(null); return; }
  if (view.top.parent) {
    const left = view.top;
    enter(left.parent);
    choose(left, true);
    aside.hidden = true;
    main.classList.remove("told");
    return;
  }
  enter(view.top);
}
function address() {
  const start = nodes.get(data.focus) || root;
  const mine = view.top === start ? "" : `#focus=${encodeURIComponent(view.top.key)}`;
  // A page inside another one (srcdoc) has no address of its own to change.
  try { history.replaceState(null, "", mine || location.pathname + location.search); } catch { /**/ }
  return location.href.split("#")[0] + mine;
}
// Go where the address says; whether it says so.
function arrive() {
  const given = /^#focus=(.*)$/.exec(location.hash);
  let key = "";
  try { key = given ? decodeURIComponent(given[1]) : ""; } catch { /* no key that is known */ }
  const node = trees.get(key);
  if (!node || node === view.top) return false;
  enter(node);
  if (!node.map) choose(node);
  return true;
}
