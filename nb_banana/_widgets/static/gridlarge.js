// @ts-check
/** One cell of a grid, large: its input or another cell beside it, its facts, its code, its star and note. */
import { around, fill, h } from "./dom.js";
import { cellTo, placeOf } from "./gridmath.js";

const ARROWS = /** @type {const} */ ([["ArrowLeft", "left", "←"], ["ArrowUp", "above", "↑"], ["ArrowDown", "below", "↓"], ["ArrowRight", "right", "→"]]);
const NOTE_MS = 800;

export class Large {
  /** @param {import("./grid.js").Grid} grid */
  constructor(grid) {
    this.grid = grid;
    const { model } = grid;
    /** @param {string} act @param {string} sign */
    const button = (act, sign = "", more = {}) => h("button", { type: "button", class: "nbb-small", "data-large": act, ...more }, sign);
    this.title = h("h2", { dir: "auto" });
    this.place = h("span", { class: "nbb-hint", role: "status" });
    this.walks = ARROWS.map(([key, , sign]) => button(key, sign));
    this.starry = button("star", "", { "aria-pressed": "false" });
    this.other = button("c", "", { "aria-pressed": "false" });
    this.run = button("run");
    this.close = button("close", "✕");
    this.slot = h("div", { class: "nbb-slot" });
    this.reason = h("p", { class: "nbb-reason", dir: "auto" });
    this.promptHead = h("h3");
    this.prompt = h("p", { class: "nbb-whole", dir: "auto" });
    this.noteWord = h("span");
    this.note = h("textarea", { rows: 2, dir: "auto", oninput: () => this.write(NOTE_MS), onchange: () => this.write(0) });
    this.factsHead = h("h3");
    this.facts = h("table");
    this.codeHead = h("summary");
    this.code = h("code");
    this.copy = button("copy");
    this.dialog = h("dialog", { class: "nbb-large", tabindex: -1, onclose: () => this.left(), onkeydown: (/** @type {KeyboardEvent} */ event) => this.pressed(event), onclick: (/** @type {MouseEvent} */ event) => this.clicked(event) },
      h("div", { class: "nbb-row" }, h("span", { class: "nbb-row nbb-walks" }, ...this.walks), this.title, this.place, h("span", { class: "nbb-row nbb-runs" }, this.starry, this.other, this.run, this.close)),
      h("div", { class: "nbb-inside" }, this.slot, h("div", { class: "nbb-side" }, this.reason, this.promptHead, this.prompt,
        h("label", { class: "nbb-noted" }, this.noteWord, this.note), this.factsHead, this.facts,
        h("details", {}, this.codeHead, h("pre", { tabindex: 0 }, this.code), this.copy))));
    grid.root.append(this.dialog);
    this.model = model;
    this.writing = 0;
    this.written = -1;
  }

  label() {
    const { grid } = this;
    this.dialog.ariaLabel = grid.text("large");
    this.walks.forEach((walk, at) => { walk.title = walk.ariaLabel = grid.text(ARROWS[at][1]); });
    this.close.title = this.close.ariaLabel = grid.text("close");
    this.promptHead.textContent = grid.text("prompt");
    this.factsHead.textContent = grid.text("facts");
    this.codeHead.textContent = grid.text("code");
    this.copy.textContent = grid.text("copy");
    this.noteWord.textContent = grid.text("note_label");
    this.draw();
  }

  /** @param {number} cell */
  open(cell) {
    if (!this.dialog.open) {
      // the viewer stands beside the table in the notebook: here it stands in the dialog
      this.viewer = this.grid.root.closest(".nb-banana-grid")?.querySelector(".nb-banana-grid-view > *");
      if (this.viewer) this.slot.append(this.viewer);
      this.dialog.showModal();
      this.dialog.focus();
    }
    this.flush();
    if (this.model.get("opened") !== cell) this.grid.ask("opened", cell);
    this.draw();
  }

  /** Python may open a cell too. */
  follow() {
    const cell = this.model.get("opened");
    if (cell < 0) this.dialog.close();
    else if (this.dialog.open || this.grid.root.checkVisibility()) this.open(cell);
  }

  left() {
    this.flush();
    const cell = this.model.get("opened");
    if (this.viewer) this.grid.root.closest(".nb-banana-grid")?.querySelector(".nb-banana-grid-view")?.append(this.viewer);
    if (cell >= 0) this.grid.ask("opened", -1);
    this.grid.go(cell >= 0 ? cell : this.model.get("at"));
  }

