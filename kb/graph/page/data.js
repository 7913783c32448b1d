"use strict";
// Everything that is shown goes through textContent: names are text here, never markup.
const data = JSON.parse(document.getElementById("data").textContent);
const words = data.words;
const main = document.querySelector("main");
const header = document.querySelector("header");
const footer = document.querySelector("footer");
const aside = document.querySelector("aside");
const tip = document.getElementById("tip");
const figure = document.getElementById("figure");
const zh = data.lang === "zh";
// A page in a frame (a notebook) has no address to copy and may not print.
const framed = window.parent !== window;
const SVG = "http://www.w3.org/2000/svg";

function make(tag, text, parent, attributes) {
  const element = document.createElement(tag);
  if (text) element.textContent = text;
  for (const [name, value] of Object.entries(attributes || {})) element.setAttribute(name, value);
  if (parent) parent.append(element);
  return element;
}
function drawn(tag, parent, attributes, text) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes || {})) element.setAttribute(name, value);
  if (text) element.textContent = text;
  if (parent) parent.append(element);
  return element;
}

// Places by id: what is drawn there, what stands under it, the links that begin and end there.
const nodes = new Map();
for (const raw of data.nodes) {
  const [kind, key, nameZh, nameEn, other, sounds] = raw.thing === undefined
    ? ["group", raw.id, raw.zh || "", raw.en || "", "", ""] : data.things[raw.thing];
  nodes.set(raw.id, {
    id: raw.id, kind, key, zh: nameZh, en: nameEn, words: other, sounds, label: raw.label || "",
    tag: raw.tag || "", state: raw.state || "", facts: raw.facts || [], late: raw.late || 0,
    sources: raw.sources ? raw.sources.split("; ") : [], past: raw.past, pointer: raw.pointer,
    perhaps: raw.perhaps, picked: raw.picked, map: Boolean(raw.map), parent: nodes.get(raw.up) || null,
    link: raw.link || "", broad: raw.broad, children: [], next: [], back: [], open: false, count: 0,
  });
}
const links = new Map();
for (const [id, tail, head, kind, sources, state, marks] of data.links) {
  const link = { id, tail: nodes.get(tail), head: nodes.get(head), kind, sources, state,
    past: Boolean(marks & 1), perhaps: Boolean(marks & 2), turned: Boolean(marks & 4),
    name: data.lines[kind][0], family: data.lines[kind][1] };
  // A place that is told elsewhere has none of its own.
  if (!link.tail || !link.head) continue;
  links.set(id, link);
  const [from, to] = link.turned ? [link.head, link.tail] : [link.tail, link.head];
  from.next.push([link, to]);
  to.back.push([link, from]);
}
for (const node of nodes.values()) {
  if (node.parent) node.parent.children.push(node);
  node.shape = (data.kinds[node.kind] || [node.kind, "box"])[1];
}
for (const node of [...nodes.values()].reverse()) {
  node.count = node.children.reduce((sum, child) => sum + 1 + child.count, 0);
}
const root = nodes.values().next().value;
// Where a category is a tree of its own, its pointers lead there.
const trees = new Map();
for (const node of nodes.values()) {
  if (!node.pointer && !trees.has(node.key)) trees.set(node.key, node);
}

function label(node) { return zh ? node.zh : node.en; }
function kindName(node) { return (data.kinds[node.kind] || [node.kind])[0]; }
function markOf(node) { return data.states[node.state] ? `${data.states[node.state][0]} ` : ""; }
function depthOf(node) { let n = 0; for (let at = node; at.parent; at = at.parent) n += 1; return n; }
function inside(node, whole) {
  for (let at = node; at; at = at.parent) if (at === whole) return true;
  return false;
}
// What is entered rather than opened where it stands: groups of a map, and the trees in it.
function entered(node) {
  return node !== view.top && node.children.length > 0
    && (node.map || (node.parent === view.top && view.top.map && tiled(view.top)));
}
