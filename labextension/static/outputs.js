// @ts-check
/** The pictures of outputs: which one is meant, its bytes, and the original of one that is ours. */

import { base64, message } from "./cells.js";
import { MIME, folderOf, freeName, join, originOf, pastCode, plain, py, relative, panelCode, resultCode, suffixOf } from "./places.js";

/** @typedef {import("../types.js").Found} Found */

const INPUTS = "inputs";
const OURS = ".nbb, .nb-banana-panel";

export class Outputs {
  /** @param {import("../types.js").Front} front @param {import("./cells.js").Cells} cells @param {import("./records.js").Records} records */
  constructor(front, cells, records) {
    this.front = front;
    this.cells = cells;
    this.records = records;
  }

  /** The picture of an output that a menu was opened on; our own widgets have menus and buttons of their own. @returns {Found | null} */
  hit() {
    const image = this.front.app.contextMenuHitTest((node) => node.tagName === "IMG");
    return image instanceof HTMLImageElement ? this.at(image) : null;
  }

  /** @param {HTMLImageElement} image @returns {Found | null} */
  at(image) {
    const panel = this.front.tracker.find((one) => one.node.contains(image));
    const cell = panel ? panel.content.widgets.findIndex((one) => one.node.contains(image)) : -1;
    const area = panel?.content.widgets[cell]?.outputArea;
    if (!panel || !area || image.closest(OURS)) return null;
    const at = area.widgets.findIndex((one) => one.node.contains(image));
    const output = at >= 0 && at < area.model.length ? area.model.get(at) : undefined;
    return { panel, cell, image, origin: originOf(output?.metadata) ?? originOf({ nb_banana: output?.data[MIME] }) };
  }

  /** @param {Found} found */
  async edit(found) {
    const { panel, cell, origin } = found;
    if (origin) return this.cells.insert(panel, panelCode([pastCode(origin.record)]), { below: cell });
    try {
      const path = await this.keep(found);
      await this.cells.insert(panel, panelCode([py(relative(path, folderOf(panel.context.path)))]), { below: cell });
    } catch (why) {
      this.front.tell(this.front.speech.say("not_read", { why: message(why) }), true);
    }
  }

  /** Write a picture that is only in an output beside its notebook, named by what it holds. @param {Found} found */
  async keep({ panel, image }) {
    const bytes = await (await fetch(image.currentSrc || image.src)).blob();
    const blob = bytes.type.startsWith("image/svg") ? await redrawn(bytes) : bytes;
    if (!blob.type.startsWith("image/")) throw new Error(blob.type || "?");
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await blob.arrayBuffer()));
    const name = [...digest.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    const set = this.front.settings.historyFolder, inside = set && !/^([/\\~]|[A-Za-z]:)|\.\./.test(set);
    const folder = join(folderOf(panel.context.path), inside ? plain(set) : "nb_banana_history", INPUTS);
    const path = join(folder, `output-${name}.${suffixOf(blob.type)}`);
    await this.cells.write(path, blob);
    return path;
  }

  /** @param {Found} found */
  async code({ panel, cell, origin }) {
    if (!origin) return;
    const made = await this.records.code(folderOf(panel.context.path), origin.record);
    await this.cells.insert(panel, made ?? resultCode(origin.record), { below: cell, run: false });
  }

  /** The original as a file with a name. @param {string} folder @param {import("../types.js").Origin} origin */
  async file(folder, origin) {
    const blob = await this.records.original(folder, origin);
    return new File([blob], `edited-${origin.record}.${suffixOf(blob.type)}`, { type: blob.type });
  }

  /** Write the original beside its notebook; nothing is overwritten. @param {Found} found */
  async save({ panel, origin }) {
    if (!origin) return;
    const { app, speech, tell } = this.front, folder = folderOf(panel.context.path);
    const file = await this.file(folder, origin), name = await this.free(folder, file.name);
    await app.serviceManager.contents.save(join(folder, name), { type: "file", format: "base64", content: await base64(file) });
    tell(speech.say("saved", { name }));
  }

  /** A name that nothing in a folder has. @param {string} folder @param {string} name */
  async free(folder, name) {
    const held = await this.front.app.serviceManager.contents.get(folder, { content: true });
    return freeName(name, (held.content ?? []).map((/** @type {{name: string}} */ one) => one.name));
  }

  /** Put the original into the clipboard, which takes PNG alone: every pixel, as it is. @param {Found} found */
  async copy({ panel, origin }) {
    if (!origin) return;
    const { speech, tell } = this.front;
    const png = async () => {
      const file = await this.file(folderOf(panel.context.path), origin);
      return file.type === "image/png" ? file : redrawn(file);
    };
    /** @type {Promise<Blob> | null} */
    let made = null;
    try {
      // The promise is handed over at once: some browsers forget the click while something is fetched.
      await navigator.clipboard.write([new ClipboardItem({ "image/png": (made = png()) })]);
      tell(speech.say("copied"));
    } catch (why) {
      if (made) await made;  // that there is no original is said as that
      tell(speech.say("no_clipboard", { why: message(why) }), true);
    }
  }
}

/** A picture drawn anew as PNG, at its own size. @param {Blob} blob @returns {Promise<Blob>} */
async function redrawn(blob) {
  const address = URL.createObjectURL(blob), image = new Image();
  try {
    image.src = address;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = image.naturalWidth || 1024;
    canvas.height = image.naturalHeight || 1024;
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((done, failed) => canvas.toBlob((made) => (made ? done(made) : failed(new Error("canvas"))), "image/png"));
  } finally {
    URL.revokeObjectURL(address);
  }
}
