// @ts-check
/**
 * The image tray. Pictures enter by choosing, dropping (desktop, JupyterLab's file browser, a web page),
 * pasting, or by the name box (URL, path, variable). The list of pictures is the `items` trait (no
 * pixels); thumbnails come as binary messages.
 */
import { fill, guard, h, listen } from "./dom.js";
import { blob, carried, facts } from "./files.js";
import { Uploads } from "./uploads.js";

/** @typedef {import("./types.js").Picture} Item */
/** @typedef {{items: Item[], problems: {id: string, text: string}[], follow: boolean, camera: boolean, max_bytes: number,
 *   strings: import("./types.js").Words}} Traits */
/** @typedef {import("./types.js").Model<Traits>} Model */
/** @typedef {{hasData(type: string): boolean, getData(type: string): unknown}} LabData what Lumino's drag carries */
/** @typedef {Event & {mimeData?: LabData, dropAction: string, proposedAction: string}} LabDrag */

const LAB_FILES = "application/x-jupyter-icontents";
const CARD = "application/x-nb-banana-card";

/** The paths of a JupyterLab file drop, without the drive name that collaboration adds. @param {unknown} paths */
export function labPaths(paths) {
  return Array.isArray(paths) ? paths.map((path) => String(path).replace(/^[A-Za-z]+:(?!\/\/)/, "")) : [];
}

/** Jupyter's root folder as the page knows it, to find dropped paths from. */
function serverRoot() {
  try {
    return JSON.parse(document.getElementById("jupyter-config-data")?.textContent || "{}").serverRoot || "";
  } catch {
    return "";
  }
}

/** @param {Event} event */
function stop(event) {
  event.preventDefault();
  event.stopPropagation();
}

function parts() {
  const small = (more = "") => h("button", { type: "button", class: `nbb-small${more}` });
  const chooser = h("input", { type: "file", multiple: true, hidden: true, accept: "image/*,.heic,.heif" });
  const cards = h("ul", { class: "nbb-cards" });
  const choose = h("button", { type: "button", class: "nbb-choose" });
  const names = h("datalist", { id: `nbb-names-${Math.random().toString(36).slice(2)}` });
  const source = h("input", { type: "text", class: "nbb-source", list: names.id, autocomplete: "off", spellcheck: "false" });
  const [add, clear, camera] = [small(), small(" nbb-quiet"), small()];
  const video = h("video", { class: "nbb-camera", autoplay: true, muted: true, playsinline: true, hidden: true });
  const shut = h("button", { type: "button", class: "nbb-icon" }, "✕");
  const problems = h("ul", { class: "nbb-problems" });
  const zone = h("div", { class: "nbb-zone", role: "group" }, cards, choose, chooser);
  const root = h("div", { class: "nbb nbb-tray" }, zone, h("div", { role: "alert" }, problems), video,
    h("div", { class: "nbb-more" }, source, names, add, camera, shut, clear));
  return { chooser, cards, choose, names, source, add, clear, camera, video, shut, problems, zone, root };
}

class Tray {
  /** @param {Model} model */
  constructor(model) {
    this.model = model;
    this.parts = parts();
    /** @type {Map<string, string>} thumbnails by picture, as object URLs */
    this.thumbs = new Map();
    /** @type {Set<string>} */
    this.asked = new Set();
    this.uploads = new Uploads(model, (key, values) => this.text(key, values), () => this.draw());
    /** @type {string | null} the card the focus stays on after the next redraw */
    this.refocus = null;
  }

  /** @param {string} key @param {object} [values] */
  text(key, values = {}) {
    return fill(this.model.get("strings")[key], { ...values });
  }

  /** @param {object} message */
  send(message) {
    this.model.send(message);
  }

  takeName() {
    const { source } = this.parts;
    const text = source.value.trim();
    if (text) this.send({ t: "add", text });
    source.value = "";
  }

  /** @param {File[]} files */
  takeFiles(files) {
    for (const file of files) {
      if (file.size > this.model.get("max_bytes")) this.send({ t: "refused", name: file.name, size: file.size });
      else this.uploads.begin(file);
    }
    this.draw();
  }

  /** @param {{files: File[], addresses: string[]}} found */
  take(found) {
    this.takeFiles(found.files);
    for (const text of found.addresses) this.send({ t: "add", text });
  }

  get filming() {
    const { srcObject } = this.parts.video;
    return srcObject instanceof MediaStream ? srcObject : null;
  }

