// @ts-check
/** Files on their way to Python, in pieces with acknowledgements: one message over 10 MiB closes Jupyter's connection
 * without a word. What a broken connection takes along is sent again: after a silence Python is asked what it holds. */
import { h } from "./dom.js";
import { amount } from "./files.js";

/** @typedef {ReturnType<Uploads["card"]>} Upload */

export const PIECE = 1_000_000;
const IN_FLIGHT = 4;
const WAITING = 1500;
const ASK_AGAIN = 4000;

/** @type {import("./types.js").Button} */
export const button = (kind, words, onclick, more, ...inside) =>
  h("button", { type: "button", class: `nbb-${kind}`, title: words || null, "aria-label": words || null, onclick, ...more }, ...inside);

/** How many pieces a file of `size` bytes makes; an empty file is one empty piece. @param {number} size */
export function pieces(size) {
  return Math.max(1, Math.ceil(size / PIECE));
}

/** The state of one transfer: which pieces to send now, and how far Python has got. @param {number} total */
export function transfer(total) {
  let sent = 0;
  let got = 0;
  let asked = 0;
  return {
    /** The pieces that may go out now. */
    due() {
      /** @type {number[]} */
      const now = [];
      while (sent < total && sent - got < IN_FLIGHT) now.push(sent++);
      return now;
    },
    /** @param {number} count pieces Python holds */
    ack: (count) => { got = Math.max(got, count); },
    /** Python is asked what it holds; what is sent from here on is on its way. */
    ask: () => { asked = sent; },
    /** The pieces that went out before it was asked, and did not arrive. @param {number[]} held @returns {number[]} */
    lost(held) {
      const there = new Set(held);
      return [...Array(asked).keys()].filter((i) => !there.has(i));
    },
    get fraction() {
      return got / total;
    },
  };
}

export class Uploads {
  /** @param {import("./tray.js").Tray} tray */
  constructor(tray) {
    this.tray = tray;
    /** @type {Map<string, Upload>} */
    this.all = new Map();
  }

  get nodes() {
    return [...this.all.values()].map((one) => one.node);
  }

  /** A file on its way and its card. @param {File} file @param {string} id */
  card(file, id) {
    const bar = h("progress", { max: 1, value: 0, "aria-label": file.name });
    const state = h("div", { class: "nbb-facts" }, amount(file.size));
    const cancel = () => {
      this.tray.send({ t: "drop", id });
      this.ended(id);
    };
    const stop = button("icon", this.tray.text("cancel", { name: file.name }), cancel, {}, "✕");
    const node = h("li", { class: "nbb-card nbb-sending" }, h("div", { class: "nbb-thumb" }, bar),
      h("div", { class: "nbb-name" }, file.name), state, h("div", { class: "nbb-tools" }, stop));
    return { id, file, transfer: transfer(pieces(file.size)), bar, state, node, timer: 0, again: 0 };
  }

  /** @param {File} file */
  begin(file) {
    const id = `u${Math.random().toString(36).slice(2)}`;
    const one = this.card(file, id);
    this.all.set(id, one);
    this.announce(one, false);
    this.pump(one);
  }

  /** Say what comes, and later ask again what of it came; Python answers with what it holds. @param {Upload} one @param {boolean} again */
  announce(one, again) {
    const { id, file: { name, size } } = one;
    one.transfer.ask();
    this.tray.send({ t: "begin", id, again, name, size, n: pieces(size) });
    this.askLater(one);
  }

  /** @param {Upload} one */
  askLater(one) {
    clearTimeout(one.again);
    one.again = setTimeout(() => this.announce(one, true), ASK_AGAIN);
  }

  /** @param {Upload} one */
  pump(one, which = one.transfer.due()) {
    clearTimeout(one.timer);
    one.timer = setTimeout(() => { one.state.textContent = this.tray.text("waiting"); }, WAITING);
    this.sendPieces(one, which);
  }

  /** @param {Upload} one @param {number[]} which */
  async sendPieces({ id, file }, which) {
    for (const i of which) {
      try {
        this.tray.send({ t: "piece", id, i }, [await file.slice(i * PIECE, (i + 1) * PIECE).arrayBuffer()]);
      } catch {
        this.tray.send({ t: "unreadable", id, name: file.name });
        this.ended(id);
      }
    }
  }

  /** Python holds so many pieces; asked, it says which. @param {string} id @param {number} got @param {number[]} [held] */
  acked(id, got, held) {
    const one = this.all.get(id);
    if (!one) return;
    this.askLater(one);
    one.transfer.ack(got);
    if (held) this.sendPieces(one, one.transfer.lost(held));
    one.bar.value = one.transfer.fraction;
    one.state.textContent = `${Math.round(100 * one.transfer.fraction)} % · ${amount(one.file.size)}`;
    this.pump(one);
  }

  /** @param {string} id */
  ended(id) {
    const one = this.all.get(id);
    clearTimeout(one?.timer);
    clearTimeout(one?.again);
    this.all.delete(id);
    this.tray.draw();
  }

  stop() {
    for (const id of this.all.keys()) this.ended(id);
  }
}
