// @ts-check
/**
 * A comparison as a table of any size: real headers that stay in sight, and only the rows and columns in sight on
 * the page. One cell has the focus; arrows walk, Enter sees it large.
 */
import { around, fill, guard, h, listen } from "./dom.js";
import { Large } from "./gridlarge.js";
import { cellTo, columnOf, inSight, laid, matching, placeOf, sorted, sortOf, STATUSES, valueOf } from "./gridmath.js";
import { thumbs } from "./thumbs.js";

/** @typedef {import("./gridmath.js").Held & import("./gridmath.js").Asked & {prices: [string[], number[]], head: {running: boolean, all?: string, failed?: string},
 *   at: number, opened: number, pinned: number, twin: boolean, strings: import("./types.js").Words,
 *   details: {at: number, prompt: string, reason: string, warnings: string[], facts: string[][], code: string, kept: boolean}}} Traits */
/** @typedef {import("./types.js").Model<Traits>} Model */

const SIGNS = ["◌", "", "⊘", "⊘"];
const MOST = 60;
const TITLE = 200;
const QUIET = { "data-lm-suppress-shortcuts": true };
const INSIDE = { ...QUIET, type: "button", tabindex: -1 };

/** @param {import("./types.js").Child[]} inside @param {string} act */
const press = (act, ...inside) => h("button", { type: "button", class: "nbb-small", "data-act": act }, ...inside);

/** @param {Element} root @param {string} what */
const every = (root, what) => /** @type {HTMLElement[]} */ ([...root.querySelectorAll(what)]);

/** The cell an event began in. @param {Event} event */
const cellOf = (event, none = -1) => Number(around(event, "td[data-at]")?.getAttribute("data-at") ?? none);

export class Grid {
  /** @param {Model} model */
  constructor(model) {
    this.model = model;
    /** @type {import("./gridmath.js").Layout} */
    this.layout = { rows: [], columns: [], wrapped: true };
    /** @type {Map<number, HTMLTableRowElement>} */
    this.drawn = new Map();
    this.range = "";
    this.find = h("input", { type: "text", class: "nbb-find", oninput: () => this.ask("filter", this.find.value) });
    this.menu = h("select", { class: "nbb-only", onchange: () => this.narrow(this.menu.value) });
    this.by = h("select", { onchange: () => this.ask("sort", this.by.value && (sortOf(this.sort).down ? "-" : "") + this.by.value) });
    this.turn = press("turn");
    this.chips = h("span", { class: "nbb-row nbb-chips" });
    this.seen = h("span", { class: "nbb-hint", role: "status" });
    this.byWord = h("span");
    this.runs = { all: press("all"), failed: press("failed"), stop: press("stop") };
    this.keys = h("div", { class: "nbb-hint nbb-keys" });
    this.head = h("thead");
    this.above = h("tr", { "aria-hidden": true });
    this.below = h("tr", { "aria-hidden": true });
    this.body = h("tbody", {}, this.above, this.below);
    this.table = h("table", { role: "grid" }, this.head, this.body);
    this.window = h("div", { class: "nbb-window", tabindex: -1, ...QUIET }, this.table);
    this.root = h("div", { class: "nbb nbb-grid" },
      h("div", { class: "nbb-row" }, this.find, this.menu, this.byWord, this.by, this.turn),
      h("div", { class: "nbb-row nbb-told" }, this.seen, this.chips), this.window,
      // below: what costs money comes when it has its price, and must push nothing else away from under a click
      h("div", { class: "nbb-row" }, this.keys, h("span", { class: "nbb-row nbb-runs" }, ...Object.values(this.runs))));
    this.pictures = thumbs(model, (key) => this.came(key));
    this.large = new Large(this);
    this.asking = 0;
    this.pressing = this.late = false;
  }

  /** @param {string} key @param {Record<string, unknown>} [values] */
  text(key, values = {}) {
    return fill(this.model.get("strings")[key], values);
  }

  get plan() { return this.model.get("plan"); }

  get cells() { return this.model.get("cells"); }

  get marks() { return this.model.get("marks"); }

  get only() { return this.model.get("only"); }

  get sort() { return this.model.get("sort"); }

  get pinned() { return this.model.get("pinned"); }

  get at() { return this.model.get("at"); }

  get held() {
    const { plan, cells, marks } = this;
    return { plan, cells, marks };
  }

