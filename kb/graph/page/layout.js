// Where boxes stand. Letters keep their size: what does not fit stays closed under a count.
const FONT = 13;
const LINE = 18;
const PAD = 9;
const GAP = 8;
const STEP = 44;
const INDENT = 18;
const LEAST = 11.1 / FONT;
const MOST = 1.25;
const NARROW = 700;
const FAMILY = '"kb", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif';
const pen = document.createElement("canvas").getContext("2d");
const wide = new Map();
function widthOf(text) {
  if (!wide.has(text)) {
    pen.font = `${FONT}px ${FAMILY}`;
    wide.set(text, pen.measureText(text).width);
  }
  return wide.get(text);
}
function forget() { wide.clear(); for (const node of nodes.values()) node.box = null; }

// What is written in a box: the name of what leads here, the label, of a group what it holds.
function linesOf(node) {
  if (node.kind === "group") {
    const head = `${markOf(node)}${label(node)} (${node.children.length})`;
    return node !== view.top && node.children.length > 1 && !node.open
      ? [head, ...preview(node)] : [head];
  }
  const written = node.broad ? node.broad[view.room.w < NARROW ? 0 : 1] : node.label || label(node);
  const lines = written.split("\n");
  return [...(node.tag ? [`‹${node.tag}›`] : []),
    ...lines.map((line, n) => (n ? line : markOf(node) + line))];
}
function preview(node) {
  const names = node.children.map((child) => label(child).replace(/^.*?-\s*/, ""));
  const found = [];
  let line = "";
  let at = 0;
  for (; at < names.length && found.length < 2; at += 1) {
    const longer = line ? `${line}${zh ? "、" : ", "}${names[at]}` : names[at];
    if (widthOf(longer) > 190 && line) { found.push(line); line = ""; at -= 1; } else line = longer;
  }
  if (line && found.length < 2) found.push(line);
  if (at < names.length) found[found.length - 1] += "…";
  return found;
}
function boxOf(node) {
  const open = node.open || node === view.top;
  const narrow = view.room.w < NARROW;
  if (!node.box || node.box.open !== open || node.box.narrow !== narrow) {
    const lines = linesOf(node);
    const slant = ["hexagon", "octagon", "ellipse"].includes(node.shape) ? 8 : 0;
    const w = Math.max(...lines.map(widthOf)) + 2 * (PAD + slant);
    node.box = { open, narrow, lines, w, h: lines.length * LINE + 10 };
  }
  const more = node.children.length && !open && !node.map
    ? widthOf(`+${node.count}`) + 16 : 0;
  return { lines: node.box.lines, w: node.box.w + more, h: node.box.h, more };
}
// Whether what stands under a place stands side by side, as a map.
function tiled(node) {
  const { children } = node;
  if (node === view.top && !node.map) return children.length > 9 && children.every((c) => !c.children.length);
  return children.length >= (node.map ? 8 : 9) && children.every((c) => !c.open);
}