  draw() {
    const [cell, { grid, model }] = [model_opened(this), this];
    if (cell < 0) return;
    const details = model.get("details");
    const here = details.at === cell;
    const place = placeOf(grid.layout, cell);
    this.title.textContent = (grid.named(cell, grid.axes) || grid.named(cell, ["prompt"])).slice(0, 160);
    const columns = grid.layout.wrapped ? grid.layout.rows[place?.[0] ?? 0]?.length : grid.layout.columns.length;
    this.place.textContent = place ? grid.text("place", { row: place[0] + 1, rows: grid.layout.rows.length, column: place[1] + 1, columns }) : "";
    this.slot.classList.toggle("nbb-late", !here);
    this.prompt.textContent = here ? details.prompt : "";
    this.reason.textContent = here ? [details.reason && `⊘ ${details.reason}`, ...details.warnings.map((one) => `⚠ ${one}`)].filter(Boolean).join("\n") : "";
    this.reason.hidden = !this.reason.textContent;
    this.reason.classList.toggle("nbb-refused", here && !!details.reason);
    this.facts.replaceChildren(...(here ? details.facts : []).map(([name, value]) => h("tr", {}, h("th", { scope: "row" }, name), h("td", { dir: "auto" }, value))));
    this.code.textContent = here ? details.code : "";
    if (this.written !== cell || !this.writing) this.note.value = grid.marks[cell]?.[1] ?? "";
    this.written = cell;
    this.buttons();
  }

  buttons() {
    const [cell, { grid }] = [model_opened(this), this];
    if (cell < 0) return;
    const [star, note] = grid.marks[cell] ?? [false, ""];
    const done = grid.cells[cell][0] === 1;
    const pinned = grid.pinned;
    this.starry.textContent = star ? "★" : "☆";
    this.starry.ariaPressed = String(star);
    this.starry.title = this.starry.ariaLabel = grid.text("star_one");
    this.starry.disabled = !done;
    this.other.textContent = pinned >= 0 ? fill(grid.text("compared"), { name: grid.named(pinned, grid.axes).slice(0, 60) }) : grid.text("compare");
    this.other.ariaPressed = String(pinned >= 0);
    this.other.disabled = pinned < 0 && !done;
    const price = grid.price(cell);
    this.run.textContent = price;
    this.run.hidden = !price;
    this.run.disabled = grid.still;
    this.note.disabled = !done;
    if (document.activeElement !== this.note) this.note.value = note;
    ARROWS.forEach(([key], at) => { this.walks[at].disabled = cellTo(grid.layout, cell, key) === cell; });
    // a button that is disabled under the focus takes the keys with it
    if (this.dialog.querySelector(":disabled:focus")) this.dialog.focus();
  }

  /** @param {string} key */
  walk(key) {
    const next = cellTo(this.grid.layout, this.model.get("opened"), key);
    if (next === null) return;
    this.grid.go(next, false);
    this.open(next);
  }

  /** @param {number} ms until the note is kept */
  write(ms) {
    clearTimeout(this.writing);
    const cell = this.model.get("opened");
    this.writing = setTimeout(() => this.keep(cell), ms);
  }

  /** @param {number} cell */
  keep(cell) {
    clearTimeout(this.writing);
    this.writing = 0;
    if (cell >= 0 && this.note.value !== (this.grid.marks[cell]?.[1] ?? "")) this.grid.send({ t: "note", at: cell, text: this.note.value });
  }

  flush() {
    if (this.writing) this.keep(this.written);
  }

  async copied() {
    let word = "copied";
    try {
      await navigator.clipboard.writeText(this.code.textContent ?? "");
    } catch {
      getSelection()?.selectAllChildren(this.code);
      word = "copy_failed";
    }
    this.copy.textContent = this.grid.text(word);
    setTimeout(() => { this.copy.textContent = this.grid.text("copy"); }, 2000);
  }

  /** @param {string} act */
  act(act) {
    const cell = this.model.get("opened");
    if (act === "close") this.dialog.close();
    else if (act === "star" || act === "s") this.grid.star(cell);
    else if (act === "c") this.grid.pin(cell);
    else if (act === "run") this.grid.run({ t: "run", at: cell });
    else if (act === "r") this.run.focus();
    else if (act === "copy") this.copied();
    else this.walk(act);
    this.buttons();
  }

  /** @param {MouseEvent} event */
  clicked(event) {
    event.stopPropagation();
    const button = around(event, "[data-large]");
    if (button instanceof HTMLElement) this.act(button.dataset.large ?? "");
  }

  /** Arrows walk, except where they write, choose, slide, or move a picture that is zoomed. @param {KeyboardEvent} event */
  pressed(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const busy = around(event, "input,textarea,select,pre") || (around(event, ".nbb-frame") && this.slot.querySelector(".nbb-zoomed"));
    if (busy || !/^(Arrow\w+|Home|End|[scr])$/i.test(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    this.act(event.key.length === 1 ? event.key.toLowerCase() : event.key);
  }
}

/** The cell seen large, if it still is there. @param {Large} large */
function model_opened({ model, dialog }) {
  const cell = model.get("opened");
  return dialog.open && cell < model.get("plan").count ? cell : -1;
}