  /** Whether nothing may be sent now. */
  get still() {
    return this.model.get("head").running || !!this.asking || !!this.root.closest("[data-state=gone]");
  }

  /** @template {keyof Traits} K @param {K} name @param {Traits[K]} value */
  ask(name, value) {
    this.model.set(name, value);
    this.model.save_changes();
  }

  /** @param {object} message */
  send(message) {
    try {
      this.model.send(message);
    } catch {
      // no kernel: the line above says so
    }
  }

  /** One click is one run: until Python answers nothing else can be sent. @param {object} message */
  run(message) {
    if (this.still) return;
    this.asking = setTimeout(() => this.answered(), 5000);
    this.send(message);
    this.buttons();
  }

  answered() {
    clearTimeout(this.asking);
    this.asking = 0;
    this.buttons();
    this.large.buttons();
  }

  buttons() {
    const { all, failed, running } = this.model.get("head");
    for (const [name, word] of /** @type {const} */ ([["all", all], ["failed", failed]])) {
      this.runs[name].textContent = word ?? "";
      this.runs[name].hidden = !word;
      this.runs[name].disabled = this.still;
    }
    this.runs.stop.hidden = !running;
    for (const button of every(this.body, "[data-act=run]")) button.toggleAttribute("disabled", this.still);
  }

  /** What running a cell would cost, on a button; "" where it can't be run. @param {number} cell */
  price(cell) {
    const [[words, at], [status]] = [this.model.get("prices"), this.cells[cell]];
    if (at[cell] < 0 || status === 1 || status === 3) return "";
    return this.text(status ? "again" : "run", { price: words[at[cell]] });
  }

  /** @param {number} cell @param {string[]} names */
  named(cell, names) {
    const { plan } = this;
    return names.map((name) => {
      const value = valueOf(plan, name, cell);
      return typeof value === "number" ? `${columnOf(plan, name)?.title} ${value}` : value;
    }).join(" · ");
  }

  get axes() {
    const { rows, beside } = this.plan;
    return [...rows, ...beside];
  }

  /** The key of a cell's input picture. @param {number} cell */
  input(cell) {
    const { plan } = this;
    const first = plan.inputs[columnOf(plan, "image")?.at[cell] ?? 0] ?? -1;
    return first < 0 ? "" : `i${first}`;
  }

  /** @param {string} what `column:number of a value` */
  narrow(what) {
    const cut = what.lastIndexOf("/");
    const [name, value] = [what.slice(0, cut), JSON.parse(decodeURIComponent(what.slice(cut + 1)))];
    const only = this.only;
    this.ask("only", { ...only, [name]: [...new Set([...(only[name] ?? []), value])] });
  }

  /** Menus and chips: what can be shown, what is. */
  menus() {
    const { plan } = this.held;
    const [only, { by, down }] = [this.only, sortOf(this.sort)];
    const word = (/** @type {string | number} */ value) => String(value).slice(0, 80) || "–";
    const many = plan.columns.filter(({ values }) => values.length > 1);
    /** @type {[string, string, [string | number, string][]][]} */
    const groups = /** @type {any} */ ([
      ["outcome", this.text("outcome"), STATUSES.map((one) => [one, this.text(one)])],
      ["mark", this.text("mark"), ["star", "note"].map((one) => [one, this.text(one)])],
      ...many.filter(({ values }) => values.length <= MOST).map((/** @type {any} */ { name, title, values }) => [name, title, values.map((/** @type {any} */ one) => [one, word(one)])]),
    ]);
    this.menu.replaceChildren(h("option", { value: "", disabled: true, selected: true }, this.text("only")), ...groups.map(([name, title, values]) =>
      h("optgroup", { label: title }, ...values.map(([value, shown]) => h("option", { value: `${name}/${encodeURIComponent(JSON.stringify(value))}` }, shown)))));
    const sorts = [["", this.text("plan")], ...many.map(({ name, title }) => [name, title]), ...["outcome", "cost", "seconds", "star"].map((one) => [one, this.text(one)])];
    this.by.replaceChildren(...sorts.map(([value, shown]) => h("option", { value, selected: value === by }, shown)));
    this.turn.textContent = down ? "↓" : "↑";
    this.turn.title = this.turn.ariaLabel = this.text(down ? "down" : "up");
    this.turn.hidden = !by;
    const titles = new Map(groups.map(([name, title, values]) => [name, { title, values: new Map(values) }]));
    const chips = Object.entries(only).flatMap(([name, values]) => values.map((value) => {
      const what = `${titles.get(name)?.title ?? name}: ${titles.get(name)?.values.get(value) ?? word(value)}`;
      const drop = () => this.ask("only", { ...this.only, [name]: this.only[name].filter((one) => one !== value) });
      return h("button", { type: "button", class: "nbb-small", "aria-label": this.text("drop", { what }), onclick: drop }, what, " ✕");
    }));
    const any = chips.length || this.model.get("filter");
    this.chips.replaceChildren(...chips, any ? press("clear", this.text("clear")) : "");
    if (document.activeElement !== this.find) this.find.value = this.model.get("filter");
  }

