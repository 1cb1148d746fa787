// @ts-check
/**
 * The plugins: what menus, launcher, side bar and saved outputs of JupyterLab and Notebook 7 know of nb_banana.
 *
 * Rules of this folder:
 *
 * - Plain modules, as they are written: nothing is built, bundled or fetched from elsewhere.
 * - No key is read, kept or shown. Whatever costs money is done by a person's click in a panel, never by a menu.
 * - A front end may lack any service but notebooks (Notebook 7 has no launcher): what is missing is done without.
 * - What comes out of a file is text, never markup.
 */

import { Cells } from "./cells.js";
import { hearDrags } from "./drag.js";
import { Outputs } from "./outputs.js";
import { folderOf, isPicture, panelCode, plain, py, relative } from "./places.js";
import { Records } from "./records.js";
import { hearNotebooks } from "./saved.js";
import { ID, Side } from "./side.js";
import { Speech } from "./words.js";

/** @typedef {import("../types.js").App} App @typedef {import("../types.js").Front} Front */

const PLUGIN = "nb-banana:plugin", SAVED = "nb-banana:saved";
const CATEGORY = "nb_banana";
const ICON = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="16"><path class="jp-icon3" fill="#616161" d="M5 3c1.500 5 5 9 14 10 1 .1 2 1 1.500 2C18 20 13 22 8 19 3.500 16 3 9 4 4z"/></svg>';
/** @type {import("../types.js").Settings} */
export const SETTINGS = { language: "auto", previewSize: 768, historyFolder: "", confirmAbove: 0, runInsertedCell: true };
/** The services that are used where there are any: package, name of the token, what it is called here. */
const SERVICES = [
  ["@jupyterlab/translation", "ITranslator", "translator"], ["@jupyterlab/apputils", "ICommandPalette", "palette"],
  ["@jupyterlab/launcher", "ILauncher", "launcher"], ["@jupyterlab/filebrowser", "IFileBrowserFactory", "factory"],
  ["@jupyterlab/filebrowser", "IDefaultFileBrowser", "files"], ["@jupyterlab/settingregistry", "ISettingRegistry", "registry"],
  ["@jupyterlab/application", "ILayoutRestorer", "restorer"],
];

/** @param {(name: string) => Promise<any>} shared gives a package of the front end, or null */
export async function plugins(shared) {
  const names = ["notebook", "apputils", "services", "coreutils", "ui-components"].map((name) => `@jupyterlab/${name}`);
  const [notebook, apputils, services, coreutils, ui, lumino] = await Promise.all([...names, "@lumino/widgets"].map(shared));
  const packages = await Promise.all(SERVICES.map(([name]) => shared(name)));
  // A token that isn't there must not be asked for: what is given comes in the order of what is asked.
  const wanted = SERVICES.map(([, token, name], at) => ({ name, token: packages[at]?.[token] })).filter(({ token }) => token);
  const icon = new ui.LabIcon({ name: "nb-banana:icon", svgstr: ICON });
  const speech = new Speech(() => ""), settings = { ...SETTINGS };

  /** @param {App} app @param {any} tracker @param {Record<string, any>} given @returns {Front} */
  const front = (app, tracker, given) => ({
    app, tracker, speech, settings, actions: notebook.NotebookActions,
    browser: () => given.factory?.tracker.currentWidget ?? given.files ?? null,
    tell: (sentence, bad = false) => apputils.Notification[bad ? "error" : "success"](sentence, { autoClose: bad ? 10_000 : 4_000 }),
    ask: (path, query) => {
      const { serverSettings } = app.serviceManager;
      const address = coreutils.URLExt.join(serverSettings.baseUrl, "nb-banana", path) + coreutils.URLExt.objectToQueryString(query);
      return services.ServerConnection.makeRequest(address, { cache: "no-cache" }, serverSettings);
    },
    listOnly: coreutils.PageConfig.getOption("notebookPage") === "tree",
    tab: coreutils.PageConfig.getOption("notebookPage") ? (path) =>
      void window.open(coreutils.URLExt.join(app.serviceManager.serverSettings.baseUrl, "notebooks", coreutils.URLExt.encodeParts(path))) : null,
  });

  /** @param {(front: Front, given: Record<string, any>) => void} begin */
  const activate = (begin) => (/** @type {App} */ app, /** @type {any} */ tracker, /** @type {any[]} */ ...values) => {
    const given = Object.fromEntries(wanted.map(({ name }, at) => [name, values[at]]));
    speech.page = () => given.translator?.languageCode ?? document.documentElement.lang;
    begin(front(app, tracker, given), given);
  };
  const asked = { autoStart: true, requires: [notebook.INotebookTracker], optional: wanted.map(({ token }) => token) };
  return [
    { id: PLUGIN, description: "Edit pictures with nb_banana from menus, launcher and side bar.", ...asked,
      activate: activate((one, given) => menus(one, given, icon, lumino)) },
    { id: SAVED, description: "Show nb_banana's widgets of a saved notebook without a kernel.", ...asked,
      activate: activate((one) => { dress(); hearNotebooks(one, lumino.Widget); }) },
  ];
}

/** The rules of looks, once a page. */
function dress() {
  const href = new URL("style.css", import.meta.url).href;
  if (!document.head.querySelector(`link[href="${href}"]`)) document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href }));
}

