// @ts-check
/**
 * The history as a list of any length, of which only the rows in sight exist on the page. Python says
 * how many there are; rows and thumbnails are asked for when they come into sight. The list itself
 * keeps the focus and names its active row, so that a row scrolled out of the page loses nobody's place;
 * nothing in it takes the focus, so that one mark on it keeps notebook shortcuts out.
 */
import { around, h } from "./dom.js";
import { goTo } from "./goto.js";
import { keyed, thumbs, walk } from "./thumbs.js";

/** @typedef {{id: string, prompt: string, facts: string, sign: string, thumb: string, starred: boolean}} Row */
/** @typedef {{count: number, gen: number, at: number, strings: import("./types.js").Words}} Traits */
/** @typedef {import("./types.js").Model<Traits>} Model */

export const ROW = 64;
const SOON_MS = 60;
const TALLEST = 452; // as in the style sheet

/** The rows in sight, with some to spare: from the first to before the last.
 * @param {number} top @param {number} count */
export function inSight(top, count) {
  return [Math.max(0, Math.floor(top / ROW) - 4), Math.min(count, Math.ceil((top + TALLEST) / ROW) + 4)];
}

/** What a row shows; without its data, only its place. @param {Row | null | undefined} row @param {string | undefined} url @param {string} star */
function cells(row, url, star) {
  const cell = { role: "gridcell" };
  return [
    h("span", { ...cell, class: "nbb-thumb" }, url ? h("img", { src: url, alt: "" }) : row?.sign),
    h("span", { ...cell, class: "nbb-what" }, h("div", {}, row?.prompt), h("div", { class: "nbb-hint" }, row?.facts ?? "…")),
    ...(row ? [h("span", cell, h("span", { role: "button", class: "nbb-star", "aria-pressed": `${row.starred}`, "aria-label": star }, row.starred ? "★" : "☆"))] : []),
  ];
}

class List {
  /** @param {Model} model */
  constructor(model) {
    this.model = model;
    /** @type {Map<number, Row | null>} null while it is on the way */
    this.rows = new Map();
    /** @type {Map<number, HTMLElement>} */
    this.drawn = new Map();
    this.at = -1;
    this.count = 0;
    this.gen = -1;
    this.asking = 0;
    this.mine = `nbb${Math.random()}-`;
    this.inner = h("div", { role: "rowgroup" });
    this.root = h("div", { class: "nbb nbb-list", role: "grid", tabindex: 0, "data-lm-suppress-shortcuts": true }, this.inner);
    this.pictures = thumbs(model, (key) => {
      for (const index of this.drawn.keys()) if (this.rows.get(index)?.thumb === key) this.paint(index);
    });
  }

  /** @param {number} index */
  paint(index) {
    const [row, data] = [this.drawn.get(index), this.rows.get(index)];
    if (!row) return;
    row.className = `nbb-item${index === this.at ? " nbb-active" : ""}`;
    row.ariaSelected = String(index === this.at);
    row.replaceChildren(...cells(data, data ? this.pictures.url(data.thumb) : "", this.model.get("strings").star));
  }

  draw() {
    const [first, last] = inSight(this.root.scrollTop, this.count);
    this.drawn.forEach((row, index) => {
      if (index >= first && index < last) return;
      row.remove();
      this.drawn.delete(index);
    });
    for (let index = last - 1; index >= first; index--) { // upwards, so that each has its place before the next
      if (this.drawn.has(index)) continue;
      const row = h("div", { role: "row", id: this.mine + index, "aria-rowindex": index + 1, style: `top: ${index * ROW}px` });
      this.drawn.set(index, row);
      this.paint(index);
      this.inner.insertBefore(row, this.drawn.get(index + 1) ?? null);
    }
    this.root.setAttribute("aria-activedescendant", this.drawn.has(this.at) ? this.mine + this.at : "");
    this.asking ||= setTimeout(() => this.ask(), SOON_MS);
  }

  ask() {
    this.asking = 0;
    const seen = [...this.drawn.keys()];
    const missing = seen.filter((index) => !this.rows.has(index));
    for (const index of missing) this.rows.set(index, null);
    if (missing.length) this.model.send({ t: "rows", gen: this.gen, from: Math.min(...missing), to: Math.max(...missing) });
    this.pictures.want(seen.map((index) => this.rows.get(index)?.thumb));
  }

  /** @param {{gen: number, from: number, rows: Row[]}} message */
  came({ gen, from, rows }) {
    if (gen !== this.gen) return;
    rows.forEach((row, offset) => {
      this.rows.set(from + offset, row);
      this.paint(from + offset);
    });
    this.draw();
  }

  /** @param {number} index */
  choose(index) {
    const before = this.at;
    this.at = index;
    this.root.scrollTop = Math.max((index + 1) * ROW - this.root.clientHeight, Math.min(index * ROW, this.root.scrollTop));
    this.draw();
    this.paint(before);
    this.paint(index);
    this.model.set("at", index);
    this.model.save_changes();
  }

  /** @param {string} what */
  act(what) {
    const row = this.rows.get(this.at);
    if (!row) return;
    this.model.send({ t: what, id: row.id, on: !row.starred });
    if (what === "star") row.starred = !row.starred; // Python answers with the row as it is
    this.paint(this.at);
  }

  /** Another search: what was known is of the one before. */
  begin() {
    this.gen = this.model.get("gen");
    this.at = this.model.get("at");
    this.rows.clear();
    this.drawn.clear();
    this.inner.replaceChildren();
    this.root.scrollTop = 0;
  }

  update() {
    const { model, root } = this;
    if (this.gen !== model.get("gen")) this.begin();
    this.count = model.get("count");
    this.inner.style.height = `${this.count * ROW}px`;
    root.setAttribute("aria-rowcount", String(this.count));
    root.ariaLabel = model.get("strings").list;
    root.hidden = !this.count;
    if (this.at !== model.get("at")) this.choose(model.get("at"));
    this.draw();
    for (const index of this.drawn.keys()) this.paint(index);
  }

  /** @param {MouseEvent} event */
  clicked(event) {
    const row = around(event, ".nbb-item");
    if (row) this.choose(Number(row.id.slice(this.mine.length)));
    if (around(event, ".nbb-star")) this.act("star");
  }
}

/** @param {{model: Model, el: HTMLElement}} context */
function render({ model, el }) {
  const list = new List(model);
  const { root } = list;
  el.append(root);
  root.addEventListener("scroll", () => list.draw());
  root.addEventListener("click", (event) => list.clicked(event));
  root.addEventListener("dblclick", (event) => { if (!around(event, ".nbb-star")) list.act("open"); });
  keyed(root, (key) => walk(key, list.at, list.count, Math.floor(root.clientHeight / ROW)), (at) => list.choose(at),
    { enter: "open", s: "star", " ": "pin", delete: "delete" }, (what) => list.act(what));
  model.on("msg:custom", (message) => {
    if (message.t === "rows") list.came(message);
    else if (message.t === "go") goTo(message.key);
  });
  model.on("change", () => list.update());
  list.update();
  return list.pictures.stop;
}

export default { render };
