// The picture of what is in sight.
const svg = drawn("svg", figure, { role: "tree", tabindex: "0", "aria-label": data.title });
const defs = drawn("defs", svg);
const scene = drawn("g", svg, { role: "none" });
const HEADS = { plain: "M0 0 8 4 0 8Z", order: "M0 0 9 4 0 8 3 4Z", also: "M0 0 8 4 0 8Z",
  instead: "M1 1 8 4 1 7Z", condition: "M4 1A3 3 0 1 0 4.01 1Z", against: "M3 0 5 0 5 8 3 8Z" };
for (const [family, d] of Object.entries(HEADS)) {
  const head = drawn("marker", defs, { id: `head-${family}`, viewBox: "0 0 10 8", refX: "8",
    refY: "4", markerWidth: "9", markerHeight: "8", orient: "auto-start-reverse",
    markerUnits: "userSpaceOnUse" });
  drawn("path", head, { d, class: `head ${family}` });
}

function outlineOf(shape, w, h) {
  const c = 8;
  switch (shape) {
    case "ellipse": return `M${h / 2} 0H${w - h / 2}A${h / 2} ${h / 2} 0 0 1 ${w - h / 2} ${h}`
      + `H${h / 2}A${h / 2} ${h / 2} 0 0 1 ${h / 2} 0Z`;
    case "rounded": return `M${c} 0H${w - c}Q${w} 0 ${w} ${c}V${h - c}Q${w} ${h} ${w - c} ${h}`
      + `H${c}Q0 ${h} 0 ${h - c}V${c}Q0 0 ${c} 0Z`;
    case "note": return `M0 0H${w - c}L${w} ${c}V${h}H0ZM${w - c} 0V${c}H${w}`;
    case "hexagon": return `M${c} 0H${w - c}L${w} ${h / 2} ${w - c} ${h}H${c}L0 ${h / 2}Z`;
    case "octagon": return `M${c} 0H${w - c}L${w} ${c}V${h - c}L${w - c} ${h}H${c}L0 ${h - c}V${c}Z`;
    case "tab": return `M0 -4H${w / 3}L${w / 3 + 4} 0H${w}V${h}H0Z`;
    default: return `M0 0H${w}V${h}H0Z`;
  }
}
// What is said to those who listen: what is written, then kind, state, doubt, how much stands below,
// the lines.
function spoken(node) {
  const written = [...node.lines, node.more ? `+${node.count}` : ""].join(" ").trim();
  return [written, kindName(node), node.state ? data.states[node.state]?.[1] : "",
    node.perhaps ? words.perhaps : "", node.past ? words.past : "",
    node.children.length ? `${words.holds} ${node.count} ${words.items}` : "",
    node.sources.join("; ")].filter(Boolean).join(", ");
}
function render() {
  scene.replaceChildren();
  const found = arranged(view.top, view.room);
  Object.assign(view, { w: found.w, h: found.h, placed: new Set(found.placed), map: found.map });
  const below = drawn("g", scene, { "aria-hidden": "true" });
  for (const node of found.placed) {
    if (node !== view.top && !found.map) branchTo(node, below, found.narrow);
  }
  for (const link of links.values()) {
    if (view.placed.has(link.tail) && view.placed.has(link.head)) between(link, below);
  }
  const boxes = drawn("g", scene, { role: "none" });
  for (const node of found.placed.sort((a, b) => a.y - b.y || a.x - b.x)) boxed(node, boxes);
  legend(found.placed);
  return found;
}
function boxed(node, parent) {
  const group = drawn("g", parent, {
    id: node.id, role: "treeitem", "aria-label": spoken(node),
    "aria-level": String(depthOf(node) + 1), transform: `translate(${node.x} ${node.y})`,
    class: ["node", `k-${node.kind}`, node.state && `s-${node.state}`, node.past && "past",
      node.pointer && "pointer", node.perhaps && "perhaps", node.picked && "picked",
      node === chosen && "chosen", node.hit && "hit"].filter(Boolean).join(" "),
  });
  if (node.children.length) {
    group.setAttribute("aria-expanded", String(Boolean(node.open || node === view.top)));
  }
  if (node === chosen) group.setAttribute("aria-selected", "true");
  node.element = group;
  drawn("path", group, { d: outlineOf(node.shape, node.w, node.h), class: "shape" });
  const slant = ["hexagon", "octagon", "ellipse"].includes(node.shape) ? 8 : 0;
  const text = drawn("text", group, { "aria-hidden": "true" });
  node.lines.forEach((line, n) => {
    const soft = (node.kind === "group" && n) || (node.tag && !n);
    drawn("tspan", text, { x: PAD + slant, y: 18 + n * LINE, ...(soft ? { class: "soft" } : {}) },
      `${line} `);
  });
  if (node.more) {
    const x = node.w - node.more + 2;
    const more = drawn("g", group, { class: "more", "aria-hidden": "true" });
    drawn("rect", more, { x, y: node.h / 2 - 10, width: node.more - 6, height: 20, rx: 10 });
    drawn("text", more, { x: x + 5, y: node.h / 2 + 5 }, `+${node.count}`);
  }
}
function classOf(link) {
  return ["line", link.family, link.state && `s-${link.state}`, link.past && "past",
    link.perhaps && "perhaps"].filter(Boolean).join(" ");
}
function branchTo(node, parent) {
  const link = links.get(node.link);
  const from = node.parent;
  // Steps of a plan stand in their order; nothing leads to them but what comes before.
  if (!link && node.kind === "step") return;
  if (!from || !view.placed.has(from) || (tiled(from) && from.open)) return;
  let d;
  if (view.room.w < NARROW) {
    const x = from.x + 8;
    d = `M${x} ${from.y + from.h}V${node.y + node.h / 2}H${node.x}`;
  } else {
    const [x1, y1] = [from.x + from.w, from.y + from.h / 2];
    const [x2, y2] = [node.x, node.y + node.h / 2];
    const bend = x2 - STEP / 2;
    d = `M${x1} ${y1}H${x2 - STEP}C${bend} ${y1} ${bend} ${y2} ${x2} ${y2}`;
  }
  path(d, link, parent, node);
}
function path(d, link, parent, end) {
  const element = drawn("path", parent, { d, class: link ? classOf(link) : "line holds" });
  if (!link || !HEADS[link.family]) return element;
  const head = link.turned ? link.tail : link.head;
  element.setAttribute(head === end ? "marker-end" : "marker-start", `url(#head-${link.family})`);
  return element;
}
// A link between two places of which neither stands under the other by it.
function between(link, parent) {
  const { tail, head } = link;
  if (tail.link === link.id || head.link === link.id) return;
  let d;
  if (Math.abs(tail.x - head.x) < 4) {
    const down = head.y > tail.y;
    const [y1, y2] = down ? [tail.y + tail.h, head.y] : [tail.y, head.y + head.h];
    const column = [...view.placed].filter((n) => n !== tail && n !== head
      && Math.abs(n.x - tail.x) < 4 && (n.y - tail.y) * (n.y - head.y) < 0);
    d = column.length
      ? `M${tail.x} ${tail.y + tail.h / 2}C${tail.x - 26} ${tail.y} ${tail.x - 26} ${head.y} `
        + `${head.x} ${head.y + head.h / 2}`
      : `M${tail.x + 16} ${y1}V${y2}`;
  } else {
    const right = head.x > tail.x;
    const [x1, x2] = right ? [tail.x + tail.w, head.x] : [tail.x, head.x + head.w];
    const bend = (x1 + x2) / 2;
    d = `M${x1} ${tail.y + tail.h / 2}C${bend} ${tail.y + tail.h / 2} ${bend} `
      + `${head.y + head.h / 2} ${x2} ${head.y + head.h / 2}`;
  }
  path(d, link, parent, head).classList.add("across");
}
// The legend names only what is in sight: shapes with their kinds, marks, lines.
const legendBox = make("details", "", footer, innerWidth < NARROW || framed ? {} : { open: "" });
make("summary", words.legend, legendBox);
const entries = make("div", "", legendBox, { class: "entries" });
function legend(placed) {
  entries.replaceChildren();
  const shapes = new Map();
  for (const node of placed) {
    if (node.kind === "group") continue;
    if (!shapes.has(node.shape)) shapes.set(node.shape, new Map());
    shapes.get(node.shape).set(node.kind, kindName(node));
  }
  const sep = zh ? "、" : ", ";
  for (const [shape, kinds] of shapes) {
    const box = sample(24, 18);
    const kind = [...kinds.keys()][0];
    const g = drawn("g", box, { class: `node k-${kind}`, transform: "translate(2 5)" });
    drawn("path", g, { d: outlineOf(shape, 20, 11), class: "shape" });
    entry(box, [...kinds.values()].join(sep));
  }
  const states = new Set(placed.map((node) => node.state).filter((state) => data.states[state]));
  for (const state of Object.keys(data.states).filter((each) => states.has(each))) {
    make("span", data.states[state].join(" "), entries, { class: `entry mark s-${state}` });
  }
  const families = new Map();
  for (const link of links.values()) {
    if (!view.placed.has(link.tail) || !view.placed.has(link.head)) continue;
    if (!families.has(link.family)) families.set(link.family, new Set());
    families.get(link.family).add(link.name);
  }
  for (const [family, names] of families) {
    const box = sample(34, 18);
    const line = drawn("path", box, { d: "M1 9H32", class: `line ${family}` });
    if (HEADS[family]) line.setAttribute("marker-end", `url(#head-${family})`);
    entry(box, [...names].join(sep));
  }
  for (const [mark, name] of [["perhaps", words.perhaps], ["past", words.past],
    ["pointer", words.elsewhere]]) {
    if (!placed.some((node) => node[mark])) continue;
    const box = sample(24, 18);
    const g = drawn("g", box, { class: `node ${mark}`, transform: "translate(2 5)" });
    drawn("path", g, { d: outlineOf("box", 20, 11), class: "shape" });
    entry(box, name);
  }
}
function sample(width, height) {
  return drawn("svg", null, { width, height, "aria-hidden": "true", class: "sample" });
}
function entry(box, name) {
  const span = make("span", "", entries, { class: "entry" });
  span.append(box, name);
}