// The places in sight from `top`, each with its box, and the size of all.
function arranged(top, room) {
  const placed = [];
  const put = (node, x, y, box, w) => {
    Object.assign(node, { x, y, w: w || box.w, h: box.h, lines: box.lines, more: box.more });
    placed.push(node);
  };
  const narrow = room.w < NARROW;
  const head = boxOf(top);
  if (tiled(top)) {
    put(top, 0, 0, head);
    const size = map(top, 0, head.h + 2 * GAP, Math.max(room.w / LEAST, 320), put);
    return { placed, w: Math.max(head.w, size.w), h: head.h + 2 * GAP + size.h, map: true };
  }
  return narrow ? indented(top, put, placed) : columns(top, put, placed);
}
function map(node, left, y, across, put, most) {
  const boxes = node.children.map(boxOf);
  const wide = Math.max(...boxes.map((box) => box.w));
  const count = Math.max(1, Math.min(most || boxes.length,
    Math.floor((across + GAP) / (wide + GAP))));
  let at = y;
  for (let n = 0; n < boxes.length; n += count) {
    const row = boxes.slice(n, n + count);
    row.forEach((box, k) => put(node.children[n + k], left + k * (wide + GAP), at, box, wide));
    at += Math.max(...row.map((box) => box.h)) + GAP;
  }
  return { w: count * (wide + GAP) - GAP, h: at - y - GAP };
}
// How many stand side by side: as many as fitted when the place was opened.
function acrossOf(node) { return node.across || Math.ceil(node.children.length / 8); }
function columns(top, put, placed) {
  const widths = [];
  const survey = (node, depth) => {
    widths[depth] = Math.max(widths[depth] || 0, boxOf(node).w);
    if (!node.open) return;
    if (node !== top && tiled(node)) {
      const wide = Math.max(...node.children.map((child) => boxOf(child).w));
      const across = acrossOf(node);
      widths[depth + 1] = Math.max(widths[depth + 1] || 0, across * (wide + GAP));
    } else node.children.forEach((child) => survey(child, depth + 1));
  };
  survey(top, 0);
  const lefts = [];
  widths.reduce((x, w, depth) => { lefts[depth] = x; return x + w + STEP; }, 0);
  const place = (node, depth, y) => {
    const box = boxOf(node);
    if (!node.open || !node.children.length) { put(node, lefts[depth], y, box); return y + box.h; }
    const at = placed.length;
    let end = y;
    if (node !== top && tiled(node)) {
      const across = acrossOf(node);
      end = y + map(node, lefts[depth + 1], y, Infinity, put, across).h;
    } else {
      node.children.forEach((child, n) => { end = place(child, depth + 1, end + (n ? GAP : 0)); });
    }
    const [first, last] = [node.children[0], node.children[node.children.length - 1]];
    const middle = (first.y + first.h / 2 + last.y + last.h / 2) / 2;
    put(node, lefts[depth], Math.max(y, middle - box.h / 2), box);
    const low = node.y + node.h - end;
    // A box that is higher than what stands under it moves that to its middle.
    if (low > 0 && end - y < node.h) {
      placed.slice(at, -1).forEach((other) => { other.y += (node.h - (end - y)) / 2; });
    }
    return Math.max(end, node.y + node.h);
  };
  const h = place(top, 0, 0);
  return { placed, w: lefts[lefts.length - 1] + widths[widths.length - 1], h };
}
function indented(top, put, placed) {
  let y = 0;
  let w = 0;
  const place = (node, depth) => {
    const box = boxOf(node);
    put(node, depth * INDENT, y, box);
    w = Math.max(w, depth * INDENT + box.w);
    y += box.h + GAP;
    if (node.open) node.children.forEach((child) => place(child, depth + 1));
  };
  place(top, 0);
  return { placed, w, h: y - GAP };
}
// Open as much as can be read at once: nearer places first, late ones later.
function unfold(top, room) {
  const close = (node) => { node.open = false; node.children.forEach(close); };
  close(top);
  top.open = true;
  if (tiled(top)) return;
  const todo = top.children.map((child) => [child, 1 + child.late]);
  const fits = () => {
    const { w, h } = arranged(top, room);
    return w * LEAST <= room.w && h * LEAST <= room.h;
  };
  while (todo.length) {
    todo.sort((a, b) => a[1] - b[1]);
    const [node, cost] = todo.shift();
    if (!node.children.length || node.map) continue;
    node.open = true;
    node.across = 0;
    if (tiled(node)) {
      const usual = acrossOf(node);
      const tried = (count) => { node.across = count; return count > 0 && fits(); };
      node.across = [usual, usual + 1, usual - 1, usual + 2].find(tried) || 0;
    }
    if (!fits()) node.open = false;
    // What stands side by side stays closed, or it would stand so no more.
    else if (!tiled(node)) node.children.forEach((child) => todo.push([child, cost + 1 + child.late]));
  }
}
