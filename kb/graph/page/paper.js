// On paper: the picture where its letters can be read on a sheet in landscape, else the same places
// as a list under one another, cut between rows into sheets.
const SHEET = { wide: { w: 1040, h: 640 }, tall: { w: 700, h: 960 } };
const PRINTED = 0.72;
const paper = document.getElementById("paper");
const turn = make("style", "", document.head);
function printed() {
  const size = { ...view.room };
  const sheets = [];
  view.room = { w: SHEET.wide.w, h: SHEET.wide.h };
  let found = render();
  const scale = Math.min(1, SHEET.wide.w / found.w, SHEET.wide.h / found.h);
  const landscape = scale >= PRINTED && !found.map;
  if (landscape) sheets.push([0, found.h, SHEET.wide.w / scale]);
  else {
    view.room = { w: NARROW - 1, h: SHEET.tall.h };
    found = render();
    const across = Math.max(found.w, SHEET.tall.w);
    const high = SHEET.tall.h * across / SHEET.tall.w;
    const rows = [...view.placed].sort((a, b) => a.y - b.y);
    let start = 0;
    rows.forEach((node) => {
      if (node.y + node.h - start > high) { sheets.push([start, node.y - 4, across]); start = node.y - 4; }
    });
    sheets.push([start, found.h, across]);
  }
  turn.textContent = `@page{size:A4 ${landscape ? "landscape" : "portrait"};margin:10mm}`;
  paper.replaceChildren();
  make("h1", data.title, paper);
  sheets.forEach(([from, to, across]) => {
    const sheet = drawn("svg", make("div", "", paper, { class: "sheet" }), {
      viewBox: `-6 ${from - 8} ${across + 12} ${to - from + 16}` });
    const copied = scene.cloneNode(true);
    copied.removeAttribute("transform");
    // Heads of lines are drawn from where they are shown: those of the page are hidden on paper.
    const heads = defs.cloneNode(true);
    for (const head of heads.children) head.id = `paper-${head.id}`;
    for (const line of copied.querySelectorAll("[marker-end], [marker-start]")) {
      for (const end of ["marker-end", "marker-start"]) {
        const head = line.getAttribute(end);
        if (head) line.setAttribute(end, head.replace("#", "#paper-"));
      }
    }
    for (const node of copied.querySelectorAll("[id]")) node.removeAttribute("id");
    sheet.append(heads, copied);
  });
  const key = entries.cloneNode(true);
  paper.append(key);
  view.room = size;
  render();
  apply();
}
window.addEventListener("beforeprint", printed);
window.addEventListener("afterprint", () => paper.replaceChildren());
