// The bar, and the search in it: by names, the everyday words of `kb find`, pinyin, with slips.
function tool(name, act, parent) {
  const button = make("button", words[name], parent || header, { id: name });
  button.addEventListener("click", act);
  return button;
}
const search = make("input", "", header, { type: "search", placeholder: words.search,
  "aria-label": words.search, id: "search", autocomplete: "off" });
const results = make("div", "", header, { id: "results", hidden: "" });
tool("back", back);
tool("open", () => toggle(chosen));
tool("focus", () => focus(chosen));
tool("reset", reset);
if (!framed) {
  tool("copy", copy);
  tool("print", () => window.print());
}
tool("theme", theme);
const says = make("span", "", header, { id: "says", role: "status" });
make("h1", data.title, header);
const crumbs = make("nav", "", header, { id: "crumbs", "aria-label": words.path });
make("div", words.keys, header, { id: "keys" });
function theme() {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const was = document.documentElement.dataset.theme || (dark ? "dark" : "light");
  document.documentElement.dataset.theme = was === "dark" ? "light" : "dark";
}
async function copy() {
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
function trail() {
  crumbs.replaceChildren();
  const path = [];
  for (let at = view.top; at; at = at.parent) path.unshift(at);
  path.forEach((node, n) => {
    if (n) make("span", "›", crumbs, { "aria-hidden": "true" });
    const button = make("button", label(node), crumbs,
      node === view.top ? { "aria-current": "true" } : {});
    button.addEventListener("click", () => { choose(null); enter(node); });
  });
  crumbs.hidden = path.length < 2;
}

const spelled = new Map();
for (const [sound, characters] of Object.entries(data.sounds)) {
  for (const character of characters) spelled.set(character, sound);
}
function folded(text) { return text.normalize("NFKC").toLowerCase().replace(/[\s·\-_—()《》、,.]+/g, " "); }
function sound(text) { return [...text].map((c) => spelled.get(c) || c).join(""); }
function pairs(text) {
  const found = new Set();
  for (const word of text.split(" ")) {
    const letters = [...word];
    if (/^[a-z0-9]+$/.test(word)) found.add(word);
    else for (let n = 0; n + 1 < letters.length; n += 1) found.add(letters[n] + letters[n + 1]);
  }
  return found;
}
// One entry a thing, made at the first search: names, pairs of characters, how it sounds.
let table = null;
const common = new Map();
function entriesOf() {
  if (table) return table;
  const first = new Map();
  for (const node of nodes.values()) {
    if (node.kind === "group" || ["all_of", "any_of"].includes(node.kind)) continue;
    if (!first.has(node.key) || first.get(node.key).pointer) first.set(node.key, node);
  }
  table = [...first.values()].map((node) => {
    const text = folded([node.zh, node.en, node.words].join(" "));
    const names = [node.zh, ...node.words.split(" · ")].map(folded).filter(Boolean);
    return { node, text, names, key: node.key.toLowerCase(), pairs: pairs(text),
      sounds: node.sounds.split(" ").map((name) => name.replaceAll("'", "")),
      initials: node.sounds.split(" ").map((name) => name.replace(/([a-z])[a-z]*'?/g, "$1")) };
  });
  for (const entry of table) for (const pair of entry.pairs) common.set(pair, (common.get(pair) || 0) + 1);
  return table;
}
const FIRST = { category: 1.3, service: 1.2, document: 1 };
// Whether letters of a word are a name but for one slip.
function near(a, b) {
  if (Math.abs(a.length - b.length) > 1) return false;
  let [i, j, slips] = [0, 0, 0];
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) { i += 1; j += 1; continue; }
    slips += 1;
    if (slips > 1) return false;
    if (a.length >= b.length) i += 1;
    if (b.length >= a.length) j += 1;
  }
  return true;
}
function score(entry, wanted) {
  const { text, squeezed, latin, heard } = wanted;
  const weight = FIRST[entry.node.kind] || 0.8;
  if (entry.names.some((name) => name.replaceAll(" ", "") === squeezed)) return 100 * weight;
  if (entry.text.includes(text) || entry.key.includes(text.replaceAll(" ", "_"))) {
    const close = entry.names.some((name) => name.startsWith(text)) ? 10 : 0;
    return (50 + close - Math.min(20, entry.node.zh.length)) * weight;
  }
  const parts = text.split(" ").filter(Boolean);
  if (parts.length > 1 && parts.every((part) => entry.text.includes(part))) return 40 * weight;
  if (latin && squeezed.length > 1) {
    if (entry.sounds.some((name) => name.includes(squeezed)) && squeezed.length > 2) return 35 * weight;
    if (entry.initials.some((name) => name.startsWith(squeezed))) return 30 * weight;
    const slip = squeezed.length > 4 && (entry.sounds.some((name) => near(name, squeezed))
      || [...entry.pairs].some((word) => word.length > 4 && near(word, squeezed)));
    return slip ? 25 * weight : 0;
  }
  // What the words share with the names: rare pairs say more than common ones.
  let [sum, all] = [0, 0];
  for (const pair of wanted.pairs) {
    const rare = Math.log(1 + table.length / (common.get(pair) || table.length));
    all += rare;
    if (entry.pairs.has(pair)) sum += rare;
  }
  const shared = all && sum / all > 0.3 ? 30 * (sum / all) : 0;
  const same = heard.length > 3 && entry.sounds.some((name) => name.includes(heard)) ? 28 : 0;
  return Math.max(shared, same) * weight;
}
let found = [];
function seek() {
  const text = folded(search.value).trim();
  for (const node of found) { node.hit = false; node.element?.classList.remove("hit"); }
  found = [];
  if (text) {
    const squeezed = text.replaceAll(" ", "");
    const wanted = { text, squeezed, latin: /^[a-z ]+$/.test(text), heard: sound(squeezed),
      pairs: entriesOf() && pairs(text) };
    const scored = entriesOf().map((entry) => [score(entry, wanted), entry.node])
      .filter(([value]) => value > 0).sort((a, b) => b[0] - a[0]);
    const best = scored.length ? scored[0][0] : 0;
    found = scored.filter(([value]) => value > best * 0.3).slice(0, 60).map(([, node]) => node);
  }
  for (const node of found) { node.hit = true; node.element?.classList.add("hit"); }
  results.replaceChildren();
  for (const node of found) {
    const button = make("button", "", results);
    make("span", `${label(node)} `, button);
    make("small", `${kindName(node)} ${node.sources[0] || ""}`, button);
    button.addEventListener("click", () => go(node));
  }
  results.hidden = !found.length;
  says.textContent = !text ? "" : found.length ? `${found.length} ${words.found}` : words.nothing;
}
function go(node) {
  results.hidden = true;
  search.value = "";
  choose(null);
  reveal(node);
  choose(node, true);
  svg.focus({ preventScroll: true });
}
search.addEventListener("input", seek);
search.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && found.length) go(found[0]);
  else if (event.key === "ArrowDown" && found.length) results.firstChild.focus();
  else if (event.key === "Escape") back();
  else { event.stopPropagation(); return; }
  event.preventDefault();
  event.stopPropagation();
});
results.addEventListener("keydown", (event) => {
  const at = document.activeElement;
  const next = { ArrowDown: at.nextSibling, ArrowUp: at.previousSibling || search }[event.key];
  if (next) { next.focus(); event.preventDefault(); }
  if (event.key === "Escape") back();
  event.stopPropagation();
});
