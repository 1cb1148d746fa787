// @ts-check
/** One picture of the tray, large; and the frame that cuts, turns and extends it. Boxes are left, top, right, bottom
 * in pixels of the picture as it is turned. */
import { h } from "./dom.js";
import { facts } from "./files.js";
import { button } from "./uploads.js";


const SIDES = ["", "nw", "n", "ne", "e", "se", "s", "sw", "w"];
const RATIOS = "1:1 4:3 3:2 16:9 3:4 2:3 9:16".split(" ");
/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** @param {number} low @param {number} value @param {number} high */
const between = (low, value, high) => Math.max(low, Math.min(value, high));

/** @type {import("./types.js").Dragged} */
export const dragged = ([l, t, r, b], side, dx, dy, ratio, [left, top, right, bottom]) => {
  if (!side) {
    const [x, y] = [between(left - l, dx, right - r), between(top - t, dy, bottom - b)];
    return [l + x, t + y, r + x, b + y];
  }
  const [west, north] = [side.includes("w"), side.includes("n")];
  if (west) l = between(left, l + dx, r - 1);
  if (side.includes("e")) r = between(l + 1, r + dx, right);
  if (north) t = between(top, t + dy, b - 1);
  if (side.includes("s")) b = between(t + 1, b + dy, bottom);
  if (!ratio) return [l, t, r, b];
  const [w, tall] = /[ew]/.test(side) ? [r - l, (r - l) / ratio] : [(b - t) * ratio, b - t];
  const fit = Math.min(1, (west ? r - left : right - l) / w, (north ? b - top : bottom - t) / tall);
  const [x, y] = [w, tall].map((length) => Math.max(1, Math.round(length * fit)));
  return [west ? r - x : l, north ? b - y : t, west ? r : l + x, north ? b : t + y];
};

/** @type {import("./types.js").Framed} */
export const framed = (w, tall, ratio, beyond) => {
  let [x, y] = [w, tall];
  if (ratio && (w / tall > ratio) !== beyond) x = Math.max(1, Math.round(tall * ratio));
  else if (ratio) y = Math.max(1, Math.round(w / ratio));
  const [l, t] = [Math.floor((w - x) / 2), Math.floor((tall - y) / 2)];
  return [l, t, l + x, t + y];
};

/** @type {import("./types.js").TurnedBox} */
export const turnedBox = ([l, t, r, b], w, tall, right) => right ? [tall - b, l, tall - t, r] : [t, w - r, b, w - l];

export class Large {
  /** @param {import("./tray.js").Tray} host @param {string} key */
  constructor(host, key) {
    this.host = host;
    this.box = this.scene = [0, 0, 1, 1];
    this.turns = 0;
    this.key = key;
    this.item = host.model.get("items")[0];
    const text = host.text.bind(host);
    /** @param {string} word @param {() => void} act */
    const press = (word, act, more = {}) => button("small", "", act, more, text(word));
    /** @param {string} label @param {string[][]} options @param {() => void} onchange */
    const menu = (label, options, onchange) => h("select", { "aria-label": text(label), onchange },
      ...options.map(([value, words = value]) => h("option", { value }, words)));
    const reframe = () => this.reframe();
    this.img = h("img", { draggable: "false" });
    this.pad = h("div", { class: "nbb-pad" });
    this.handles = SIDES.map((side) => button(side ? "handle" : "cut", text(side ? "handle" : "frame", { side: text(`side_${side}`) }), null, { "data-side": side }));
    this.stage = h("div", { class: "nbb-stage", onpointerdown: this.grab.bind(this), onkeydown: this.nudge.bind(this) },
      this.pad, this.img, ...this.handles);
    this.title = h("strong", {});
    this.facts = h("span", { class: "nbb-facts", "aria-live": "polite" });
    this.edit = press("shape", () => this.shape(this.tools.hidden), { "aria-pressed": "false" });
    this.walks = ["previous", "next"].map((word, at) => button("icon", text(word), () => this.walk(at * 2 - 1), {}, "‹›"[at]));
    this.ratio = menu("ratio", [["", text("free")], ["own", text("original")], ...RATIOS.map((ratio) => [ratio])], reframe);
    this.beyond = h("input", { type: "checkbox", onchange: reframe });
    this.fill = menu("fill", ["grey", "white", "transparent"].map((fill) => [fill, text(fill)]), () => this.place());
    this.fields = ["x", "y", "width", "height"].map((word, at) => h("input", { type: "number", "aria-label": text(word), onchange: () => this.typed(at) }));
    this.said = h("div", { class: "nbb-hint", role: "status" });
    this.apply = press("apply", () => this.send());
    this.tools = h("div", { class: "nbb-shaping" }, h("div", { class: "nbb-row" }, press("left", () => this.turn(false)),
      press("right", () => this.turn(true)), h("label", {}, text("ratio"), this.ratio), h("label", {}, this.beyond, text("beyond")),
      this.fill, h("div", { class: "nbb-row" }, ...this.fields.map((field) => h("label", {}, field.ariaLabel, field)))), this.said,
    h("div", { class: "nbb-row" }, this.apply, press("whole", () => this.shape(true))));
    this.dialog = h("dialog", { class: "nbb-large", tabindex: -1, "aria-label": text("large"), onclose: this.gone.bind(this), onkeydown: this.pressed.bind(this) },
      h("div", { class: "nbb-row" }, ...this.walks, this.title, this.facts, this.edit, press("close", () => this.dialog.close())), this.stage, this.tools);
    host.parts.root.append(this.dialog);
    this.dialog.showModal();
    this.show(key);
  }

