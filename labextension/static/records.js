// @ts-check
/**
 * The history of a folder: from the server's routes, which need no kernel, and where they are missing or know of none,
 * from the kernel of a notebook in that folder. What is changed, a star, only the kernel changes.
 */

import { folderOf, join, plain } from "./places.js";

/** @typedef {import("../types.js").Kernel} Kernel @typedef {import("../types.js").Page} Page */

const MODULE = '__import__("nb_banana._server.kernel", fromlist=["rows"])';
const USED = '"nb_banana" in __import__("sys").modules and ';
/** Seconds a kernel has to answer: it may be busy with a cell. */
const PATIENCE = 8;
const MOST = 200;
/** How many rows are looked through for one id. */
const FAR = 10_000;

/** A server that has no such routes, or no history there: the kernel may know more. */
class Unknown extends Error {}

export class Records {
  /** @param {import("../types.js").Front} front */
  constructor(front) {
    this.front = front;
  }

  /** A running Python kernel of a notebook in this folder. @param {string} folder @returns {Kernel | null} */
  kernel(folder) {
    const fits = (/** @type {import("../types.js").NotebookPanel} */ panel) =>
      !panel.isDisposed && folderOf(panel.context.path) === folder && Boolean(alive(panel));
    const { currentWidget } = this.front.tracker;
    const panel = currentWidget && fits(currentWidget) ? currentWidget : this.front.tracker.find(fits);
    return panel ? alive(panel) : null;
  }

  /** A page of rows, newest first. @param {string} folder @param {{q?: string, offset?: number, limit?: number}} what @returns {Promise<Page>} */
  async page(folder, { q = "", offset = 0, limit = 30 }) {
    try {
      return await this.served(folder, q, offset, limit);
    } catch (why) {
      if (!(why instanceof Unknown)) throw why;
      const kernel = this.kernel(folder);
      if (!kernel) {
        if (why.message === "none") return { rows: [], total: 0, source: "server", folder };
        throw new Error(this.front.speech.say("no_kernel"));
      }
      // Where the server saw nothing, a kernel that never used the package knows nothing more: it isn't loaded for that.
      const told = await this.ask(kernel, `rows(${JSON.stringify(q)}, ${offset}, ${limit})`, why.message === "none" ? USED : "");
      return { rows: told?.rows ?? [], total: told?.total ?? 0, source: "kernel", folder };
    }
  }

  /** The folder to ask the server for: the history's where it is known, else the notebook's.
   * @param {string} folder @param {string} [known] from there */
  place(folder, known = this.front.settings.historyFolder) {
    if (/^([/\\~]|[A-Za-z]:)/.test(known)) throw new Unknown("elsewhere");  // outside of what the server shows
    return join(folder, known && plain(known));
  }

  /** @param {string} folder @param {string} q @param {number} offset @param {number} limit @returns {Promise<Page>} */
  async served(folder, q, offset, limit) {
    const asked = this.place(folder);
    const reply = await this.front.ask("history", { folder: asked, q, offset: String(offset), limit: String(limit) });
    if (reply.status === 404 || reply.status === 501) throw new Unknown("missing");
    if (!reply.ok) throw new Error(await reply.json().then((said) => said.message, () => `${reply.status} ${reply.statusText}`));
    const told = await reply.json();
    if (told.folder === null) throw new Unknown("none");
    return { rows: told.rows, total: told.total, source: "server", folder: asked };
  }

  /** Ask a kernel what a function of ours says there; it shows nothing and counts as no cell.
   * @param {Kernel} kernel @param {string} call @param {string} [unless] Python that may answer in its place @returns {Promise<any>} */
  async ask(kernel, call, unless = "") {
    const { speech } = this.front;
    const future = kernel.requestExecute({ code: "", silent: true, store_history: false, stop_on_error: false, allow_stdin: false,
      user_expressions: { told: `${unless}${MODULE}.${call}` } });
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    const late = new Promise((_, failed) => {
      timer = setTimeout(() => failed(new Error(speech.say("no_answer", { seconds: PATIENCE }))), PATIENCE * 1000);
    });
    try {
      const reply = /** @type {import("../types.js").Reply | undefined} */ (await Promise.race([future.done, late]));
      const told = reply?.content.user_expressions?.told;
      if (told?.status === "ok") return told.data?.["application/json"];
      if (told?.ename === "ModuleNotFoundError") throw new Error(speech.say("no_package", { why: told.evalue }));
      throw new Error(told?.evalue || told?.ename || speech.say("no_answer", { seconds: PATIENCE }));
    } finally {
      clearTimeout(timer);
      future.dispose();
    }
  }