  measure() {
    const wide = this.root.clientWidth - 20;
    const small = wide < 520;
    this.beside = small ? 104 : 212;
    const least = small ? 132 : 176;
    this.fit = Math.max(1, Math.floor(wide / least));
    const room = (wide - this.beside) / (this.layout.columns.length || 1);
    this.wide = Math.floor(this.layout.wrapped ? wide / this.fit : Math.max(least, Math.min(240, room)));
    this.tall = (small ? 164 : 178) + (this.layout.wrapped ? 20 : 0);
    this.root.classList.toggle("nbb-narrow", small);
    this.root.style.setProperty("--nbb-w", `${this.wide}px`);
    this.root.style.setProperty("--nbb-h", `${this.tall}px`);
    this.root.style.setProperty("--nbb-beside", `${this.beside}px`);
  }

  /** Everything anew: what matches, its order, its place. Not under a press: a click ends on what it began on, or is none. */
  arrange() {
    const { held } = this;
    this.late = this.pressing;
    if (this.late) return;
    if (!this.root.clientWidth) return;
    this.measure();
    const asked = { filter: this.model.get("filter"), only: this.only, sort: this.sort };
    const found = matching(held, asked, (status) => this.text(status));
    this.layout = laid(held.plan, sorted(held, found, asked.sort), this.fit ?? 1);
    this.measure();
    const filtered = found.length < held.plan.count;
    this.seen.textContent = !found.length ? this.text("none") : filtered ? this.text("seen", { seen: found.length, count: held.plan.count }) : "";
    const titles = held.plan.rows.map((name) => columnOf(held.plan, name)?.title).join(" × ");
    this.corner = this.layout.wrapped ? null : h("th", { scope: "col", class: "nbb-corner" }, titles);
    this.table.setAttribute("aria-rowcount", String(this.layout.rows.length + Number(!this.layout.wrapped)));
    if (!this.layout.wrapped) this.table.setAttribute("aria-colcount", String(this.layout.columns.length + 1));
    this.table.ariaLabel = this.text("grid");
    this.root.classList.toggle("nbb-wrapped", this.layout.wrapped);
    this.keys.textContent = this.text("keys");
    this.window.hidden = !found.length;
    this.menus();
    this.redraw();
  }

  redraw() {
    this.drawn.clear();
    this.range = "";
    this.draw();
    this.buttons();
  }

  /** Only what is in sight is on the page. */
  draw() {
    const { layout: { rows, columns, wrapped }, window: { scrollTop, scrollLeft, clientHeight, clientWidth } } = this;
    const [tall, wide, beside] = [this.tall ?? 1, this.wide ?? 1, this.beside ?? 0];
    const [first, last] = inSight(scrollTop, clientHeight, tall, rows.length);
    const [left, right] = wrapped ? [0, this.fit ?? 1] : inSight(scrollLeft, clientWidth - beside, wide, columns.length, 1);
    const range = [first, last, left, right].join();
    if (range === this.range) return;
    const [, , oldLeft, oldRight] = this.range.split(",").map(Number);
    if (oldLeft !== left || oldRight !== right) this.drawn.clear();
    this.range = range;
    const focused = this.body.contains(document.activeElement);
    const gap = (/** @type {number} */ count, /** @type {string} */ tag) => count ? [h(/** @type {"td"} */ (tag), { style: `padding:0;min-width:${count * wide}px`, "aria-hidden": true })] : [];
    const ends = wrapped ? [0, 0] : [left, columns.length - right];
    if (!wrapped) this.head.replaceChildren(h("tr", { "aria-rowindex": 1 }, this.corner, ...gap(ends[0], "td"), ...columns.slice(left, right).map((cell, at) => this.column(cell, left + at)), ...gap(ends[1], "td")));
    else this.head.replaceChildren();
    this.above.style.height = `${first * tall}px`;
    this.below.style.height = `${(rows.length - last) * tall}px`;
    // upwards, each before the next; what goes goes last: the window's place would be lost with its height
    const shown = new Set([this.above, this.below]);
    for (let [row, next] = [last - 1, this.below]; row >= first; row--) {
      let line = this.drawn.get(row);
      if (!line) {
        line = h("tr", { "aria-rowindex": row + (wrapped ? 1 : 2) }, !wrapped && this.row(rows[row]), ...gap(ends[0], "td"),
          ...rows[row].slice(left, right).map((cell, at) => this.cell(cell, left + at)), ...gap(ends[1], "td"));
        this.drawn.set(row, line);
        this.body.insertBefore(line, next);
      }
      shown.add(next = line);
    }
    for (const row of this.drawn.keys()) if (row < first || row >= last) this.drawn.delete(row);
    for (const old of every(this.body, "tr")) if (!shown.has(/** @type {any} */ (old))) old.remove();
    this.stop();
    if (focused && !this.body.contains(document.activeElement)) (this.focused() ?? this.window).focus({ preventScroll: true });
    this.want();
  }