  /** @param {string} key */
  show(key) {
    const items = this.host.model.get("items");
    const at = items.findIndex((item) => item.key === key);
    if (at < 0) return this.dialog.close();
    this.item = items[at];
    this.key = key;
    this.title.textContent = `${this.host.text("label", { number: at + 1 })} · ${this.item.name}`;
    this.facts.textContent = facts(this.item);
    this.free();
    this.img.removeAttribute("src");
    this.img.alt = this.item.name;
    this.walks.forEach((button, last) => { button.disabled = at === (last ? items.length - 1 : 0); });
    this.shape(false);
    this.dialog.focus();
    this.host.send({ t: "view", key });
  }

  /** @param {number} step */
  walk(step) {
    const items = this.host.model.get("items");
    const next = items[items.findIndex((item) => item.key === this.key) + step];
    if (next && this.tools.hidden) this.show(next.key);
  }

  /** Begin with the whole picture. @param {boolean} on */
  shape(on) {
    this.tools.hidden = !on;
    this.edit.setAttribute("aria-pressed", String(on));
    this.dialog.classList.toggle("nbb-on", on);
    for (const button of this.walks) button.hidden = on;
    this.turns = 0;
    this.ratio.value = "";
    this.beyond.checked = false;
    this.reframe();
  }

  get size() {
    const { width, height } = this.item;
    return this.turns % 2 ? [height, width] : [width, height];
  }

  get wish() {
    const [a, b] = this.ratio.value === "own" ? this.size : this.ratio.value.split(":").map(Number);
    return a / b || 0;
  }

  reframe() {
    const [w, tall] = this.size;
    this.box = framed(w, tall, this.wish, this.beyond.checked);
    this.settle();
  }

  /** @param {boolean} right */
  turn(right) {
    const [w, tall] = this.size;
    this.box = turnedBox(this.box, w, tall, right);
    this.turns = (this.turns + (right ? 1 : 3)) % 4;
    this.ratio.value = "";
    this.settle();
  }

  /** @param {string} side @param {number} dx @param {number} dy */
  move(side, dx, dy, from = this.box) {
    const [w, tall] = this.size;
    const room = this.beyond.checked ? [-w, -tall, 2 * w, 2 * tall] : [0, 0, w, tall];
    this.box = dragged(from, side, dx, dy, this.wish, room);
  }

  /** @param {number} at */
  typed(at) {
    const { box: [l, t, r, b], fields } = this;
    const value = Math.round(Number(fields[at].value)) || 0;
    if (at < 2) this.move("", at ? 0 : value - l, at ? value - t : 0);
    else this.move(at < 3 ? "e" : "s", value - r + l, value - b + t);
    this.settle();
  }