/** @param {Front} front @param {Record<string, any>} given @param {object} icon @param {any} lumino */
function menus(front, given, icon, lumino) {
  dress();
  const cells = new Cells(front), records = new Records(front), outputs = new Outputs(front, cells, records);
  const side = new Side(front, cells, records), ids = [...commands(front, cells, outputs, icon), ...places(front, given, side, icon, lumino)];
  hearDrags(front, cells, outputs);
  follow(front, given.registry, () => {
    side.speak();
    ids.forEach((id) => front.app.commands.notifyCommandChanged(id));
  });
}

/** Every command a menu names, and what it does; gives their ids.
 * @param {Front} front @param {Cells} cells @param {Outputs} outputs @param {object} icon */
function commands(front, cells, outputs, icon) {
  const { app, speech } = front;
  /** @type {string[]} */
  const ids = [];
  const add = (/** @type {string} */ name, /** @type {string} */ label, /** @type {Record<string, unknown>} */ more) => {
    ids.push(`nb-banana:${name}`);
    app.commands.addCommand(`nb-banana:${name}`, { label: () => speech.say(label), icon, ...more });
  };
  const chosen = () => [...(front.browser()?.selectedItems() ?? [])].map((item) => item.path).filter(isPicture);
  const panelOn = (/** @type {string[]} */ paths) =>
    cells.put(folderOf(paths[0]), (folder) => panelCode(paths.map((path) => py(relative(path, folder)))));
  add("edit-file", "edit", { isVisible: () => chosen().length > 0, execute: () => panelOn(chosen()) });
  const viewed = () => {
    const node = app.contextMenuHitTest((one) => one.classList.contains("jp-ImageViewer"));
    const widget = [...app.shell.widgets("main")].find((one) => node && one.node.contains(node)) ?? app.shell.currentWidget;
    return plain(widget?.context?.path ?? "");
  };
  add("edit-viewed", "edit", { isVisible: () => isPicture(viewed()), execute: () => panelOn([viewed()]) });
  /** @type {["edit" | "code" | "save" | "copy", string, (found: import("../types.js").Found) => unknown][]} */
  const onOutputs = [["edit", "edit-output", () => true], ["code", "insert-code", (found) => found.origin],
    ["save", "save-original", (found) => found.origin], ["copy", "copy-original", (found) => found.origin]];
  for (const [what, name, fits] of onOutputs) {
    add(name, what, {
      isVisible: () => { const found = outputs.hit(); return Boolean(found && fits(found)); },
      execute: async () => {
        const found = outputs.hit();
        try {
          if (found) await outputs[what](found);
        } catch (why) {
          front.tell(why instanceof Error ? why.message : String(why), true);
        }
      },
    });
  }
  add("open", "open", {
    label: (/** @type {{isLauncher?: boolean}} */ args) => speech.say(args.isLauncher ? "launch" : "open"),
    caption: () => speech.say("open_tip"),
    execute: (/** @type {{isLauncher?: boolean, cwd?: string}} */ { isLauncher, cwd }) =>
      isLauncher ? cells.make(plain(cwd ?? ""), panelCode([])) : cells.put(plain(cwd ?? front.browser()?.model.path ?? ""), () => panelCode([])),
  });
  return ids;
}

/** The side bar, and what leads to it and to a new panel: palette and launcher. Gives the commands' ids.
 * @param {Front} front @param {Record<string, any>} given @param {Side} side @param {object} icon @param {any} lumino */
function places({ app, speech, browser }, { palette, launcher, restorer }, side, icon, lumino) {
  const widget = new lumino.Widget({ node: side.node });
  Object.assign(widget, { id: ID });
  Object.assign(widget.title, { icon, caption: speech.say("history") });
  widget.onAfterShow = () => { side.visible = true; void side.show(); };
  widget.onAfterHide = () => { side.visible = false; };
  app.shell.add(widget, "left", { rank: 600, type: "nb-banana" });
  restorer?.add(widget, widget.id);
  browser()?.model.pathChanged.connect(() => side.soon());
  app.commands.addCommand("nb-banana:history", { label: () => speech.say("show_history"), icon, execute: () => app.shell.activateById(ID) });
  for (const command of ["nb-banana:open", "nb-banana:history"]) palette?.addItem({ command, category: CATEGORY });
  launcher?.add({ command: "nb-banana:open", category: CATEGORY, rank: 10, args: { isLauncher: true } });
  return ["nb-banana:history"];
}

/** Follow the settings, and put their form into the language spoken.
 * @param {Front} front @param {any} registry @param {() => void} changed */
function follow(front, registry, changed) {
  if (!registry) return;
  /** @type {(part: any) => any} */
  const said = (part) => {
    if (Array.isArray(part)) return part.map(said);
    if (!part || typeof part !== "object") return part;
    return Object.fromEntries(Object.entries(part).map(([key, value]) => [key,
      (key === "title" || key === "description") && typeof value === "string" ? front.speech.schema(value) : said(value)]));
  };
  // A server translates schemas from installed language packs alone, so this is done here; the schema makes Lab wait for it.
  registry.transform(PLUGIN, { fetch: (/** @type {any} */ plugin) => {
    front.speech.chosen = /"language"\s*:\s*"(\w+)"/.exec(plugin.raw ?? "")?.[1] ?? front.speech.chosen;
    return { ...plugin, schema: said(plugin.schema) };
  } });
  void registry.load(PLUGIN).then((/** @type {any} */ loaded) => {
    const read = () => {
      Object.assign(front.settings, SETTINGS, loaded.composite);
      front.speech.chosen = front.settings.language;
      changed();
    };
    read();
    loaded.changed.connect(read);
  }, console.error);
}
