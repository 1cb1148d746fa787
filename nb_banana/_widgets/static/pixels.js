// @ts-check
/** The pixels of the pictures in a viewer: a preview comes first, the original bytes once they are asked for. */
import { blob } from "./files.js";

/** @typedef {import("./types.js").Model<{}>} Line */
/** @typedef {import("./types.js").Picture} Picture */
/** @typedef {{preview?: string, full?: Blob, shown?: boolean, waiting: ((full: Blob) => void)[]}} Entry */

export class Pixels {
  /** @param {Pick<Line, "send">} line to Python */
  constructor(line) {
    this.line = line;
    /** Milliseconds left to a picture that is on its way by itself, before it is asked for. */
    this.pause = 0;
    /** @type {Map<string, Entry>} */
    this.store = new Map();
  }

  /** What is here of a picture; what is not is asked for, once. @param {Picture} picture @param {boolean} [full] */
  ask(picture, full = false) {
    const had = this.store.get(picture.key);
    const entry = had ?? this.begun(picture.key);
    const want = () => full || !entry.preview ? this.line.send({ t: "want", key: picture.key, full }) : 0;
    entry.shown = true;
    if (full ? !entry.full : !had) setTimeout(want, full ? 0 : this.pause);
    return entry;
  }

  /** @param {string} key @returns {Entry} */
  begun(key) {
    const entry = { waiting: [] };
    this.store.set(key, entry);
    return entry;
  }

  /** The original bytes. @param {Picture} picture @returns {Promise<Blob>} */
  original(picture) {
    const entry = this.ask(picture, true);
    return entry.full ? Promise.resolve(entry.full) : new Promise((resolve) => entry.waiting.push(resolve));
  }

  /** Pixels have come. @param {{key: string, mime: string, full: boolean}} message @param {DataView | ArrayBuffer} buffer */
  came({ key, mime, full }, buffer) {
    const entry = this.store.get(key) ?? this.begun(key);
    const bytes = blob(buffer, mime);
    entry.preview ??= URL.createObjectURL(bytes);
    if (!full) return;
    entry.full = bytes;
    for (const resolve of entry.waiting.splice(0)) resolve(bytes);
  }

  /** Let go of every picture but these and those still to be shown; without any, of all.
   * @param {(string | undefined)[]} [keys] */
  keep(keys) {
    for (const [key, { preview, shown }] of this.store) {
      if (keys && (keys.includes(key) || !shown)) continue;
      if (preview) URL.revokeObjectURL(preview);
      this.store.delete(key);
    }
  }
}

/** A browser's clipboard takes PNG only: other types are drawn once, the file itself stays as it is.
 * @param {Blob} bytes @returns {Promise<Blob>} */
export async function asPng(bytes) {
  if (bytes.type === "image/png") return bytes;
  const bitmap = await createImageBitmap(bytes);
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  canvas.getContext("2d")?.drawImage(bitmap, 0, 0);
  return canvas.convertToBlob({ type: "image/png" });
}
