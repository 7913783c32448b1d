// What is hidden, and the address that says so.
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
    view.named = 0;
  }
  rest();
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
  size();
}

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
