// @ts-check
/** Cells that menus insert, and notebooks made for them where none is open. */

import { folderOf, nameOf } from "./places.js";

/** @typedef {import("../types.js").Front} Front @typedef {import("../types.js").NotebookPanel} NotebookPanel */

const MADE = "nb-banana:made";
/** How long a notebook that was made here waits for its tab, in milliseconds. */
const FRESH = 60_000;

export class Cells {
  /** @param {Front} front */
  constructor(front) {
    this.front = front;
    front.tracker.widgetAdded.connect((_, panel) => void this.begin(panel));
    front.tracker.forEach((panel) => void this.begin(panel));  // in Notebook 7 it may be there before us
  }

  /** The notebook a person looks at, or null. @returns {NotebookPanel | null} */
  here() {
    const panel = this.front.tracker.currentWidget;
    return panel && !panel.isDisposed && panel.isVisible && !this.front.listOnly ? panel : null;
  }

  /** Insert a cell below another, or below the one in use, and run it if that is wished.
   * @param {NotebookPanel} panel @param {string} code @param {{below?: number, run?: boolean}} [how] */
  async insert(panel, code, { below, run = this.front.settings.runInsertedCell } = {}) {
    const { actions, speech, tell } = this.front;
    const language = panel.context.model.defaultKernelLanguage;
    if (language && !/^i?python$/i.test(language)) return tell(speech.say("python_only", { language }), true);
    const { content, sessionContext } = panel;
    if (below !== undefined && below >= 0) content.activeCellIndex = below;
    actions.insertBelow(content);
    content.activeCell?.model.sharedModel.setSource(code);
    if (run) await actions.run(content, sessionContext);
  }

  /** Insert a cell into the notebook in sight; where there is none, into a new one in this folder.
   * @param {string} folder @param {(folder: string) => string} code gives it for a kernel that works in a folder */
  async put(folder, code) {
    const panel = this.here();
    if (panel) return this.insert(panel, code(folderOf(panel.context.path)));
    try {
      await this.make(folder, code(folder));
    } catch (why) {
      this.front.tell(this.front.speech.say("not_made", { why: message(why) }), true);
    }
  }

  /** Write a notebook whole and open it, so that JupyterLab and Notebook 7 do the same. @param {string} folder @param {string} source */
  async make(folder, source) {
    const { contents, kernelspecs } = this.front.app.serviceManager;
    await kernelspecs.ready;
    const name = kernelspecs.specs?.default ?? "python3", spec = kernelspecs.specs?.kernelspecs[name];
    const model = await contents.newUntitled({ type: "notebook", path: folder });
    await contents.save(model.path, { type: "notebook", format: "json", content: {
      nbformat: 4, nbformat_minor: 5,
      metadata: { kernelspec: { name, display_name: spec?.display_name ?? name, language: spec?.language ?? "python" } },
      cells: [{ cell_type: "code", id: "banana", source, metadata: {}, outputs: [], execution_count: null }],
    } });
    if (this.front.settings.runInsertedCell) localStorage.setItem(MADE, JSON.stringify([model.path, Date.now()]));
    // Notebook 7 would open it here too, for a moment and with its kernel, which can then hang between the two.
    if (this.front.tab) this.front.tab(model.path);
    else await this.front.app.commands.execute("docmanager:open", { path: model.path, factory: "Notebook", kernel: { name } });
  }

  /** Run the cell of a notebook that was made here a moment ago: in Notebook 7 it opens in a tab of its own.
   * @param {NotebookPanel} panel */
  async begin(panel) {
    if (this.front.listOnly) return;  // that page makes a notebook it never shows, and then the tab that does
    await panel.context.ready;
    const [path, at] = JSON.parse(localStorage.getItem(MADE) ?? "[]");
    if (path !== panel.context.path || Date.now() - at > FRESH) return;
    localStorage.removeItem(MADE);
    await panel.sessionContext.ready;
    for (let tries = 0; tries < 100 && !panel.sessionContext.session?.kernel; tries++) await new Promise((done) => setTimeout(done, 100));
    await panel.sessionContext.session?.kernel?.info;
    panel.content.activeCellIndex = 0;
    await panel.content.activeCell?.ready;
    await this.front.actions.run(panel.content, panel.sessionContext);
  }

  /** Save bytes beside a notebook or deeper, making the folders on the way. @param {string} path @param {Blob} blob */
  async write(path, blob) {
    const { contents } = this.front.app.serviceManager, parts = folderOf(path).split("/").filter(Boolean);
    for (let depth = 1; depth <= parts.length; depth++) {
      const folder = parts.slice(0, depth).join("/");
      await contents.get(folder, { content: false }).catch(() => contents.save(folder, { type: "directory", format: "json" }));
    }
    await contents.save(path, { type: "file", format: "base64", name: nameOf(path), content: await base64(blob) });
  }
}

/** @param {unknown} why */
export const message = (why) => (why instanceof Error ? why.message : String(why));

/** @param {Blob} blob @returns {Promise<string>} */
export const base64 = (blob) => new Promise((done, failed) => {
  const reader = new FileReader();
  reader.onload = () => done(String(reader.result).split(",")[1]);
  reader.onerror = () => failed(reader.error);
  reader.readAsDataURL(blob);
});
