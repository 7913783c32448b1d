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
  const figure = figures[at];
  const svg = figure.querySelector("svg");
  const layer = make("div", "", figure, { class: "layer" });
  layer.append(svg);
  const view = { figure, layer, svg, title: drawing.title, nodes: new Map(), links: [] };
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
  view.roots = [...view.nodes.values()].filter((node) => (node.kind === "category"
    ? !node.element.classList.contains("pointer")
    : node.back.length === 0 && node.kind !== "service"));
  for (const root of view.roots) {
    if (root.tree) continue;
    const tree = near(root, Infinity);
    for (const node of tree) node.tree = tree.size;
  }
  view.roots.sort((a, b) => b.tree - a.tree);
  // Names in a picture of their own: to set them leaves the drawing as it is.
  view.names = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  view.names.setAttribute("class", "names");
  view.names.setAttribute("aria-hidden", "true");
  layer.append(view.names);
  // To find what lies under a pointer a browser goes through a whole drawing; with thousands of
  // nodes that takes longer than a frame. Glass over it catches the pointer while a hand moves the
  // picture, and always where there are many.
  view.glass = make("div", "", figure, { class: "glass" });
  view.glass.classList.toggle("many", view.nodes.size > 1000);
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
