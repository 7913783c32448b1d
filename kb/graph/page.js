"use strict";
// Everything that is shown goes through textContent: names are text here, never markup.
const data = JSON.parse(document.getElementById("data").textContent);
const words = data.words;
const main = document.querySelector("main");
const header = document.querySelector("header");
const aside = document.querySelector("aside");
const tip = document.getElementById("tip");
const figures = [...document.querySelectorAll(".figure")];

function make(tag, text, parent, attributes) {
  const element = document.createElement(tag);
  if (text) element.textContent = text;
  for (const [name, value] of Object.entries(attributes || {})) element.setAttribute(name, value);
  if (parent) parent.append(element);
  return element;
}

// One entry a drawing: its nodes by id, its links, and the part of it that is in view.
const views = data.drawings.map((drawing, at) => {
  const svg = figures[at].querySelector("svg");
  const view = { svg, title: drawing.title, nodes: new Map(), links: [], box: null };
  for (const node of drawing.nodes) {
    const element = svg.getElementById(node.id);
    if (!element) continue;
    const entry = Object.assign(node, { element, next: [], back: [], open: true, view });
    entry.text = [node.zh, node.en, node.key].join("\n").toLowerCase();
    element.setAttribute("role", "button");
    element.setAttribute("aria-label", `${data.kinds[node.kind] || node.kind} ${label(node)}`);
    view.nodes.set(node.id, entry);
  }
  for (const [id, tail, head, kind, sources] of drawing.links) {
    const link = { element: svg.getElementById(id), kind, sources,
      tail: view.nodes.get(tail), head: view.nodes.get(head) };
    if (!link.tail || !link.head) continue;
    link.tail.next.push(link);
    link.head.back.push(link);
    view.links.push(link);
  }
  // What names a tree: its category, or the text that it belongs to.
  for (const node of view.nodes.values()) {
    node.root = node.kind === "category" ? !node.element.classList.contains("pointer")
      : node.back.length === 0 && node.kind !== "service";
  }
  view.names = document.createElementNS("http://www.w3.org/2000/svg", "g");
  view.names.setAttribute("class", "names");
  view.names.setAttribute("aria-hidden", "true");
  svg.append(view.names);
  const [x, y, w, h] = svg.getAttribute("viewBox").split(/[\s,]+/).map(Number);
  view.whole = { x, y, w, h };
  view.box = { ...view.whole };
  svg.setAttribute("tabindex", "0");
  svg.setAttribute("role", "group");
  svg.setAttribute("aria-label", `${words.graph}: ${drawing.title}`);
  return view;
});
let now = views[0];
let chosen = null;
let focused = null;

function label(node) { return data.lang === "zh" ? node.zh : node.en; }

// ---- the part in view
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

// ---- what is hidden
function redraw() {
  for (const view of views) {
    const gone = new Set();
    for (const node of view.nodes.values()) {
      if (!node.open) branch(node).forEach((other) => gone.add(other));
    }
    const kept = focused && focused.view === view ? near(focused, Number(steps.value)) : null;
    for (const node of view.nodes.values()) {
      node.hidden = gone.has(node) || (kept !== null && !kept.has(node));
      node.element.classList.toggle("gone", gone.has(node));
      node.element.classList.toggle("off", kept !== null && !kept.has(node));
      badge(node);
    }
    for (const link of view.links) {
      if (link.element) link.element.classList.toggle("gone", link.tail.hidden || link.head.hidden);
    }
    view.svg.querySelectorAll(".legend").forEach((e) => e.classList.toggle("off", kept !== null));
    const title = view.svg.getElementById("title");
    if (title) title.classList.toggle("off", kept !== null);
  }
}
// What only this node leads to: it goes when the branch is folded.
function branch(node) {
  const found = new Set();
  const todo = [node];
  while (todo.length) {
    for (const link of todo.pop().next) {
      const other = link.head;
      if (other === node || found.has(other)) continue;
      if (other.back.some((l) => l.tail !== node && !found.has(l.tail))) continue;
      found.add(other);
      todo.push(other);
    }
  }
  return found;
}
function near(node, most) {
  const found = new Set([node]);
  let edge = [node];
  for (let step = 0; step < most && edge.length; step += 1) {
    const after = [];
    for (const each of edge) {
      for (const other of [...each.next.map((l) => l.head), ...each.back.map((l) => l.tail)]) {
        if (!found.has(other)) { found.add(other); after.push(other); }
      }
    }
    edge = after;
  }
  return found;
}
function badge(node) {
  const old = node.element.querySelector(".badge");
  if (old) old.remove();
  if (node.open) return;
  const box = node.element.getBBox();
  const text = document.createElementNS("http://www.w3.org/2000/svg", "text");
  text.setAttribute("class", "badge");
  text.setAttribute("x", box.x + box.width + 4);
  text.setAttribute("y", box.y + box.height / 2 + 4);
  text.textContent = `+${branch(node).size}`;
  node.element.append(text);
}

