// @ts-check
/**
 * Files on their way to Python, in pieces of at most 1 MB with acknowledgements, because one message
 * over 10 MiB closes Jupyter's connection without a word. What a connection that breaks takes along is sent
 * again: after a while without a word Python is asked what it holds.
 */
import { h } from "./dom.js";
import { amount } from "./files.js";

/** @typedef {Pick<import("./types.js").Model<{}>, "send">} Line */
/** @typedef {ReturnType<typeof upload>} Upload */

export const PIECE = 1_000_000;
const IN_FLIGHT = 4;
const WAITING = 1500;
const ASK_AGAIN = 4000;

/** How many pieces a file of `size` bytes makes; an empty file is one empty piece. @param {number} size */
export function pieces(size) {
  return Math.max(1, Math.ceil(size / PIECE));
}

/**
 * The state of one transfer: which pieces to send now, and how far Python has got.
 * @param {number} total
 */
export function transfer(total) {
  let sent = 0;
  let got = 0;
  let asked = 0;
  return {
    /** The pieces that may go out now. @returns {number[]} */
    due() {
      const now = [];
      while (sent < total && sent - got < IN_FLIGHT) now.push(sent++);
      return now;
    },
    /** @param {number} count pieces Python holds */
    ack(count) {
      got = Math.max(got, count);
    },
    /** Python is asked what it holds; what is sent from here on is on its way. */
    ask() {
      asked = sent;
    },
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

/** A file on its way and its card. @param {File} file @param {string} label @param {() => void} cancel */
function upload(file, label, cancel) {
  const bar = h("progress", { max: 1, value: 0, "aria-label": file.name });
  const state = h("div", { class: "nbb-facts" }, amount(file.size));
  const stop = h("button", { type: "button", class: "nbb-icon", "aria-label": label, onclick: cancel }, "✕");
  const node = h("li", { class: "nbb-card nbb-sending" }, h("div", { class: "nbb-thumb" }, bar),
    h("div", { class: "nbb-name" }, file.name), state, h("div", { class: "nbb-tools" }, stop));
  return { file, transfer: transfer(pieces(file.size)), bar, state, node, timer: 0, again: 0 };
}

export class Uploads {
  /** @param {Line} line to Python @param {(key: string, values?: object) => string} text @param {() => void} changed */
  constructor(line, text, changed) {
    this.line = line;
    this.text = text;
    this.changed = changed;
    /** @type {Map<string, Upload>} */
    this.all = new Map();
  }

  get nodes() {
    return [...this.all.values()].map((one) => one.node);
  }

  /** @param {File} file */
  begin(file) {
    const id = `u${Date.now().toString(36)}${Math.random().toString(36).slice(2, 6)}`;
    const cancel = () => {
      this.line.send({ t: "drop", id });
      this.ended(id);
    };
    this.all.set(id, upload(file, this.text("cancel", { name: file.name }), cancel));
    this.announce(id);
    this.pump(id);
  }

  /** Say what comes, and later ask again what of it came; Python answers with what it holds. @param {string} id */
  announce(id, again = false) {
    const one = this.all.get(id);
    if (!one) return;
    one.transfer.ask();
    this.line.send({ t: "begin", id, again, name: one.file.name, size: one.file.size, n: pieces(one.file.size) });
    this.askLater(id, one);
  }

  /** @param {string} id @param {Upload} one */
  askLater(id, one) {
    clearTimeout(one.again);
    one.again = setTimeout(() => this.announce(id, true), ASK_AGAIN);
  }

  /** Send what is due of one upload. @param {string} id */
  async pump(id) {
    const one = this.all.get(id);
    if (!one) return;
    clearTimeout(one.timer);
    one.timer = setTimeout(() => { one.state.textContent = this.text("waiting"); }, WAITING);
    await this.sendPieces(id, one, one.transfer.due());
  }

  /** @param {string} id @param {Upload} one @param {number[]} which */
  async sendPieces(id, one, which) {
    for (const i of which) {
      try {
        const piece = await one.file.slice(i * PIECE, (i + 1) * PIECE).arrayBuffer();
        this.line.send({ t: "piece", id, i }, undefined, [piece]);
      } catch {
        this.line.send({ t: "unreadable", id, name: one.file.name });
        this.ended(id);
      }
    }
  }

  /**
   * Python holds so many pieces; asked, it says which.
   * @param {string} id @param {number} got @param {number[]} [held]
   */
  acked(id, got, held) {
    const one = this.all.get(id);
    if (!one) return;
    this.askLater(id, one);
    one.transfer.ack(got);
    if (held) this.sendPieces(id, one, one.transfer.lost(held));
    one.bar.value = one.transfer.fraction;
    one.state.textContent = `${Math.round(100 * one.transfer.fraction)} % · ${amount(one.file.size)}`;
    this.pump(id);
  }

  /** @param {string} id */
  ended(id) {
    clearTimeout(this.all.get(id)?.timer);
    clearTimeout(this.all.get(id)?.again);
    this.all.delete(id);
    this.changed();
  }

  stop() {
    for (const { timer, again } of this.all.values()) {
      clearTimeout(timer);
      clearTimeout(again);
    }
  }
}
