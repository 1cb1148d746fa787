// @ts-check
/**
 * The results of a panel in the order they came, and what is on its way: a row of tiles. Python says what each is;
 * a tile is made anew only when that changes, its small picture is asked for when it comes into sight.
 */
import { around, fill, guard, h, listen } from "./dom.js";
import { thumbs } from "./thumbs.js";

/** @typedef {{id: string, key: string, state: string, label: string, words: string, facts: string, starred: boolean, first: boolean, code: string, drag: string, name: string}} Tile */
/** @typedef {import("./types.js").Model<{items: Tile[], at: string, strings: import("./types.js").Words}>} Model */

/** @type {Record<string, string>} what a tile without a picture shows */
const SIGNS = { failed: "✕", waiting: "…", stopped: "■", unsent: "■", running: "" };
/** @type {Record<string, string>} the one thing that can be done with a tile, beside looking at it */
const ACTS = { late: "show", failed: "retry", unsent: "retry", waiting: "drop" };
const DRAGGED = "application/x-nb-banana-result";

/** The tile a key leads to, or null. @param {string} key @param {number} at @param {number} count */
export function tileTo(key, at, count) {
  /** @type {Record<string, number>} */
  const places = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: count - 1 };
  return key in places && count ? Math.min(count - 1, Math.max(0, places[key])) : null;
}

class Reel {
  /** @param {Model} model */
  constructor(model) {
    this.model = model;
    this.root = h("ol", { class: "nbb nbb-reel" });
    /** @type {Map<string, {said: string, node: HTMLElement}>} */
    this.drawn = new Map();
    /** @type {{id: string, url: string} | null} the original of the tile that is pressed, should it be dragged */
    this.held = null;
    this.pictures = thumbs(model, (key) => this.came(key));
    this.seen = new IntersectionObserver((entries) => {
      this.pictures.want(entries.filter((one) => one.isIntersecting).map(({ target }) => /** @type {HTMLElement} */ (target).dataset.key));
    }, { root: this.root, rootMargin: "0px 400px" });
  }

  get tiles() {
    return this.model.get("items");
  }

  /** @param {string} key @param {object} [values] */
  text(key, values = {}) {
    return fill(this.model.get("strings")[key], { ...values });
  }

  /** @param {string} key */
  came(key) {
    for (const tile of this.tiles) {
      const image = tile.key === key && this.drawn.get(tile.id)?.node.querySelector("img");
      if (image) image.src = this.pictures.url(key) ?? "";
    }
  }

  /** @param {Tile} tile */
  made(tile) {
    const { id, state, words, facts, label } = tile;
    const [act, url] = [ACTS[state], this.pictures.url(tile.key)];
    /** @param {string} does @param {string} said @param {object} [more] */
    const button = (does, said, more = {}) =>
      h("button", { type: "button", class: `nbb-does nbb-${does}`, "data-act": does, title: this.text(does), "aria-label": `${this.text(does)}: ${label}`, ...more }, said);
    return h("li", { class: `nbb-tile nbb-is-${state}${tile.first ? " nbb-first" : ""}`, "data-id": id, "data-key": tile.key || null },
      h("button", { type: "button", class: "nbb-look", "data-act": "look", title: words, "aria-label": this.text(`is_${state}`, { label, words }), draggable: tile.key ? "true" : null },
        tile.key ? h("img", { src: url || null, alt: "", draggable: "false" }) : h("span", { class: "nbb-mark", "aria-hidden": "true" }, SIGNS[state]),
        h("b", {}, label)),
      tile.key && state === "done" && button("star", tile.starred ? "★" : "☆", { "aria-pressed": String(tile.starred) }),
      act && button(act, this.text(act)),
      h("div", { class: "nbb-facts" }, words), facts && h("div", { class: "nbb-facts" }, facts));
  }

  draw() {
    const { root, drawn, tiles } = this;
    const said = JSON.stringify(this.model.get("strings"));
    const had = root.contains(document.activeElement) ? /** @type {HTMLElement} */ (document.activeElement) : null;
    const [id, act] = [had?.closest("li")?.dataset.id, had?.dataset.act];
    for (const tile of tiles) {
      const now = JSON.stringify(tile) + said;
      const before = drawn.get(tile.id);
      if (before?.said === now) continue;
      const node = this.made(tile);
      if (before) before.node.replaceWith(node);
      drawn.set(tile.id, { said: now, node });
      if (tile.key) this.seen.observe(node);
    }
    const kept = new Set(tiles.map((tile) => tile.id));
    for (const [gone, { node }] of drawn) {
      if (kept.has(gone)) continue;
      node.remove();
      drawn.delete(gone);
    }
    tiles.forEach((tile, at) => {
      const node = drawn.get(tile.id)?.node;
      if (node && root.children[at] !== node) root.insertBefore(node, root.children[at] ?? null);
    });
    root.hidden = !tiles.length;
    root.setAttribute("aria-label", this.text("reel"));
    this.point();
    if (had && !had.isConnected) /** @type {HTMLElement | null | undefined} */ (drawn.get(id ?? "")?.node.querySelector(`[data-act="${act}"]`))?.focus();
  }