  /** @param {string} folder @param {string} id @param {boolean} on */
  async star(folder, id, on) {
    const kernel = this.kernel(folder);
    if (!kernel) throw new Error(this.front.speech.say("star_off"));
    await this.ask(kernel, `star(${JSON.stringify(id)}, ${on ? "True" : "False"})`);
  }

  /** The Python that made a result, or null where no kernel can say it. @param {string} folder @param {string} id */
  async code(folder, id) {
    const kernel = this.kernel(folder);
    return kernel ? this.ask(kernel, `code(${JSON.stringify(id)})`).then((told) => String(told.code), () => null) : null;
  }

  /** A picture by its hash, from the server. @param {string} folder @param {string} sha @param {"thumb" | "full"} size */
  async picture(folder, sha, size) {
    const reply = await this.front.ask("image", { folder, sha, size });
    if (!reply.ok) throw new Unknown(`${reply.status}`);
    return reply.blob();
  }

  /** The small picture of a row, from whoever told the row. @param {Page} page @param {import("../types.js").Row} row */
  async thumb(page, row) {
    if (page.source === "server") return this.picture(page.folder, row.sha256 ?? "", "thumb");
    const kernel = this.kernel(page.folder);
    if (!kernel) throw new Unknown("no kernel");
    return blobOf(await this.ask(kernel, `picture(${JSON.stringify(row.id)}, small=True)`));
  }

  /** The picture of a record, from the server; null where its history doesn't know the record.
   * @param {string} folder @param {import("../types.js").Origin} origin @param {"thumb" | "full"} size */
  async find(folder, origin, size) {
    const sha = origin.sha256 || await this.hashOf(folder, origin.record);
    return sha ? this.picture(this.place(folder, origin.folder || undefined), sha, size) : null;
  }

  /** The original picture of a record, as it was received. @param {string} folder @param {import("../types.js").Origin} origin @returns {Promise<Blob>} */
  async original(folder, origin) {
    const { speech } = this.front, id = origin.record;
    /** @type {unknown} */
    let why = speech.say("no_copy");
    try {
      const found = await this.find(folder, origin, "full");
      if (found) return found;
    } catch (reason) {
      if (!(reason instanceof Unknown)) why = reason;
    }
    const kernel = this.kernel(folder);
    try {
      if (kernel) return blobOf(await this.ask(kernel, `picture(${JSON.stringify(id)})`));
    } catch (reason) {
      why = reason;
    }
    throw new Error(speech.say("no_original", { id, why: why instanceof Error ? why.message : why }));
  }

  /** The hash of a record's picture; ids grow with time, so older rows need no look. @param {string} folder @param {string} id */
  async hashOf(folder, id) {
    for (let offset = 0; offset < FAR; offset += MOST) {
      const { rows } = await this.served(folder, "", offset, MOST);
      const found = rows.find((row) => row.id === id);
      if (found) return found.sha256;
      if (rows.length < MOST || (rows.at(-1)?.id ?? "") < id) return null;
    }
    return null;
  }
}

/** @param {import("../types.js").NotebookPanel} panel @returns {Kernel | null} */
function alive(panel) {
  const kernel = panel.sessionContext.session?.kernel;
  const language = panel.context.model.defaultKernelLanguage;
  const runs = kernel && !["dead", "terminating", "unknown"].includes(kernel.status);
  return runs && (!language || /^i?python$/i.test(language)) ? kernel : null;
}

/** @param {{mime: string, data: string}} told */
async function blobOf(told) {
  return (await fetch(`data:${told.mime};base64,${told.data}`)).blob();
}
