// The bar, and the search in it.
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
