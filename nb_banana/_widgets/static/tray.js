// @ts-check
/** The image tray. The list of pictures is the `items` trait, without pixels; thumbnails come as binary messages. */
import { around, fill, guard, h, listen } from "./dom.js";
import { carried } from "./carried.js";
import { blob, facts } from "./files.js";
import { Large } from "./large.js";
import { Uploads, button } from "./uploads.js";

/** @typedef {import("./types.js").Input} Item */

const LAB_FILES = "application/x-jupyter-icontents";
const PROMPT = ".nb-banana-prompt textarea";
const CARD = "application/x-nb-banana-card";
const RESULT = "application/x-nb-banana-result";

/** The paths of a JupyterLab file drop, without the drive name that collaboration adds. @param {unknown} paths */
export function labPaths(paths) {
  return Array.isArray(paths) ? paths.map((path) => String(path).replace(/^[A-Za-z]+:(?!\/\/)/, "")) : [];
}

/** Jupyter's root folder as the page knows it, to find dropped paths from. */
const serverRoot = () => JSON.parse(document.getElementById("jupyter-config-data")?.textContent || "{}").serverRoot || "";

/** @param {Event} event */
function stop(event) {
  event.preventDefault();
  event.stopPropagation();
}

/** The words with the blanks they need between what stands before and after them. @param {string} words @param {string} before @param {string} after */
export function spaced(words, before, after) {
  const latin = /^\w/.test(words);
  const head = latin && /[^\s([{"'“‘「]$/.test(before) ? " " : "";
  return `${head}${words}${/^\d/.test(after) || (latin && /^\p{L}/u.test(after)) ? " " : ""}`;
}

/** @param {string} src */
const thumbnail = (src) => h("img", { src, alt: "", draggable: "false" });

function parts() {
  const chooser = h("input", { type: "file", multiple: true, hidden: true, accept: "image/*,.heic,.heif" });
  const cards = h("ul", { class: "nbb-cards" });
  const choose = button("choose", "", null);
  const names = h("datalist", { id: `nbb-names-${Math.random().toString(36).slice(2)}` });
  const source = h("input", { type: "text", class: "nbb-source", list: names.id, autocomplete: "off", spellcheck: "false" });
  const [add, clear, camera] = ["small", "small nbb-quiet", "small"].map((kind) => button(kind, "", null));
  const video = h("video", { class: "nbb-camera", autoplay: true, muted: true, playsinline: true, hidden: true });
  const shut = button("icon", "", null, {}, "✕");
  const problems = h("ul", { class: "nbb-problems" });
  const zone = h("div", { class: "nbb-zone", role: "group" }, cards, choose, chooser);
  const root = h("div", { class: "nbb nbb-tray" }, zone, h("div", { role: "alert" }, problems), video,
    h("div", { class: "nbb-more" }, source, names, add, camera, shut, clear));
  return { chooser, cards, choose, names, source, add, clear, camera, video, shut, problems, zone, root };
}

export class Tray {
  /** @param {import("./types.js").Model<import("./types.js").TrayTraits>} model */
  constructor(model) {
    this.model = model;
    this.parts = parts();
    /** @type {Map<string, string>} thumbnails by picture, as object URLs */
    this.thumbs = new Map();
    /** @type {Set<string>} */
    this.asked = new Set();
    this.uploads = new Uploads(this);
    /** the card the focus stays on after a redraw */
    this.refocus = "";
    /** @type {Element | null} the panel around it */
    this.panel = null;
    /** @type {Large | null} */
    this.large = null;
    this.leave = () => {};
  }

  /** With its first size it knows what is around it. */
  settle() {
    const { root } = this.parts;
    const ended = new AbortController();
    const placed = new ResizeObserver(() => {
      if (!root.clientWidth) return;
      placed.disconnect();
      const panel = root.closest(".nb-banana-panel");
      receiveFromLab(this, panel ?? root, ended.signal);
      if (!(this.panel = panel)) return;
      panel.addEventListener("keydown", (event) => this.typed(/** @type {KeyboardEvent} */ (event)), { capture: true, signal: ended.signal });
      this.draw();
    });
    placed.observe(root);
    this.leave = () => {
      placed.disconnect();
      ended.abort();
    };
  }

  /** Put a picture's number into the prompt, in the prompt's own language; without words there, in the panel's. @param {number} number */
  name(number) {
    /** @type {Partial<HTMLTextAreaElement>} */
    const { value = "", selectionStart = 0, selectionEnd = 0 } = this.panel?.querySelector(PROMPT) ?? {};
    const words = /\p{sc=Han}/u.test(/\p{L}/u.test(value) ? value : this.text("insert")) ? "图" : "picture ";
    const detail = { text: spaced(words + number, value.slice(0, selectionStart), value.slice(selectionEnd)) };
    this.panel?.dispatchEvent(new CustomEvent("nbb-insert", { detail }));
  }

  /** @param {KeyboardEvent} event */
  typed(event) {
    const number = Number(event.code.match(/^Digit(\d)$/)?.[1]);
    if (!event.altKey || event.ctrlKey || !around(event, PROMPT) || !this.model.get("items")[number - 1]) return;
    stop(event);
    this.name(number);
  }

  /** @param {string} key the picture looked at last */
  closed(key) {
    this.large = null;
    this.focusAgain(`${key} view`);
  }

  /** @param {string} key @param {object} [values] */
  text(key, values = {}) {
    return fill(this.model.get("strings")[key], { ...values });
  }

  /** @param {object} message @param {ArrayBuffer[]} [pieces] */
  send(message, pieces) {
    this.model.send(message, undefined, pieces);
  }

  /** @param {File[]} files */
  takeFiles(files) {
    for (const file of files) {
      if (file.size > this.model.get("max_bytes")) this.send({ t: "refused", name: file.name, size: file.size });
      else this.uploads.begin(file);
    }
    this.draw();
  }

  /** @param {import("./types.js").Brought} found */
  take({ files = [], addresses = [], paths, root }) {
    if (files.length) this.takeFiles(files);
    for (const text of addresses) this.send({ t: "add", text });
    if (paths) this.send({ t: "paths", root, paths });
  }

  get filming() {
    const { srcObject } = this.parts.video;
    return srcObject instanceof MediaStream ? srcObject : null;
  }

  /** The second press takes one picture and turns the camera off. */
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

  /** The address of a thumbnail, which is asked for once. @param {string} key */
  thumb(key) {
    const url = this.thumbs.get(key);
    if (!url && !this.asked.has(key)) {
      this.asked.add(key);
      this.send({ t: "thumb", key });
    }
    return url;
  }

  /** @param {Item} item @param {import("./types.js").Tool} what */
  tool(item, { sign, word, message, off = false }) {
    const act = () => {
      this.refocus = item.key;
      this.send(message);
    };
    return button("icon", this.text(word, { name: item.name }), act, { "data-tool": `${item.key} ${message.t}${message.to ?? ""}`, disabled: off }, sign);
  }

  /** @param {string} word */
  badge(word, why = `${word}_why`) {
    return h("div", { class: "nbb-badge", title: this.text(why) }, this.text(word));
  }

  /** @param {Item} item @param {number} at */
  picture({ key, name }, at) {
    const url = this.thumb(key);
    const number = at + 1;
    const label = this.text("label", { number });
    const tip = this.text("insert_tip", { words: this.text("insert", { number }), number });
    return h("div", { class: "nbb-thumb" }, button("open", this.text("open", { name }), () => { this.large = new Large(this, key); },
      { "data-tool": `${key} view` }, url && thumbnail(url)),
    this.panel ? button("label", tip, () => this.name(number), {}, label) : h("span", { class: "nbb-label" }, label));
  }

  /** @param {Item} item @param {number} at @param {Item[]} items */
  card(item, at, items) {
    const { key, name, shaped, border } = item;
    const [several, last] = [items.length > 1, at === items.length - 1];
    return h("li", { class: "nbb-card", draggable: several ? "true" : null, "data-key": key,
      ondragstart: (/** @type {DragEvent} */ event) => { event.dataTransfer?.setData(CARD, key); event.stopPropagation(); },
      ondrop: this.moved.bind(this, at) },
      this.picture(item, at),
      h("div", { class: "nbb-name", title: name }, name),
      h("div", { class: "nbb-facts" }, facts(item)),
      last && at > 0 && this.model.get("follow") && this.badge("decides"),
      several && !at && this.model.get("masked") && this.badge("masked"),
      border && this.badge(`border_${border}`, `ask_${border}`),
      h("div", { class: "nbb-tools" },
        shaped && this.tool(item, { sign: "↶", word: "undo", message: { t: "undo", key } }),
        several && this.tool(item, { sign: "←", word: "earlier", message: { t: "move", key, to: at - 1 }, off: !at }),
        several && this.tool(item, { sign: "→", word: "later", message: { t: "move", key, to: at + 1 }, off: last }),
        this.tool(item, { sign: "✕", word: "remove", message: { t: "remove", key } })));
  }

  /** A card was dropped on the one at this place; any other drop is the tray's. @param {number} to @param {DragEvent} event */
  moved(to, event) {
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
      button("icon", this.text("dismiss"), () => this.send({ t: "dismiss", id }), {}, "✕"))));
    if (tool) this.focusAgain(tool);
  }

  /** The keyboard's place after a redraw: the same tool of the same card, else one of that card. @param {string} tool */
  focusAgain(tool) {
    const { cards, choose } = this.parts;
    const all = [...cards.querySelectorAll("button")].filter((button) => button.dataset.tool && !button.disabled);
    const same = all.find((button) => button.dataset.tool === tool);
    const own = all.find((button) => button.closest(".nbb-tools") && button.closest("li")?.dataset.key === this.refocus);
    (same ?? own ?? choose).focus();
  }

  label() {
    const { zone, source, add, clear, video, shut, camera } = this.parts;
    for (const [key, part] of Object.entries({ title: zone, source, camera_off: shut })) part.setAttribute("aria-label", this.text(key));
    source.placeholder = this.text("source");
    add.textContent = this.text("add");
    clear.textContent = this.text("clear");
    video.hidden = shut.hidden = !this.filming;
    camera.hidden = !this.model.get("camera");
    camera.textContent = this.text(this.filming ? "shoot" : "camera");
    this.draw();
  }

  /** @param {any} message as its `t` says @param {DataView[]} buffers */
  heard({ t, id, key, mime, now, got, held, names }, [pixels]) {
    const { thumbs, uploads, large, parts } = this;
    if (t === "ack") uploads.acked(id, got, held);
    else if (t === "done") uploads.ended(id);
    else if (t === "names") parts.names.replaceChildren(...names.map((/** @type {string} */ value) => h("option", { value })));
    else if (t === "view") large?.heard(key, blob(pixels, mime));
    else if (t === "shaped") this.shaped(key, now);
    else if (t === "thumb" && !thumbs.has(key)) {
      const src = URL.createObjectURL(blob(pixels, mime));
      thumbs.set(key, src);
      parts.cards.querySelector(`[data-key="${key}"] .nbb-open`)?.append(thumbnail(src));
    }
  }

  /** Another picture stands in the place of one. @param {string} key @param {string} now */
  shaped(key, now) {
    if (this.large?.key === key) {
      this.large.key = now;
      this.large.dialog.close();
    } else if (this.refocus === key) this.focusAgain(`${now} view`);
  }

  stop() {
    if (this.filming) this.dark();
    this.leave();
    this.uploads.stop();
    for (const url of this.thumbs.values()) URL.revokeObjectURL(url);
  }
}

/** What the buttons and fields do. @param {Tray} tray */
function wire(tray) {
  const { chooser, choose, source, add, clear, camera, shut } = tray.parts;
  const name = () => {
    const text = source.value.trim();
    if (text) tray.send({ t: "add", text });
    source.value = "";
  };
  chooser.onchange = () => {
    tray.takeFiles([...chooser.files ?? []]);
    chooser.value = "";
  };
  choose.onclick = () => chooser.click();
  source.onfocus = () => tray.send({ t: "names" });
  source.onkeydown = (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    stop(event);
    name();
  };
  add.onclick = name;
  clear.onclick = () => tray.send({ t: "clear" });
  camera.onclick = () => tray.shoot();
  shut.onclick = () => tray.dark();
}

/** Take what is dropped on the tray or pasted into it. @param {Tray} tray */
function receive(tray) {
  const { root } = tray.parts;
  const hover = (/** @type {boolean} */ on) => root.classList.toggle("nbb-over", on);
  root.ondragenter = root.ondragover = (event) => {
    stop(event);
    hover(true);
  };
  root.ondragleave = (event) => { if (!root.contains(/** @type {Node | null} */ (event.relatedTarget))) hover(false); };
  root.ondrop = (event) => {
    stop(event);
    hover(false);
    const key = event.dataTransfer?.getData(RESULT);
    if (key) tray.send({ t: "result", key });
    else tray.take(carried(event.dataTransfer));
  };
  root.onpaste = (event) => {
    const found = carried(event.clipboardData);
    if (!found.files.length) return;
    stop(event);
    tray.take(found);
  };
  // The panel hands over what came elsewhere in it.
  root.addEventListener("nbb-take", (event) => tray.take(/** @type {CustomEvent} */ (event).detail));
}

/** JupyterLab's file browser drags by Lumino's own events. Dropped beside the tray, a file would split the window, so
 * the whole panel takes it. @param {Tray} tray @param {Element} place @param {AbortSignal} signal */
function receiveFromLab(tray, place, signal) {
  const { root } = tray.parts;
  for (const kind of ["lm-dragenter", "lm-dragover", "lm-dragleave", "lm-drop"]) place.addEventListener(kind, (event) => {
    const drag = /** @type {import("./types.js").LabDrag} */ (event);
    if (!drag.mimeData?.hasData(LAB_FILES)) return;
    stop(drag);
    root.classList.toggle("nbb-over", kind === "lm-dragenter" || kind === "lm-dragover");
    drag.dropAction = drag.proposedAction;
    if (kind === "lm-drop") tray.take({ root: serverRoot(), paths: labPaths(drag.mimeData.getData(LAB_FILES)) });
  }, { signal });
}

/** @param {{model: any, el: HTMLElement}} context */
function render({ model, el }) {
  const tray = new Tray(model);
  const draw = () => tray.label();
  wire(tray);
  receive(tray);
  el.append(tray.parts.root);
  const unheard = listen(model, {
    "msg:custom": (message, buffers) => tray.heard(message, buffers),
    "change:items": draw, "change:problems": draw, "change:follow": draw, "change:masked": draw,
    "change:strings": draw, "change:camera": draw,
  });
  draw();
  tray.settle();
  const unguard = guard(tray.parts.root);
  return () => {
    unguard();
    unheard();
    tray.stop();
  };
}

export default { render };
