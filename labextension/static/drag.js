// @ts-check
/** A result that is dragged, out of an output or the side bar, is its original: in a cell, a panel, the file browser. */

import { folderOf, panelCode, pastCode } from "./places.js";

export const TYPE = "application/x-nb-banana";

/** @typedef {{origin: import("../types.js").Origin, folder: string}} Carried */

/** Give a drag what it carries; its words are the result in code, for whatever takes text.
 * @param {DragEvent} event @param {Carried} carried */
export function carry(event, carried) {
  if (!event.dataTransfer) return;
  event.dataTransfer.clearData();
  event.dataTransfer.setData(TYPE, JSON.stringify(carried));
  event.dataTransfer.setData("text/plain", pastCode(carried.origin.record));
  event.dataTransfer.effectAllowed = "copy";
}

/** Hear every drag of the page before anybody else does.
 * @param {import("../types.js").Front} front @param {import("./cells.js").Cells} cells @param {import("./outputs.js").Outputs} outputs */
export function hearDrags(front, cells, outputs) {
  document.addEventListener("dragstart", (event) => {
    const found = event.target instanceof HTMLImageElement ? outputs.at(event.target) : null;
    if (found?.origin) carry(event, { origin: found.origin, folder: folderOf(found.panel.context.path) });
  }, true);
  document.addEventListener("dragover", (event) => {
    if (!event.dataTransfer?.types.includes(TYPE) || !placeOf(event)) return;
    event.preventDefault();
    event.stopPropagation();
    event.dataTransfer.dropEffect = "copy";
  }, true);
  document.addEventListener("drop", (event) => {
    const place = event.dataTransfer?.types.includes(TYPE) ? placeOf(event) : null;
    if (!place || !event.dataTransfer) return;
    event.preventDefault();
    event.stopPropagation();
    const carried = /** @type {Carried} */ (JSON.parse(event.dataTransfer.getData(TYPE)));
    drop(place, carried, event).catch((why) => front.tell(why.message, true));
  }, true);

  /** What takes a drop at this point, from the inside out. @param {DragEvent} event */
  function placeOf({ target }) {
    const within = (/** @type {string} */ selector) => (target instanceof Element ? target.closest(selector) : null);
    const tray = within(".nb-banana-panel")?.querySelector(".nbb-tray") ?? within(".nbb-tray");
    if (tray) return /** @type {const} */ (["tray", tray]);
    const editor = within(".jp-CodeCell .cm-editor"), notebook = within(".jp-Notebook"), files = within(".jp-DirListing");
    if (editor) return /** @type {const} */ (["editor", editor]);
    if (notebook) return /** @type {const} */ (["notebook", notebook]);
    return files ? /** @type {const} */ (["files", files]) : null;
  }

  /** @param {readonly ["tray" | "editor" | "notebook" | "files", Element]} place @param {Carried} carried @param {DragEvent} event */
  async function drop([kind, element], { origin, folder }, event) {
    if (kind === "tray") {
      const files = [await outputs.file(folder, origin)];
      element.dispatchEvent(new CustomEvent("nbb-take", { detail: { files, addresses: [] } }));
    } else if (kind === "files") {
      const browser = front.browser(), file = await outputs.file(folder, origin);
      if (browser) await browser.model.upload(new File([file], await outputs.free(browser.model.path, file.name), { type: file.type }));
    } else {
      const panel = front.tracker.find((one) => one.node.contains(element));
      if (!panel) return;
      const nodes = panel.content.widgets.map((cell) => cell.node);
      const at = nodes.findIndex((node) => node.contains(/** @type {Node} */ (event.target)));
      const editor = kind === "editor" ? panel.content.widgets[at]?.editor : null;
      if (editor?.replaceSelection) write(editor, pastCode(origin.record), event);
      else await cells.insert(panel, panelCode([pastCode(origin.record)]), { below: at < 0 ? nodes.length - 1 : at });
    }
  }
}

/** Text at the point where something was dropped. @param {NonNullable<import("../types.js").Cell["editor"]>} editor @param {string} text @param {DragEvent} event */
function write(editor, text, { clientX: x, clientY: y }) {
  const position = editor.getPositionForCoordinate({ left: x, right: x, top: y, bottom: y, x, y, width: 0, height: 0 });
  if (position) editor.setCursorPosition(position);
  editor.replaceSelection?.(text);
  editor.focus();
}