  /** One stop for the Tab key: the active cell, or the window while that one is out of sight. */
  stop() {
    for (const old of every(this.body, "td[tabindex='0']")) old.tabIndex = -1;
    const active = this.focused();
    if (active) active.tabIndex = 0;
    this.window.tabIndex = active ? -1 : 0;
  }

  focused() {
    return every(this.body, `td[data-at="${this.at}"]`)[0];
  }

  /** Pictures of what is in sight, once the scrolling rests. */
  want() {
    clearTimeout(this.wanting);
    this.wanting = setTimeout(() => this.pictures.want(every(this.body, "[data-key]").map((box) => box.dataset.key)), 60);
  }

  /** @param {string} key */
  came(key) {
    for (const box of every(this.root, `[data-key="${key}"]`)) this.thumb(box, key);
  }

  /** @param {HTMLElement} box @param {string} key */
  thumb(box, key) {
    const url = key && this.pictures.url(key);
    if (key) box.dataset.key = key;
    if (url) box.replaceChildren(h("img", { src: url, alt: "", draggable: "false" }));
    return box;
  }

  /** @param {string} words @param {string} kind */
  words(words, kind) {
    return h("span", { class: kind, dir: "auto", title: words.slice(0, 2000) }, words.slice(0, TITLE));
  }

  /** @param {number} cell @param {number} at */
  column(cell, at) {
    const { plan } = this;
    const whole = plan.beside.map((name) => `${columnOf(plan, name)?.title}: ${valueOf(plan, name, cell)}`).join("\n");
    const kind = plan.beside.length === 1 && plan.beside[0] !== "take" ? columnOf(plan, plan.beside[0])?.title : "";
    const words = this.words(this.named(cell, plan.beside), "nbb-clamp");
    words.title = whole;
    return h("th", { scope: "col", "aria-colindex": at + 2 }, kind && h("span", { class: "nbb-hint" }, kind), words);
  }

  /** @param {number[]} row */
  row(row) {
    const cell = /** @type {number} */ (row.find((one) => one >= 0));
    const { plan } = this;
    const image = plan.rows.includes("image") && String(valueOf(plan, "image", cell));
    const others = this.named(cell, plan.rows.filter((name) => name !== "image"));
    const key = this.input(cell);
    return h("th", { scope: "row", "aria-colindex": 1 }, h("div", { class: "nbb-lead" }, key && this.thumb(h("div", { class: "nbb-thumb" }), key),
      image && this.words(image, "nbb-name"), others && this.words(others, "nbb-clamp")));
  }

  /** @param {number} cell @param {number} at */
  cell(cell, at) {
    const place = { role: "gridcell", "aria-colindex": at + (this.layout.wrapped ? 1 : 2) };
    if (cell < 0) return h("td", { ...place, class: "nbb-none" });
    const td = h("td", { ...place, ...QUIET, tabindex: -1, "data-at": cell });
    this.paint(td, cell);
    return td;
  }