  /** The first press turns the camera on, the second takes one picture and turns it off. */
  async shoot() {
    const { video, root } = this.parts;
    try {
      if (!this.filming) {
        video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { width: { ideal: 1920 } } });
        if (!root.isConnected) this.dark();
        return this.label();
      }
      const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
      canvas.getContext("2d")?.drawImage(video, 0, 0);
      this.dark();
      this.takeFiles([new File([await canvas.convertToBlob({ type: "image/jpeg", quality: 0.95 })], "camera.jpg")]);
    } catch (error) {
      this.dark();
      this.send({ t: "camera", reason: error instanceof Error ? error.name : String(error) });
    }
  }

  dark() {
    for (const track of this.filming?.getTracks() ?? []) track.stop();
    this.parts.video.srcObject = null;
    this.label();
  }

  /** The address of a thumbnail; one that is not here is asked for, once. @param {string} key */
  thumb(key) {
    const url = this.thumbs.get(key);
    if (!url && !this.asked.has(key)) {
      this.asked.add(key);
      this.send({ t: "thumb", key });
    }
    return url;
  }

  /** One of a card's buttons.
   * @param {Item} item @param {{sign: string, word: string, message: {t: string, key: string, to?: number}, off?: boolean}} what */
  tool(item, { sign, word, message, off = false }) {
    const title = this.text(word, { name: item.name });
    return h("button", { type: "button", class: "nbb-icon", "data-tool": `${item.key} ${message.t}${message.to ?? ""}`,
      title, "aria-label": title, disabled: off, onclick: () => { this.refocus = item.key; this.send(message); } }, sign);
  }

  /** @param {Item} item @param {number} at @param {Item[]} items */
  card(item, at, items) {
    const { key } = item;
    const url = this.thumb(key);
    const [several, last] = [items.length > 1, at === items.length - 1];
    const decides = last && at > 0 && this.model.get("follow");
    return h("li", { class: "nbb-card", draggable: several ? "true" : null, "data-key": key,
      ondragstart: (/** @type {DragEvent} */ event) => { event.dataTransfer?.setData(CARD, key); event.stopPropagation(); },
      ondrop: (/** @type {DragEvent} */ event) => this.moved(event, at) },
      h("div", { class: "nbb-thumb" }, url && h("img", { src: url, alt: item.name, draggable: "false" }),
        h("span", { class: "nbb-label" }, this.text("label", { number: at + 1 }))),
      h("div", { class: "nbb-name", title: item.name }, item.name),
      h("div", { class: "nbb-facts" }, facts(item)),
      decides && h("div", { class: "nbb-badge", title: this.text("decides_why") }, this.text("decides")),
      h("div", { class: "nbb-tools" },
        several && this.tool(item, { sign: "←", word: "earlier", message: { t: "move", key, to: at - 1 }, off: at === 0 }),
        several && this.tool(item, { sign: "→", word: "later", message: { t: "move", key, to: at + 1 }, off: last }),
        this.tool(item, { sign: "✕", word: "remove", message: { t: "remove", key } })));
  }

  /** A card was dropped on the one at this place; any other drop is the tray's. @param {DragEvent} event @param {number} to */
  moved(event, to) {
    const key = event.dataTransfer?.getData(CARD);
    if (!key) return;
    stop(event);
    this.send({ t: "move", key, to });
  }

  draw() {
    const { cards, root, clear, choose, problems } = this.parts;
    const items = this.model.get("items");
    const had = root.contains(document.activeElement) ? document.activeElement : null;
    const tool = had instanceof HTMLElement ? had.dataset.tool : "";
    const shown = [...items.map((item, at) => this.card(item, at, items)), ...this.uploads.nodes];
    cards.replaceChildren(...shown);
    root.classList.toggle("nbb-empty", !shown.length);
    cards.hidden = !shown.length;
    clear.hidden = shown.length < 2;
    choose.replaceChildren(shown.length ? h("span", {}, "+ ", this.text("more"))
      : h("span", {}, h("strong", {}, this.text("drop")), h("span", { class: "nbb-hint" }, this.text("paste_hint"))));
    problems.replaceChildren(...this.model.get("problems").map(({ id, text }) => h("li", {}, h("span", {}, "⚠ ", text),
      h("button", { type: "button", class: "nbb-icon", "aria-label": this.text("dismiss"), onclick: () => this.send({ t: "dismiss", id }) }, "✕"))));
    if (tool) this.focusAgain(tool);
  }

  /** A redraw must not lose the keyboard's place: the same tool of the same card, else the card's last one. @param {string} tool */
  focusAgain(tool) {
    const { cards, choose } = this.parts;
    const all = [...cards.querySelectorAll("button")].filter((button) => button.dataset.tool && !button.disabled);
    const same = all.find((button) => button.dataset.tool === tool);
    const own = all.find((button) => button.closest("li")?.dataset.key === this.refocus);
    (same ?? own ?? choose).focus();
  }

  label() {
    const { zone, source, add, clear, video, shut, camera } = this.parts;
    const named = { title: zone, source, camera_off: shut };
    for (const [key, part] of Object.entries(named)) part.setAttribute("aria-label", this.text(key));
    source.placeholder = this.text("source");
    add.textContent = this.text("add");
    clear.textContent = this.text("clear");
    video.hidden = shut.hidden = !this.filming;
    camera.hidden = !this.model.get("camera");
    camera.textContent = this.text(this.filming ? "shoot" : "camera");
    this.draw();
  }

  /** @param {any} message as its `t` says @param {DataView[]} buffers */
  heard(message, buffers) {
    const { thumbs, uploads, parts: { names } } = this;
    if (message.t === "ack") uploads.acked(message.id, message.got, message.held);
    else if (message.t === "done") uploads.ended(message.id);
    else if (message.t === "names") names.replaceChildren(...message.names.map((/** @type {string} */ value) => h("option", { value })));
    else if (message.t === "thumb" && !thumbs.has(message.key)) {
      thumbs.set(message.key, URL.createObjectURL(blob(buffers[0], message.mime)));
      this.draw();
    }
  }

  stop() {
    if (this.filming) this.dark();
    this.uploads.stop();
    for (const url of this.thumbs.values()) URL.revokeObjectURL(url);
  }
}

