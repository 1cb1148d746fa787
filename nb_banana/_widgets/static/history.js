// @ts-check
/**
 * The history as a list of any length, of which only the rows in sight exist on the page. Python says
 * how many there are; rows and thumbnails are asked for when they come into sight. The list itself
 * keeps the focus and names its active row, so that a row scrolled out of the page loses nobody's place;
 * nothing in it takes the focus, so that one mark on it keeps notebook shortcuts out.
 */
import { h } from "./shared.js";
import { keyed, thumbs, walk } from "./thumbs.js";

export const ROW = 64;
const SOON_MS = 60;
const TALLEST = 452; // as in the style sheet

/** The rows in sight, with some to spare: from the first to before the last.
 * @param {number} top @param {number} count */
export function inSight(top, count) {
  return [Math.max(0, Math.floor(top / ROW) - 4), Math.min(count, Math.ceil((top + TALLEST) / ROW) + 4)];
}

/** @param {{model: any, el: HTMLElement}} context */
function render({ model, el }) {
  /** @type {Map<number, any>} null while it is on the way */
  const rows = new Map();
  /** @type {Map<number, any>} */
  const drawn = new Map();
  let [at, count, gen] = [-1, 0, -1];
  /** @type {any} */
  let asking = null;
  const mine = `nbb${Math.random()}-`;
  const inner = h("div", { role: "rowgroup" });
  const list = h("div", { class: "nbb nbb-list", role: "grid", tabindex: 0, "data-lm-suppress-shortcuts": true }, inner);
  el.append(list);
  const pictures = thumbs(model, (key) => drawn.forEach((_, index) => { if (rows.get(index)?.thumb === key) paint(index); }));

  /** @param {number} index */
  function paint(index) {
    const [row, data, star] = [drawn.get(index), rows.get(index), model.get("strings").star];
    if (!row) return;
    row.className = `nbb-item${index === at ? " nbb-active" : ""}`;
    row.ariaSelected = index === at;
    const url = data && pictures.url(data.thumb);
    const cell = { role: "gridcell" };
    row.replaceChildren(
      h("span", { ...cell, class: "nbb-thumb" }, url ? h("img", { src: url, alt: "" }) : data?.sign),
      h("span", { ...cell, class: "nbb-what" }, h("div", {}, data?.prompt), h("div", { class: "nbb-hint" }, data?.facts ?? "…")),
      data && h("span", cell, h("span", { role: "button", class: "nbb-star", "aria-pressed": `${data.starred}`, "aria-label": star }, data.starred ? "★" : "☆")),
    );
  }

  function draw() {
    const [first, last] = inSight(list.scrollTop, count);
    drawn.forEach((row, index) => {
      if (index >= first && index < last) return;
      row.remove();
      drawn.delete(index);
    });
    for (let index = last - 1; index >= first; index--) { // upwards, so that each has its place before the next
      if (drawn.has(index)) continue;
      const row = h("div", { role: "row", id: mine + index, "aria-rowindex": index + 1, style: `top: ${index * ROW}px` });
      drawn.set(index, row);
      paint(index);
      inner.insertBefore(row, drawn.get(index + 1) ?? null);
    }
    list.setAttribute("aria-activedescendant", drawn.has(at) ? mine + at : "");
    asking ??= setTimeout(ask, SOON_MS);
  }

  function ask() {
    asking = null;
    const seen = [...drawn.keys()];
    const missing = seen.filter((index) => !rows.has(index));
    for (const index of missing) rows.set(index, null);
    if (missing.length) model.send({ t: "rows", gen, from: Math.min(...missing), to: Math.max(...missing) });
    pictures.want(seen.map((index) => rows.get(index)?.thumb));
  }

  /** @param {number} index */
  function choose(index) {
    const before = at;
    at = index;
    list.scrollTop = Math.max((at + 1) * ROW - list.clientHeight, Math.min(at * ROW, list.scrollTop));
    draw();
    paint(before);
    paint(at);
    model.set("at", at);
    model.save_changes();
  }

  /** @param {string} what */
  function act(what) {
    const row = rows.get(at);
    if (!row) return;
    model.send({ t: what, id: row.id, on: !row.starred });
    if (what === "star") row.starred = !row.starred; // Python answers with the row as it is
    paint(at);
  }

  function update() {
    if (gen !== model.get("gen")) {
      gen = model.get("gen");
      at = model.get("at");
      rows.clear();
      drawn.clear();
      inner.replaceChildren();
      list.scrollTop = 0;
    }
    count = model.get("count");
    inner.style.height = `${count * ROW}px`;
    list.ariaRowCount = count;
    list.ariaLabel = model.get("strings").list;
    list.hidden = !count;
    if (at !== model.get("at")) choose(model.get("at"));
    draw();
    drawn.forEach((_, index) => paint(index));
  }

  list.addEventListener("scroll", draw);
  list.addEventListener("click", (/** @type {any} */ event) => {
    const row = event.target.closest(".nbb-item");
    if (row) choose(Number(row.id.slice(mine.length)));
    if (event.target.closest(".nbb-star")) act("star");
  });
  keyed(list, (key) => walk(key, at, count, Math.floor(list.clientHeight / ROW)), choose, { enter: "open", s: "star", " ": "pin" }, act);
  model.on("msg:custom", (/** @type {any} */ message) => {
    if (message.t !== "rows" || message.gen !== gen) return;
    message.rows.forEach((/** @type {any} */ row, /** @type {number} */ offset) => {
      rows.set(message.from + offset, row);
      paint(message.from + offset);
    });
    draw();
  });
  model.on("change", update);
  update();
  return pictures.stop;
}

export default { render };