// ---- choosing
function choose(node, move) {
  if (chosen) chosen.element.classList.remove("chosen");
  chosen = node;
  aside.hidden = !node;
  main.classList.toggle("told", Boolean(node));
  if (!node) return;
  if (node.view !== now) turn(views.indexOf(node.view));
  node.element.classList.add("chosen");
  now.svg.setAttribute("aria-activedescendant", node.id);
  if (move) centre(node);
  tell(node);
}
function tell(node) {
  aside.replaceChildren();
  make("h2", label(node), aside);
  const other = data.lang === "zh" ? node.en : node.zh;
  if (other !== label(node)) make("div", other, aside);
  make("small", data.kinds[node.kind] || node.kind, aside);
  const close = make("button", "×", aside, { class: "close", "aria-label": words.close });
  close.addEventListener("click", () => choose(null));
  if (node.state) {
    const [mark, name] = data.states[node.state] || ["", node.state];
    part(words.state, [`${mark} ${name}`]);
  }
  part(words.stated, node.sources.length ? node.sources : [words.profile]);
  for (const [name, value] of node.facts) part(name, [value]);
  linked(words.from, node.back.map((l) => [l, l.tail]));
  linked(words.to, node.next.map((l) => [l, l.head]));
  const same = views.flatMap((v) => [...v.nodes.values()])
    .filter((n) => n.key === node.key && n !== node);
  if (same.length) linked(words.others, same.slice(0, 40).map((n) => [n.back[0] || n.next[0], n]));
}
function part(name, lines) {
  make("h3", name, aside);
  const list = make("ul", "", aside);
  for (const line of lines) make("li", line, list);
}
function linked(name, pairs) {
  if (!pairs.length) return;
  make("h3", name, aside);
  const list = make("ul", "", aside);
  for (const [link, node] of pairs) {
    const button = make("button", "", make("li", "", list));
    make("span", label(node), button);
    if (link) make("small", ` ${data.kinds[link.kind] || link.kind} ${link.sources || ""}`, button);
    button.addEventListener("click", () => choose(node, true));
  }
}
function focus(node) {
  if (!node) return;
  focused = node;
  redraw();
  choose(node);
  fit(around([...node.view.nodes.values()].filter((n) => !n.hidden)));
  address();
}
function fold(node) {
  if (!node || !branch(node).size) return;
  node.open = !node.open;
  redraw();
}
function reset() {
  focused = null;
  for (const view of views) {
    for (const node of view.nodes.values()) {
      node.open = true;
      node.element.classList.remove("hit");
    }
  }
  search.value = "";
  results.hidden = true;
  says.textContent = "";
  choose(null);
  redraw();
  fit();
  address();
}
function turn(at) {
  now = views[at];
  figures.forEach((figure, n) => { figure.hidden = n !== at; });
  tabs.forEach((tab, n) => tab.setAttribute("aria-pressed", String(n === at)));
  tip.hidden = true;
  show();
}

// ---- the address
function address() {
  const parts = focused ? [`focus=${encodeURIComponent(focused.key)}`, `steps=${steps.value}`] : [];
  const mine = parts.length ? `#${parts.join("&")}` : location.pathname + location.search;
  // A page inside another one (srcdoc) has no address of its own to change.
  try { history.replaceState(null, "", mine); } catch { /* the link is still shown */ }
  return parts.length ? `${location.href.split("#")[0]}#${parts.join("&")}` : location.href;
}
function arrive() {
  const given = new Map(location.hash.slice(1).split("&").map((p) => p.split("=", 2)));
  if (!given.has("focus")) return;
  let key = "";
  try { key = decodeURIComponent(given.get("focus")); } catch { return; }
  const most = Number(given.get("steps"));
  if (Number.isInteger(most) && most > 0 && most < 100) steps.value = String(most);
  for (const view of views) {
    const own = [...view.nodes.values()].filter((n) => n.key === key);
    const node = own.find((n) => !n.element.classList.contains("pointer")) || own[0];
    if (node) { focus(node); return; }
  }
}
async function copy() {
  if (chosen && !focused) focus(chosen);
  const link = address();
  try {
    await navigator.clipboard.writeText(link);
    says.textContent = words.copied;
  } catch {
    // Without leave to write the clipboard the link is there to be taken by hand.
    search.value = link;
    search.select();
  }
}

// ---- the bar
const search = make("input", "", header,
  { type: "search", placeholder: words.search, "aria-label": words.search, id: "search" });
const results = make("div", "", header, { id: "results", hidden: "" });
function tool(name, act) {
  const button = make("button", words[name], header, { id: name });
  button.addEventListener("click", act);
  return button;
}
const tabs = views.length > 1 ? views.map((view, at) => {
  const tab = make("button", view.title.split(" · ")[0], header,
    { class: "tab", "aria-pressed": String(at === 0) });
  tab.addEventListener("click", () => { choose(null); turn(at); fit(); });
  return tab;
}) : [];
tool("focus", () => focus(chosen || found[0]));
const steps = make("input", "", header,
  { type: "number", min: "1", max: "99", value: "3", "aria-label": words.steps, id: "steps" });
steps.addEventListener("change", () => { if (focused) focus(focused); });
tool("collapse", () => fold(chosen));
tool("reset", reset);
tool("fit", () => fit(focused
  ? around([...now.nodes.values()].filter((n) => !n.hidden)) : null));