/** What the buttons and fields do. @param {Tray} tray */
function wire(tray) {
  const { chooser, choose, source, add, clear, camera, shut } = tray.parts;
  chooser.addEventListener("change", () => {
    tray.takeFiles([...chooser.files ?? []]);
    chooser.value = "";
  });
  choose.addEventListener("click", () => chooser.click());
  source.addEventListener("focus", () => tray.send({ t: "names" }));
  source.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    stop(event);
    tray.takeName();
  });
  add.addEventListener("click", () => tray.takeName());
  clear.addEventListener("click", () => tray.send({ t: "clear" }));
  camera.addEventListener("click", () => tray.shoot());
  shut.addEventListener("click", () => tray.dark());
}

/** Whatever is dropped on the tray, or pasted into it, is taken. @param {Tray} tray */
function receive(tray) {
  const { root } = tray.parts;
  const hover = (/** @type {boolean} */ on) => root.classList.toggle("nbb-over", on);
  const over = (/** @type {DragEvent} */ event) => {
    stop(event);
    hover(true);
  };
  root.addEventListener("dragenter", over);
  root.addEventListener("dragover", over);
  root.addEventListener("dragleave", (event) => { if (!root.contains(/** @type {Node | null} */ (event.relatedTarget))) hover(false); });
  root.addEventListener("drop", (event) => {
    stop(event);
    hover(false);
    tray.take(carried(event.dataTransfer));
  });
  root.addEventListener("paste", (event) => {
    const found = carried(event.clipboardData);
    if (!found.files.length) return;
    stop(event);
    tray.take(found);
  });
  // The panel around us hands over what was pasted or dropped elsewhere in it.
  root.addEventListener("nbb-take", (event) => tray.take(/** @type {CustomEvent} */ (event).detail));
}

/** JupyterLab's file browser speaks Lumino's own drag events; elsewhere they never come. @param {Tray} tray */
function receiveFromLab(tray) {
  const { root } = tray.parts;
  const hover = (/** @type {boolean} */ on) => root.classList.toggle("nbb-over", on);
  /** @param {string} name @param {(event: LabDrag, data: LabData) => void} action for files only */
  const on = (name, action) => root.addEventListener(name, (event) => {
    const drag = /** @type {LabDrag} */ (event);
    if (!drag.mimeData?.hasData(LAB_FILES)) return;
    stop(drag);
    action(drag, drag.mimeData);
  });
  on("lm-dragenter", () => hover(true));
  on("lm-dragover", (event) => { event.dropAction = event.proposedAction; });
  root.addEventListener("lm-dragleave", () => hover(false));
  on("lm-drop", (event, data) => {
    hover(false);
    event.dropAction = event.proposedAction;
    tray.send({ t: "paths", root: serverRoot(), paths: labPaths(data.getData(LAB_FILES)) });
  });
}

/** @param {{model: Model, el: HTMLElement}} context */
function render({ model, el }) {
  const tray = new Tray(model);
  const draw = () => tray.draw();
  for (const part of [wire, receive, receiveFromLab]) part(tray);
  el.append(tray.parts.root);
  const unheard = listen(model, {
    "msg:custom": (message, buffers) => tray.heard(message, buffers),
    "change:items": draw, "change:problems": draw, "change:follow": draw,
    "change:strings": () => tray.label(),
  });
  tray.label();
  const unguard = guard(tray.parts.root);
  return () => {
    unguard();
    unheard();
    tray.stop();
  };
}

export default { render };
