// The heat map: a table, so that it can be read without colours too.

/** Return the choices: the heads that tell most, then each layer's mean and its heads. */
export function choices(alignment) {
  const found = [{ label: "The heads that tell most", weights: alignment.weights }];
  alignment.heads.forEach((heads, layer) => {
    found.push({ label: `Layer ${layer + 1}, mean of its heads`, weights: mean(heads) });
    heads.forEach((weights, head) => found.push({ label: `Layer ${layer + 1}, head ${head + 1}`, weights }));
  });
  return found;
}

function mean(heads) {
  return heads[0].map((row, t) => row.map((_, s) => heads.reduce((sum, head) => sum + head[t][s], 0) / heads.length));
}

/** Return the table of one choice. */
export function table(alignment, weights) {
  const root = element("table", "heat");
  const head = element("thead");
  const first = element("tr");
  first.append(element("td"));
  for (const word of alignment.source) {
    const cell = element("th");
    cell.scope = "col";
    const text = element("span");
    text.textContent = word;
    text.dir = "auto";
    cell.append(text);
    first.append(cell);
  }
  head.append(first);
  const body = element("tbody");
  const links = new Set(alignment.links.map(([s, t]) => `${s} ${t}`));
  alignment.target.forEach((word, t) => {
    const row = element("tr");
    const name = element("th");
    name.scope = "row";
    name.dir = "auto";
    name.textContent = word;
    row.append(name);
    alignment.source.forEach((other, s) => {
      const cell = element("td");
      const percent = `${Math.round(100 * weights[t][s])} %`;
      cell.style.setProperty("--weight", weights[t][s]);
      cell.title = `${word} looks at ${other}: ${percent}`;
      const text = element("span", "visually-hidden");
      text.textContent = percent;
      cell.append(text);
      if (links.has(`${s} ${t}`)) cell.classList.add("link");
      row.append(cell);
    });
    body.append(row);
  });
  root.append(head, body);
  root.addEventListener("pointerover", (event) => mark(root, event.target.closest("td")));
  root.addEventListener("pointerleave", () => mark(root, null));
  return root;
}

function mark(root, cell) {
  for (const one of root.querySelectorAll(".on")) one.classList.remove("on");
  if (!cell || !cell.title) return;
  cell.parentElement.firstElementChild.classList.add("on");
  root.tHead.rows[0].cells[cell.cellIndex].classList.add("on");
}

function element(name, className) {
  const made = document.createElement(name);
  if (className) made.className = className;
  return made;
}