  /** @param {HTMLElement} td @param {number} cell */
  paint(td, cell) {
    const [status, words] = this.cells[cell];
    const [star, note] = this.marks[cell] ?? [false, ""];
    const done = status === 1;
    const label = this.price(cell);
    const why = status > 1 && h("span", { class: "nbb-why", dir: "auto", title: words }, words);
    const box = this.thumb(h("div", { class: "nbb-thumb" }, !why && SIGNS[status], why), done ? `r${cell}` : "");
    const said = done ? words : `${SIGNS[status]} ${this.text(STATUSES[status])}`;
    const run = label && h("button", { ...INSIDE, class: "nbb-small", "data-act": "run" }, label);
    if (run) run.disabled = this.still;
    td.className = `nbb-${STATUSES[status]}${this.pinned === cell ? " nbb-pinned" : ""}`;
    td.replaceChildren(.../** @type {Node[]} */ ([
      this.layout.wrapped && this.words(this.named(cell, this.axes) || this.named(cell, ["prompt"]), "nbb-name"), box,
      h("span", { class: "nbb-words", dir: "auto", title: said }, this.pinned === cell && "⇄ ", note && "✎ ", said),
      run, done && h("button", { ...INSIDE, class: "nbb-star", "data-act": "star", "aria-pressed": `${star}`, "aria-label": this.text("star_one"), title: this.text("star_one") }, star ? "★" : "☆"),
    ].filter(Boolean)));
  }

  /** Cells that look different now. @param {Iterable<number>} cells */
  repaint(cells) {
    const changed = new Set(cells);
    for (const td of every(this.body, "td[data-at]")) {
      const cell = Number(td.dataset.at);
      if (!changed.has(cell)) continue;
      const inside = td !== document.activeElement && td.contains(document.activeElement);
      this.paint(td, cell);
      if (inside) td.focus({ preventScroll: true });
    }
    this.want();
  }

  /** Outcomes: the order changes only where it depends on them. @param {Record<string, import("./gridmath.js").Outcome>} rows */
  put(rows) {
    const [{ by }, only] = [sortOf(this.sort), this.only];
    if (["outcome", "cost", "seconds"].includes(by) || only.outcome?.length || this.model.get("filter")) this.arrange();
    else this.repaint(Object.keys(rows).map(Number));
    if (this.model.get("opened") in rows) this.large.draw();
  }

  /** Give a cell the focus, in sight. @param {number} cell */
  go(cell, focus = true) {
    const place = placeOf(this.layout, cell);
    if (!place) return;
    const { window: win } = this;
    const [tall, wide, beside] = [this.tall ?? 1, this.wide ?? 1, this.layout.wrapped ? 0 : (this.beside ?? 0)];
    const [top, left] = [place[0] * tall, place[1] * wide];
    const head = this.head.offsetHeight;
    win.scrollTop = Math.max(Math.min(win.scrollTop, top), top + tall + head - win.clientHeight);
    if (!this.layout.wrapped) win.scrollLeft = Math.max(Math.min(win.scrollLeft, left), left + wide + beside - win.clientWidth);
    if (this.at !== cell) this.ask("at", cell);
    this.draw();
    this.stop();
    if (focus) this.focused()?.focus({ preventScroll: true });
  }

  /** @param {number} cell */
  star(cell) {
    if (this.cells[cell][0] === 1) this.send({ t: "star", at: cell, on: !this.marks[cell]?.[0] });
  }

  /** Mark a cell to compare others with, or end that. @param {number} cell */
  pin(cell) {
    const { pinned } = this;
    const done = this.cells[cell][0] === 1;
    if (pinned >= 0 && pinned !== cell && !this.large.dialog.open) return this.large.open(cell);
    this.ask("pinned", pinned >= 0 ? -1 : done ? cell : -1);
    this.seen.textContent = this.text(done ? "pinned" : "no_picture");
    if (pinned >= 0) this.seen.textContent = "";
  }

  /** @param {string} act @param {number} cell */
  act(act, cell) {
    if (act === "run") this.run({ t: "run", at: cell });
    else if (act === "star") this.star(cell);
    else if (act === "all" || act === "failed") this.run({ t: act });
    else if (act === "stop") this.send({ t: "stop" });
    else if (act === "turn") this.ask("sort", this.sort.startsWith("-") ? this.sort.slice(1) : `-${this.sort}`);
    else if (act === "clear") {
      this.find.value = "";
      this.model.set("filter", "");
      this.ask("only", {});
      this.find.focus();
    }
  }

