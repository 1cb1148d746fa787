// @ts-check
/**
 * The image tray. Pictures enter by choosing, dropping (desktop, JupyterLab's file browser, a web page),
 * pasting, or by the name box (URL, path, variable). Files travel in pieces of at most 1 MB with
 * acknowledgements, because one message over 10 MiB closes Jupyter's connection without a word.
 * The list of pictures is the `items` trait (no pixels); thumbnails come as binary messages.
 */
import { amount, blob, carried, facts, fill, guard, h } from "./shared.js";

export const PIECE = 1_000_000;
const IN_FLIGHT = 4;
const LAB_FILES = "application/x-jupyter-icontents";
const CARD = "application/x-nb-banana-card";

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
    get fraction() {
      return got / total;
    },
  };
}

/** The paths of a JupyterLab file drop, without the drive name that collaboration adds. @param {any} paths */
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

/** @param {{model: any, el: HTMLElement}} context */
function render({ model, el }) {
  /** @type {Map<string, string>} thumbnails by picture, as object URLs */
  const thumbs = new Map();
  /** @type {Map<string, {file: File, state: ReturnType<typeof transfer>, bar: any, node: any, timer: any}>} */
  const uploads = new Map();
  const asked = new Set();
  /** @type {string | null} where the focus goes after the next redraw */
  let refocus = null;
  const text = (/** @type {string} */ key, values = {}) => fill(model.get("strings")[key], values);
  const send = (/** @type {any} */ message) => model.send(message);

  const chooser = h("input", { type: "file", multiple: true, hidden: true,
    accept: "image/*,.heic,.heif", onchange: () => { takeFiles([...chooser.files]); chooser.value = ""; } });
  const cards = h("ul", { class: "nbb-cards" });
  const choose = h("button", { type: "button", class: "nbb-choose", onclick: () => chooser.click() });
  const names = h("datalist", { id: `nbb-names-${Math.random().toString(36).slice(2)}` });
  const source = h("input", { type: "text", class: "nbb-source", list: names.id, autocomplete: "off", spellcheck: "false",
    onfocus: () => send({ t: "names" }),
    onkeydown: (/** @type {KeyboardEvent} */ event) => {
      if (event.key === "Enter" && !event.isComposing) { event.preventDefault(); event.stopPropagation(); takeName(); }
    } });
  const add = h("button", { type: "button", class: "nbb-small", onclick: takeName });
  const clear = h("button", { type: "button", class: "nbb-small nbb-quiet", onclick: () => send({ t: "clear" }) });
  const video = h("video", { class: "nbb-camera", autoplay: true, muted: true, playsinline: true, hidden: true });
  const camera = h("button", { type: "button", class: "nbb-small", onclick: shoot });
  const shut = h("button", { type: "button", class: "nbb-icon", onclick: dark }, "✕");
  const problems = h("ul", { class: "nbb-problems" });
  const zone = h("div", { class: "nbb-zone", role: "group" }, cards, choose, chooser);
  const root = h("div", { class: "nbb nbb-tray" }, zone, h("div", { role: "alert" }, problems), video, h("div", { class: "nbb-more" }, source, names, add, camera, shut, clear));
  el.append(root);

  function takeName() {
    const value = source.value.trim();
    if (value) send({ t: "add", text: value });
    source.value = "";
  }

  /** The first press turns the camera on, the second takes one picture and turns it off. */
  async function shoot() {
    try {
      if (!video.srcObject) {
        video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { width: { ideal: 1920 } } });
        if (!root.isConnected) dark();
        return label();
      }
      const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
      canvas.getContext("2d")?.drawImage(video, 0, 0);
      dark();
      takeFiles([new File([await canvas.convertToBlob({ type: "image/jpeg", quality: 0.95 })], "camera.jpg")]);
    } catch (/** @type {any} */ error) {
      dark();
      send({ t: "camera", reason: error.name });
    }
  }

  function dark() {
    for (const track of video.srcObject?.getTracks() ?? []) track.stop();
    video.srcObject = null;
    label();
  }

  /** @param {File[]} files */
  function takeFiles(files) {
    for (const file of files) {
      if (file.size > model.get("max_bytes")) {
        send({ t: "refused", name: file.name, size: file.size });
        continue;
      }
      const id = `u${Date.now().toString(36)}${Math.random().toString(36).slice(2, 6)}`;
      const bar = h("progress", { max: 1, value: 0, "aria-label": file.name });
      const node = h("li", { class: "nbb-card nbb-sending" }, h("div", { class: "nbb-thumb" }, bar),
        h("div", { class: "nbb-name" }, file.name), h("div", { class: "nbb-facts" }, amount(file.size)),
        h("div", { class: "nbb-tools" }, h("button", { type: "button", class: "nbb-icon", "aria-label": text("cancel", { name: file.name }),
          onclick: () => { send({ t: "drop", id }); ended(id); } }, "✕")));
      uploads.set(id, { file, state: transfer(pieces(file.size)), bar, node, timer: null });
      send({ t: "begin", id, name: file.name, size: file.size, n: pieces(file.size) });
      pump(id);
    }
    draw();
  }

  /** Send what is due of one upload. @param {string} id */
  async function pump(id) {
    const upload = uploads.get(id);
    if (!upload) return;
    clearTimeout(upload.timer);
    upload.timer = setTimeout(() => { upload.node.querySelector(".nbb-facts").textContent = text("waiting"); }, 1500);
    for (const i of upload.state.due()) {
      try {
        const piece = await upload.file.slice(i * PIECE, (i + 1) * PIECE).arrayBuffer();
        model.send({ t: "piece", id, i }, undefined, [piece]);
      } catch {
        send({ t: "unreadable", id, name: upload.file.name });
        ended(id);
      }
    }
  }

  /** @param {string} id */
  function ended(id) {
    clearTimeout(uploads.get(id)?.timer);
    uploads.delete(id);
    draw();
  }

  /** @param {any} item @param {number} at @param {any[]} items */
  function card(item, at, items) {
    const tool = (/** @type {string} */ sign, /** @type {string} */ key, /** @type {any} */ message, off = false) =>
      h("button", { type: "button", class: "nbb-icon", "data-tool": `${item.key} ${message.t}${message.to ?? ""}`,
        title: text(key, { name: item.name }), "aria-label": text(key, { name: item.name }), disabled: off,
        onclick: () => { refocus = item.key; send(message); } }, sign);
    const url = thumbs.get(item.key);
    if (!url && !asked.has(item.key)) { asked.add(item.key); send({ t: "thumb", key: item.key }); }
    const last = at === items.length - 1;
    return h("li", { class: "nbb-card", draggable: items.length > 1 ? "true" : null, "data-key": item.key,
      ondragstart: (/** @type {DragEvent} */ event) => { event.dataTransfer?.setData(CARD, item.key); event.stopPropagation(); },
      ondrop: (/** @type {DragEvent} */ event) => {
        const key = event.dataTransfer?.getData(CARD);
        if (!key) return;
        stop(event);
        send({ t: "move", key, to: at });
      } },
      h("div", { class: "nbb-thumb" }, url ? h("img", { src: url, alt: item.name, draggable: "false" }) : null,
        h("span", { class: "nbb-label" }, text("label", { number: at + 1 }))),
      h("div", { class: "nbb-name", title: item.name }, item.name),
      h("div", { class: "nbb-facts" }, facts(item)),
      last && at > 0 && model.get("follow") ? h("div", { class: "nbb-badge", title: text("decides_why") }, text("decides")) : null,
      h("div", { class: "nbb-tools" },
        items.length > 1 && tool("←", "earlier", { t: "move", key: item.key, to: at - 1 }, at === 0),
        items.length > 1 && tool("→", "later", { t: "move", key: item.key, to: at + 1 }, last),
        tool("✕", "remove", { t: "remove", key: item.key })));
  }

  function draw() {
    const items = model.get("items");
    const had = /** @type {HTMLElement | null} */ (root.contains(document.activeElement) ? document.activeElement : null);
    const tool = had?.dataset?.tool;
    cards.replaceChildren(...items.map(card), ...[...uploads.values()].map((upload) => upload.node));
    const empty = !items.length && !uploads.size;
    root.classList.toggle("nbb-empty", empty);
    cards.hidden = empty;
    clear.hidden = items.length + uploads.size < 2;
    choose.replaceChildren(empty
      ? h("span", {}, h("strong", {}, text("drop")), h("span", { class: "nbb-hint" }, text("paste_hint")))
      : h("span", {}, "+ ", text("more")));
    problems.replaceChildren(...model.get("problems").map((/** @type {any} */ problem) => h("li", {},
      h("span", {}, "⚠ ", problem.text),
      h("button", { type: "button", class: "nbb-icon", "aria-label": text("dismiss"), onclick: () => send({ t: "dismiss", id: problem.id }) }, "✕"))));
    if (tool) {
      // A redraw must not lose the keyboard's place: the same tool of the same card, else the card's last one.
      const same = [...cards.querySelectorAll("[data-tool]")].find((/** @type {any} */ b) => b.dataset.tool === tool && !b.disabled);
      const own = cards.querySelector(`[data-key="${refocus}"] [data-tool]:not(:disabled)`);
      (same ?? own ?? choose).focus();
    }
  }

  function label() {
    zone.setAttribute("aria-label", text("title"));
    source.placeholder = text("source");
    source.setAttribute("aria-label", text("source"));
    add.textContent = text("add");
    clear.textContent = text("clear");
    video.hidden = shut.hidden = !video.srcObject;
    camera.hidden = !model.get("camera");
    camera.textContent = text(video.srcObject ? "shoot" : "camera");
    shut.ariaLabel = text("camera_off");
    draw();
  }

  /** @param {Event} event */
  const stop = (event) => { event.preventDefault(); event.stopPropagation(); };
  const hover = (/** @type {boolean} */ on) => root.classList.toggle("nbb-over", on);
  /** @param {{files: File[], addresses: string[]}} found */
  const take = (found) => {
    takeFiles(found.files);
    for (const address of found.addresses) send({ t: "add", text: address });
  };
  /** @type {[string, (event: any) => void][]} */
  const listeners = [
    ["dragenter", (event) => { stop(event); hover(true); }],
    ["dragover", (event) => { stop(event); hover(true); }],
    ["dragleave", (event) => { if (!root.contains(event.relatedTarget)) hover(false); }],
    ["drop", (event) => { stop(event); hover(false); take(carried(event.dataTransfer)); }],
    ["paste", (event) => {
      const found = carried(event.clipboardData);
      if (!found.files.length) return;
      stop(event);
      take(found);
    }],
    // JupyterLab's file browser speaks Lumino's own drag events; elsewhere they never come.
    ["lm-dragenter", (event) => { if (event.mimeData?.hasData(LAB_FILES)) { stop(event); hover(true); } }],
    ["lm-dragover", (event) => { if (event.mimeData?.hasData(LAB_FILES)) { stop(event); event.dropAction = event.proposedAction; } }],
    ["lm-dragleave", () => hover(false)],
    ["lm-drop", (event) => {
      if (!event.mimeData?.hasData(LAB_FILES)) return;
      stop(event);
      hover(false);
      event.dropAction = event.proposedAction;
      send({ t: "paths", root: serverRoot(), paths: labPaths(event.mimeData.getData(LAB_FILES)) });
    }],
    // The panel around us hands over what was pasted or dropped elsewhere in it.
    ["nbb-take", (event) => take(event.detail)],
  ];
  for (const [name, listener] of listeners) root.addEventListener(name, listener);

  const heard = (/** @type {any} */ message, /** @type {any[]} */ buffers) => {
    const upload = uploads.get(message.id);
    if (message.t === "ack" && upload) {
      upload.state.ack(message.got);
      upload.bar.value = upload.state.fraction;
      upload.node.querySelector(".nbb-facts").textContent = `${Math.round(100 * upload.state.fraction)} % · ${amount(upload.file.size)}`;
      pump(message.id);
    } else if (message.t === "done") ended(message.id);
    else if (message.t === "thumb" && !thumbs.has(message.key)) {
      thumbs.set(message.key, URL.createObjectURL(blob(buffers[0], message.mime)));
      draw();
    } else if (message.t === "names") names.replaceChildren(...message.names.map((/** @type {string} */ name) => h("option", { value: name })));
  };
  model.on("msg:custom", heard);
  const watched = ["items", "problems", "follow"];
  for (const name of watched) model.on(`change:${name}`, draw);
  model.on("change:strings", label);
  label();
  const unguard = guard(root);
  return () => {
    unguard();
    if (video.srcObject) dark();
    model.off("msg:custom", heard);
    for (const name of watched) model.off(`change:${name}`, draw);
    model.off("change:strings", label);
    for (const upload of uploads.values()) clearTimeout(upload.timer);
    for (const url of thumbs.values()) URL.revokeObjectURL(url);
  };
}

export default { render };
