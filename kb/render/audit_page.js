"use strict";
// Filters and sorts the rows of a table by what stands in their data; nothing is fetched or stored.
for (const form of document.querySelectorAll("form[data-for]")) {
  const body = document.getElementById(form.dataset.for).tBodies[0];
  const rows = [...body.rows];
  const count = form.querySelector("output");
  const number = (row, key) => Number(row.dataset[key] || 0);
  const share = (row, key) => number(row, key) / Math.max(1, number(row, "total"));
  const show = () => {
    const words = form.elements.words.value.toLowerCase().split(/\s+/).filter(Boolean);
    const verdict = form.elements.verdict ? form.elements.verdict.value : "";
    const order = form.elements.order ? form.elements.order.value : "";
    let shown = 0;
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      const has = words.every((word) => text.includes(word));
      row.hidden = !(has && (!verdict || number(row, verdict) > 0));
      shown += row.hidden ? 0 : 1;
    }
    if (order) {
      const sorted = [...rows];
      if (order === "name") sorted.sort((a, b) => a.dataset.name.localeCompare(b.dataset.name, document.documentElement.lang));
      else if (order !== "total") sorted.sort((a, b) => share(b, order) - share(a, order) || number(b, order) - number(a, order));
      body.append(...sorted);
    }
    count.textContent = `${shown} / ${rows.length}`;
  };
  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  show();
}
