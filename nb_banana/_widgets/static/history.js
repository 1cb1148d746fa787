// @ts-check
/**
 * The history as a list of any length, of which only the rows in sight exist on the page. Python says
 * how many there are; rows and thumbnails are asked for when they come into sight. The list itself
 * keeps the focus and names its active row, so that a row scrolled out of the page loses nobody's place.
 */
import { guard, h } from "./shared.js";
import { keyed, thumbs, walk } from "./thumbs.js";

export const ROW = 64;
const PAGE = 50;
const SOON_MS = 60;

/** The rows in sight, with some to spare: from the first to before the last.
 * @param {number} top @param {number} height @param {number} count */
export function inSight(top, height, count) {
  return [Math.max(0, Math.floor(top / ROW) - 4), Math.min(count, Math.ceil((top + height) / ROW) + 4)];
}

/** @param {{model: any, el: HTMLElement}} context */
function render({ model, el }) {
  /** @type {Map<number, any>} */
  const rows = new Map();
  /** @type {Set<number>} pages asked for */
  const asked = new Set();
  /** @type {Map<number, any>} */
  const drawn = new Map();
  let [at, count, gen] = [-1, 0, -1];
  /** @type {any} */
  let asking = null;
  const mine = `nbb-${Math.random().toString(36).slice(2)}-`;
  const inner = h("div", { role: "rowgroup" });
  const list = h("div", { class: "nbb nbb-list", role: "grid", tabindex: 0 }, inner);
  const empty = h("p", { class: "nbb nbb-none" });
  el.append(list, empty);
  const sight = () => inSight(list.scrollTop, list.clientHeight, count);
  const pictures = thumbs(model, (key) => drawn.forEach((_, index) => { if (rows.get(index)?.thumb === key) paint(index); }));

  /** @param {number} index */
  function paint(index) {
    const [row, data, star] = [drawn.get(index), rows.get(index), model.get("strings").star];
    if (!row) return;
    row.className = `nbb-item${index === at ? " nbb-active" : ""}${index === model.get("pinned") ? " nbb-pinned" : ""}`;
    row.ariaSelected = index === at;
    const url = data && pictures.url(data.thumb);
    const cell = { role: "gridcell" };
    row.replaceChildren(
      h("span", { ...cell, class: "nbb-thumb" }, url ? h("img", { src: url, alt: "" }) : data?.sign),
      h("span", { ...cell, class: "nbb-what", title: data?.prompt }, h("div", {}, data?.prompt), h("div", { class: "nbb-hint" }, data?.facts ?? "…")),
      data && h("span", cell, h("button", { class: "nbb-icon", tabindex: -1, "aria-pressed": `${data.starred}`, "aria-label": star, title: star }, data.starred ? "★" : "☆")),
    );
  }

  function draw() {
    const [first, last] = sight();
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
    const [first, last] = sight();
    for (let page = Math.floor(first / PAGE); page * PAGE < last; page++) {
      if (asked.has(page)) continue;
      asked.add(page);
      model.send({ t: "rows", gen, from: page * PAGE, count: PAGE });
    }
    pictures.want([...drawn.keys()].map((index) => rows.get(index)?.thumb));
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

  /** @param {string} what @param {number} [index] */
  function act(what, index = at) {
    const row = rows.get(index);
    if (!row) return;
    model.send({ t: what, id: row.id, at: index, on: !row.starred });
    if (what === "star") row.starred = !row.starred; // Python answers with the row as it is
    paint(index);
  }

  function update() {
    if (gen !== model.get("gen")) {
      gen = model.get("gen");
      at = model.get("at");
      for (const known of [rows, asked, drawn]) known.clear();
      inner.replaceChildren();
      list.scrollTop = 0;
    }
    asked.delete(Math.floor(count / PAGE)); // the last page may have been a part only
    count = model.get("count");
    inner.style.height = `${count * ROW}px`;
    list.ariaRowCount = count;
    list.ariaLabel = model.get("strings").list;
    list.hidden = !count;
    empty.textContent = model.get("message");
    empty.hidden = !!count;
    if (at !== model.get("at")) choose(model.get("at"));
    draw();
    drawn.forEach((_, index) => paint(index));
  }

  list.addEventListener("scroll", draw);
  list.addEventListener("mousedown", (/** @type {any} */ event) => { if (event.target.closest("button")) event.preventDefault(); });
  list.addEventListener("click", (/** @type {any} */ event) => {
    const row = event.target.closest(".nbb-item");
    const index = Number(row?.id.slice(mine.length));
    if (event.target.closest("button")) act("star", index);
    else if (row) choose(index);
  });
  keyed(list, (key) => walk(key, at, count, Math.floor(list.clientHeight / ROW)), choose, { Enter: "open", s: "star", " ": "pin" }, act);
  const heard = (/** @type {any} */ message) => {
    if (message.t !== "rows" || message.gen !== gen) return;
    message.rows.forEach((/** @type {any} */ row, /** @type {number} */ offset) => {
      rows.set(message.from + offset, row);
      paint(message.from + offset);
    });
    draw();
  };
  model.on("msg:custom", heard);
  model.on("change", update);
  const sized = new ResizeObserver(draw);
  sized.observe(list);
  update();
  const unguard = guard(list);
  return () => {
    model.off("msg:custom", heard);
    model.off("change", update);
    sized.disconnect();
    pictures.stop();
    unguard();
  };
}

export default { render };