  /** @param {string} id @returns {HTMLElement | null | undefined} */
  looks(id) {
    return this.drawn.get(id)?.node.querySelector(".nbb-look");
  }

  /** Mark the tile that is shown, and bring it into sight. */
  point() {
    const at = this.model.get("at");
    for (const [id, { node }] of this.drawn) {
      const look = node.querySelector(".nbb-look");
      look?.setAttribute("aria-current", String(id === at));
      look?.setAttribute("tabindex", id === at || (!this.drawn.has(at) && node === this.root.firstElementChild) ? "0" : "-1");
    }
    const node = this.drawn.get(at)?.node;
    if (node) this.root.scrollLeft = Math.min(node.offsetLeft - 8, Math.max(this.root.scrollLeft, node.offsetLeft + node.offsetWidth + 8 - this.root.clientWidth));
  }

  /** @param {Event} event */
  tileOf(event) {
    const id = around(event, "li")?.getAttribute("data-id");
    return this.tiles.find((tile) => tile.id === id);
  }

  /** @param {string} act @param {Tile} tile */
  does(act, tile) {
    this.model.send({ t: act, id: tile.id, on: !tile.starred });
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    const tile = this.tileOf(event);
    if (!tile || event.ctrlKey || event.metaKey || event.altKey) return;
    const to = tileTo(event.key, this.tiles.indexOf(tile), this.tiles.length);
    const act = { s: "star", delete: "drop", r: "retry" }[event.key.toLowerCase()];
    if (to === null && !(act && (act === "star" ? tile.key : ACTS[tile.state] === act))) return;
    event.preventDefault();
    event.stopPropagation();
    if (to === null) this.does(/** @type {string} */ (act), tile);
    else this.looks(this.tiles[to].id)?.focus();
  }

  /** Ask for the original as soon as a tile is pressed: a file can be dragged out only if it is here by then. @param {Event} event */
  hold(event) {
    const tile = this.tileOf(event);
    if (tile?.key && this.held?.id !== tile.id) this.model.send({ t: "full", id: tile.id });
  }

  /** @param {{id: string, mime: string}} message @param {DataView<ArrayBuffer>[]} buffers */
  full({ id, mime }, buffers) {
    if (this.held) URL.revokeObjectURL(this.held.url);
    this.held = { id, url: URL.createObjectURL(new Blob(buffers, { type: mime })) };
  }

  /** To the tray as a result, to a cell as code, to the desktop as a file. @param {DragEvent} event */
  drag(event) {
    const [tile, data] = [this.tileOf(event), event.dataTransfer];
    if (!tile?.key || !data) return;
    data.effectAllowed = "copy";
    data.setData(DRAGGED, tile.drag);
    data.setData("text/plain", tile.code);
    if (this.held?.id === tile.id) data.setData("DownloadURL", `application/octet-stream:${tile.name}:${this.held.url}`);
  }

  stop() {
    this.seen.disconnect();
    this.pictures.stop();
    if (this.held) URL.revokeObjectURL(this.held.url);
  }
}

/** @param {{model: Model, el: HTMLElement}} context */
function render({ model, el }) {
  const reel = new Reel(model);
  const { root } = reel;
  el.append(root);
  root.addEventListener("click", (event) => {
    const [act, tile] = [around(event, "[data-act]")?.getAttribute("data-act"), reel.tileOf(event)];
    if (act && tile) reel.does(act, tile);
  });
  root.addEventListener("keydown", (event) => reel.pressed(event));
  root.addEventListener("pointerdown", (event) => reel.hold(event));
  root.addEventListener("dragstart", (event) => reel.drag(event));
  const draw = () => reel.draw();
  const unheard = listen(model, {
    "msg:custom": (message, buffers) => { if (message.t === "full") reel.full(message, buffers); },
    "change:items": draw, "change:strings": draw, "change:at": () => reel.point(),
  });
  draw();
  const unguard = guard(root);
  return () => {
    unguard();
    unheard();
    reel.stop();
  };
}

export default { render };
