// What is told of the chosen node.
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

function hover(event) {
  const node = nodeOf(event);
  now.glass.classList.toggle("over", Boolean(node));
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