  /** @param {KeyboardEvent} event */
  nudge(event) {
    const arrow = ARROWS[event.key];
    const side = event.target instanceof HTMLElement ? event.target.dataset.side : undefined;
    if (!arrow || side === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const step = event.shiftKey ? 10 : 1;
    this.move(side, arrow[0] * step, arrow[1] * step);
    this.settle();
  }

  /** @param {PointerEvent} event */
  grab(event) {
    const handle = event.target instanceof HTMLElement && event.target.dataset.side !== undefined ? event.target : null;
    if (!handle || this.tools.hidden) return;
    const { box, stage, scene } = this;
    const scale = (scene[2] - scene[0]) / stage.clientWidth;
    handle.setPointerCapture(event.pointerId);
    handle.onpointermove = (now) => {
      this.move(handle.dataset.side ?? "", Math.round((now.clientX - event.clientX) * scale), Math.round((now.clientY - event.clientY) * scale), box);
      this.place();
    };
    handle.onlostpointercapture = () => {
      handle.onpointermove = null;
      this.settle();
    };
  }

  /** The scene, picture and frame with a rim for the handles, stays while something is dragged. */
  settle() {
    const [w, tall] = this.size;
    const [l, t, r, b] = this.box;
    const rim = this.tools.hidden ? 0 : Math.max(w, tall) / (this.beyond.checked ? 12 : 24);
    this.scene = [Math.min(0, l) - rim, Math.min(0, t) - rim, Math.max(w, r) + rim, Math.max(tall, b) + rim];
    this.place();
  }

  place() {
    const { box: [l, t, r, b], scene: [left, top, right, bottom], size: [w, tall], handles, stage, img } = this;
    const [wide, high] = [right - left, bottom - top];
    /** @param {number} part @param {number} whole */
    const percent = (part, whole) => `${100 * part / whole}%`;
    Object.assign(stage.style, { aspectRatio: `${wide} / ${high}`, width: `min(100%, max(${wide}px, 320px), var(--nbb-tall) * ${wide / high})` });
    Object.assign(img.style, { width: percent(this.turns % 2 ? tall : w, wide), left: percent(w / 2 - left, wide), top: percent(tall / 2 - top, high),
      transform: `translate(-50%, -50%) rotate(${90 * this.turns}deg)` });
    const frame = { left: percent(l - left, wide), top: percent(t - top, high), width: percent(r - l, wide), height: percent(b - t, high) };
    for (const part of [this.pad, handles[0]]) Object.assign(part.style, frame);
    handles.slice(1).forEach(({ style, dataset: { side = "" } }) => {
      style.left = percent((/w/.test(side) ? l : /e/.test(side) ? r : (l + r) / 2) - left, wide);
      style.top = percent((/n/.test(side) ? t : /s/.test(side) ? b : (t + b) / 2) - top, high);
    });
    [l, t, r - l, b - t].forEach((value, at) => { this.fields[at].value = String(value); });
    const outside = l < 0 || t < 0 || r > w || b > tall;
    const same = !(this.turns || l || t || r - w || b - tall);
    this.fill.hidden = !this.beyond.checked;
    this.pad.dataset.fill = this.fill.value;
    this.apply.disabled = same;
    const { fill: { value: fill }, host, item: { mime } } = this;
    const kind = /png|gif|bmp|tiff/.test(mime) || (outside && fill === "transparent") ? "PNG" : mime === "image/jpeg" ? "JPEG" : "";
    this.said.textContent = same ? "" : host.text("becomes", { width: r - l, height: b - t, kind }).trim()
      + (kind === "JPEG" ? host.text("lossy") : "") + (outside ? ` · ${host.text(`ask_${fill}`)}` : "");
  }

  send() {
    this.apply.disabled = true;
    this.said.textContent = this.host.text("working");
    this.host.send({ t: "shape", key: this.key, turns: this.turns, box: this.box, fill: this.fill.value });
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    const arrow = ARROWS[event.key];
    if (!arrow || !this.tools.hidden) return;
    event.preventDefault();
    this.walk(arrow[0]);
  }

  /** @param {string} key @param {Blob} pixels */
  heard(key, pixels) {
    if (key !== this.key) return;
    this.free();
    this.img.src = URL.createObjectURL(pixels);
  }

  free() {
    URL.revokeObjectURL(this.img.src);
  }

  gone() {
    this.free();
    this.dialog.remove();
    this.host.closed(this.key);
  }
}
