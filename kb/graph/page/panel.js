// What is told of the chosen place.
function choose(node, move) {
  if (chosen?.element) {
    chosen.element.classList.remove("chosen");
    chosen.element.removeAttribute("aria-selected");
  }
  chosen = node;
  const was = main.classList.contains("told");
  aside.hidden = !node;
  main.classList.toggle("told", Boolean(node));
  if (!node) { svg.removeAttribute("aria-activedescendant"); return; }
  if (!view.placed.has(node)) reveal(node);
  node.element.classList.add("chosen");
  node.element.setAttribute("aria-selected", "true");
  svg.setAttribute("aria-activedescendant", node.id);
  tell(node);
  if (move || !was) bring([node]);
}
function tell(node) {
  aside.replaceChildren();
  make("h2", label(node), aside);
  const other = zh ? node.en : node.zh;
  if (other !== label(node)) make("div", other, aside);
  make("small", kindName(node), aside);
  const close = make("button", "×", aside, { class: "close", "aria-label": words.close });
  close.addEventListener("click", () => { choose(null); svg.focus(); });
  const said = [node.state && data.states[node.state] ? data.states[node.state].join(" ") : "",
    node.perhaps ? words.perhaps : "", node.past ? words.past : "",
    node.picked ? words.picked : ""].filter(Boolean);
  if (said.length) part(words.state, said);
  if (node.kind !== "group") {
    part(words.stated, node.sources.length ? node.sources : [words.profile]);
  }
  for (const [name, value] of node.facts) part(name, [value]);
  linked(words.from, node.back);
  linked(words.to, node.next);
  const same = node.kind === "group" ? []
    : [...nodes.values()].filter((n) => n.key === node.key && n !== node);
  if (same.length) linked(words.others, same.slice(0, 40).map((n) => [null, n, n.parent]));
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
  for (const [link, node, under] of pairs) {
    const button = make("button", "", make("li", "", list));
    make("span", label(under || node), button);
    if (link) make("small", ` ${about(link)}`, button);
    button.addEventListener("click", () => choose(node, true));
  }
}
function about(link) {
  return [link.name, link.perhaps ? words.perhaps : "", link.past ? words.past : "", link.sources]
    .filter(Boolean).join(" · ");
}
function hover(event) {
  const node = nodeOf(event);
  tip.hidden = !node || event.pointerType === "touch";
  if (tip.hidden) return;
  const other = zh ? node.en : node.zh;
  const link = links.get(node.link);
  tip.textContent = [label(node), other === label(node) ? "" : other, kindName(node),
    node.state && data.states[node.state] ? data.states[node.state].join(" ") : "",
    link ? about(link) : "",
    ...node.facts.filter(([, value]) => value.length < 120).map(([name, value]) => `${name}: ${value}`),
    ...node.sources.slice(0, 6)].filter(Boolean).join("\n");
  const box = main.getBoundingClientRect();
  const [x, y] = [event.clientX - box.left + 14, event.clientY - box.top + 14];
  tip.style.left = `${Math.max(4, Math.min(x, box.width - tip.offsetWidth - 4))}px`;
  tip.style.top = `${y + tip.offsetHeight > box.height ? Math.max(4, y - tip.offsetHeight - 24) : y}px`;
}