tool("copy", copy);
tool("print", () => window.print());
tool("theme", theme);
const says = make("span", "", header, { id: "says", role: "status" });
make("div", words.keys, header, { id: "keys" });
function theme() {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const root = document.documentElement;
  const was = root.dataset.theme || (dark ? "dark" : "light");
  root.dataset.theme = was === "dark" ? "light" : "dark";
}

// ---- search
let found = [];
function seek() {
  const wanted = search.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
  found = [];
  for (const view of [now, ...views.filter((v) => v !== now)]) {
    for (const node of view.nodes.values()) {
      const hit = wanted.length > 0 && wanted.every((word) => node.text.includes(word));
      node.element.classList.toggle("hit", hit);
      if (hit) found.push(node);
    }
  }
  // Names that begin with the words come first; categories before what they ask for.
  const rank = (n) => (label(n).toLowerCase().startsWith(wanted[0]) ? 0 : 2)
    + (n.kind === "category" && !n.element.classList.contains("pointer") ? 0 : 1);
  found.sort((a, b) => rank(a) - rank(b));
  results.replaceChildren();
  for (const node of found.slice(0, 60)) {
    const button = make("button", "", results);
    make("span", `${label(node)} `, button);
    make("small", `${data.kinds[node.kind] || node.kind} ${node.sources[0] || ""}`, button);
    button.addEventListener("click", () => { results.hidden = true; go(node); });
  }
  results.hidden = !found.length;
  says.textContent = !wanted.length ? ""
    : found.length ? `${found.length} ${words.found}` : words.nothing;
}
function go(node) {
  if (node.hidden) { focused = null; node.view.nodes.forEach((n) => { n.open = true; }); redraw(); }
  choose(node, true);
  now.svg.focus({ preventScroll: true });
}
search.addEventListener("input", seek);
search.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && found.length) { results.hidden = true; go(found[0]); }
  if (event.key === "ArrowDown" && found.length) { results.firstChild.focus(); event.preventDefault(); }
  if (event.key === "Escape") { results.hidden = true; now.svg.focus({ preventScroll: true }); }
  event.stopPropagation();
});
results.addEventListener("keydown", (event) => {
  const at = document.activeElement;
  const next = { ArrowDown: at.nextSibling, ArrowUp: at.previousSibling || search }[event.key];
  if (next) { next.focus(); event.preventDefault(); }
  if (event.key === "Escape") { results.hidden = true; search.focus(); }
  event.stopPropagation();
});

// ---- keys
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

// ---- pointer: drag, wheel, pinch, tap, hover
const held = new Map();
let dragged = false;
function nodeOf(target) {
  const group = target.closest && target.closest(".node");
  return group ? now.nodes.get(group.id) || null : null;
}
for (const view of views) {
  const svg = view.svg;
  svg.addEventListener("pointerdown", (event) => {
    held.set(event.pointerId, { x: event.clientX, y: event.clientY });
    dragged = false;
    results.hidden = true;
  });
  svg.addEventListener("pointermove", (event) => {
    const last = held.get(event.pointerId);
    if (!last) { hover(event); return; }
    const [dx, dy] = [event.clientX - last.x, event.clientY - last.y];
    if (!dragged && Math.hypot(dx, dy) < 4) return;
    if (!dragged) svg.setPointerCapture(event.pointerId);
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
      show(true);
    }
    held.set(event.pointerId, { x: event.clientX, y: event.clientY });
  });
  for (const end of ["pointerup", "pointercancel"]) {
    svg.addEventListener(end, (event) => held.delete(event.pointerId));
  }
  svg.addEventListener("pointerleave", () => { tip.hidden = true; });
  svg.addEventListener("click", (event) => { if (!dragged) choose(nodeOf(event.target)); });
  svg.addEventListener("dblclick", (event) => focus(nodeOf(event.target)));
  svg.addEventListener("wheel", (event) => {
    event.preventDefault();
    zoom(Math.exp(Math.max(-60, Math.min(60, event.deltaY)) * 0.004), spot(event));
  }, { passive: false });
}
function hover(event) {
  const node = nodeOf(event.target);
  tip.hidden = !node || event.pointerType === "touch";
  if (tip.hidden) return;
  const other = data.lang === "zh" ? node.en : node.zh;
  tip.textContent = [label(node), other === label(node) ? "" : other,
    ...node.facts.filter(([, value]) => value.length < 120).map(([name, value]) => `${name}: ${value}`),
    ...node.sources.slice(0, 6)].filter(Boolean).join("\n");
  const box = main.getBoundingClientRect();
  const [x, y] = [event.clientX - box.left + 14, event.clientY - box.top + 14];
  tip.style.left = `${Math.min(x, box.width - tip.offsetWidth - 4)}px`;
  tip.style.top = `${y + tip.offsetHeight > box.height ? y - tip.offsetHeight - 24 : y}px`;
}

window.addEventListener("hashchange", arrive);
window.addEventListener("resize", () => show());
redraw();
show();
arrive();