  /** @param {MouseEvent} event */
  clicked(event) {
    const [button, cell] = [around(event, "[data-act]"), cellOf(event)];
    if (cell >= 0) this.go(cell);
    if (button instanceof HTMLElement) this.act(button.dataset.act ?? "", cell);
    else if (cell >= 0 && event.detail < 2) this.large.open(cell);
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    const { key } = event;
    if (event.altKey || event.metaKey || (around(event, "button") && key === "Enter")) return;
    const at = cellOf(event, this.at);
    const page = Math.max(1, Math.floor(this.window.clientHeight / (this.tall ?? 1)) - 1);
    const to = this.layout.rows.length ? cellTo(this.layout, at, key, page, event.ctrlKey) : null;
    /** @type {Record<string, () => void>} */
    const acts = { Enter: () => this.large.open(at), s: () => this.star(at), c: () => this.pin(at),
      r: () => every(this.body, `td[data-at="${at}"] [data-act=run]`)[0]?.focus() };
    const act = event.ctrlKey ? undefined : acts[key] ?? acts[key.toLowerCase()];
    if (to === null && !act) return;
    event.preventDefault();
    event.stopPropagation();
    if (to !== null) this.go(to);
    else act?.();
  }
}

/** @param {{model: Model}} context */
function initialize({ model }) {
  // one listener for all views: what is shown later must know it too
  const heard = (/** @type {{t: string, rows: Record<string, import("./gridmath.js").Outcome>}} */ { t, rows }) => {
    if (t === "cells") Object.assign(model.get("cells"), rows);
  };
  model.on("msg:custom", heard);
  return () => model.off("msg:custom", heard);
}

/** @param {{model: Model, el: HTMLElement}} context */
function render({ model, el }) {
  const grid = new Grid(model);
  el.append(grid.root);
  const arrange = () => grid.arrange();
  const label = () => {
    grid.find.placeholder = grid.find.ariaLabel = grid.text("filter");
    grid.menu.ariaLabel = grid.text("only");
    grid.byWord.textContent = grid.by.ariaLabel = grid.text("sort");
    grid.runs.stop.textContent = `■ ${grid.text("stop")}`;
    grid.root.classList.toggle("nbb-twin", model.get("twin"));
    grid.arrange();
    grid.large.label();
  };
  let drawing = 0;
  grid.window.addEventListener("scroll", () => { drawing ||= requestAnimationFrame(() => { drawing = 0; grid.draw(); }); }, { passive: true });
  grid.root.addEventListener("click", (event) => grid.clicked(event));
  grid.window.addEventListener("keydown", (event) => grid.pressed(event));
  grid.root.addEventListener("pointerdown", (event) => { grid.pressing = !!around(event, "button,td"); });
  const ended = new AbortController();
  // the click itself comes before the timeout
  for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, () => setTimeout(() => {
    grid.pressing = false;
    if (grid.late) grid.arrange();
  }), ended);
  let wide = 0;
  const sized = new ResizeObserver(() => {
    if (grid.root.clientWidth === wide) return grid.draw();
    wide = grid.root.clientWidth;
    grid.arrange();
  });
  sized.observe(grid.root);
  let [marks, pinned] = [grid.marks, grid.pinned];
  const unheard = listen(model, {
    "change:plan": label, "change:strings": label, "change:cells": arrange, "change:filter": arrange, "change:only": arrange, "change:sort": arrange, "change:prices": arrange,
    "change:marks": () => {
      const both = Object.keys({ ...marks, ...(marks = model.get("marks")) }).map(Number);
      if (model.get("only").mark?.length || model.get("sort").endsWith("star")) grid.arrange();
      else grid.repaint(both);
      grid.large.buttons();
    },
    "change:head": () => grid.answered(),
    "change:pinned": () => {
      grid.repaint([pinned, pinned = grid.pinned]);
      grid.large.buttons();
    },
    "change:at": () => grid.stop(),
    "change:opened": () => grid.large.follow(),
    "change:details": () => grid.large.draw(),
    "msg:custom": (/** @type {any} */ { t, rows }) => { if (t === "cells") grid.put(rows); },
  });
  label();
  // the table marks its own elements: it has new ones at every scroll
  const unguards = [...grid.root.children].filter((part) => part !== grid.window).map(guard);
  return () => {
    for (const unguard of unguards) unguard();
    unheard();
    ended.abort();
    sized.disconnect();
    grid.pictures.stop();
  };
}

export default { initialize, render };
