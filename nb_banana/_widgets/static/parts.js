// @ts-check
/** What a viewer is made of: its layers, its tools, its fields. Nothing here listens or says a word yet. */
import { h } from "./dom.js";

export const MODES = ["slider", "side", "blink", "difference"];
export const NUMBERS = ["left", "top", "width", "height"];

const ICONS = {
  screen: "M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4",
  download: "M8 2v8M4.5 7 8 10.5 11.5 7M2.5 13.5h11",
  copy: "M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3",
  region: "M2 5V2h3M7 2h2M11 2h3v3M14 7v2M14 11v3h-3M9 14H7M5 14H2v-3M2 9V7",
};

/** @param {keyof typeof ICONS} name */
function icon(name) {
  const box = h("span", { class: "nbb-svg", "aria-hidden": "true" });
  box.innerHTML = `<svg viewBox="0 0 16 16" width="14" height="14" fill="none" stroke="currentColor" stroke-width="1.5"><path d="${ICONS[name]}"/></svg>`;
  return box;
}

/** @param {...import("./types.js").Child} content */
const button = (...content) => h("button", { type: "button", class: "nbb-small" }, ...content);

/** A button with a picture and a word. @param {keyof typeof ICONS} name @param {Record<string, unknown>} [how] the word is shown */
function tool(name, how) {
  const word = h("span", how);
  return { word, root: button(icon(name), word) };
}

/** One picture of the two: it moves in its layer when zoomed, its region with it. @param {string} side */
function layer(side) {
  const image = h("img", { draggable: "false", decoding: "async" });
  const tag = h("span", { class: "nbb-tag" });
  const outline = h("div", { class: "nbb-outline" });
  const mover = h("div", { class: "nbb-mover" }, image, outline);
  return { image, tag, outline, mover, root: h("div", { class: `nbb-layer nbb-${side}` }, mover, tag) };
}

function radios() {
  const name = `nbb-mode-${Math.random().toString(36).slice(2)}`;
  return MODES.map((value) => {
    const input = h("input", { type: "radio", name, value });
    const word = h("span");
    return { input, word, root: h("label", {}, input, word) };
  });
}

function fields() {
  const numbers = NUMBERS.map(() => {
    const input = h("input", { type: "number", min: 0, max: 100, step: 1 });
    const word = h("span");
    return { input, word, root: h("label", {}, word, input, " %") };
  });
  const clear = button();
  return { numbers, clear, root: h("div", { class: "nbb-row", role: "group" }, ...numbers.map((one) => one.root), clear) };
}

function toolbar() {
  const choices = radios();
  const modes = h("div", { class: "nbb-modes", role: "radiogroup" }, ...choices.map((one) => one.root));
  const [smaller, fit, actual, larger] = [button("−"), button(), button("100 %"), button("+")];
  const tools = { region: tool("region"), download: tool("download"), copy: tool("copy"), screen: tool("screen", { class: "nbb-hidden" }) };
  const root = h("div", { class: "nbb-bar" }, modes, h("div", { class: "nbb-right" },
    h("div", { class: "nbb-zoom" }, smaller, fit, actual, larger),
    h("div", { class: "nbb-take" }, ...Object.values(tools).map((one) => one.root))));
  return { choices, modes, smaller, fit, actual, larger, tools, root };
}

/** @typedef {ReturnType<typeof parts>} Parts */
export function parts() {
  const layers = { before: layer("before"), after: layer("after"), map: layer("map") };
  const divider = h("div", { class: "nbb-divider", "aria-hidden": "true" });
  const frame = h("div", { class: "nbb-frame", tabindex: 0, role: "group" }, ...Object.values(layers).map((one) => one.root), divider);
  const empty = h("p", { class: "nbb-empty-text" });
  const split = h("input", { type: "range", min: 0, max: 100, step: 1, class: "nbb-split" });
  const [bar, region] = [toolbar(), fields()];
  const info = h("div", { class: "nbb-info" });
  const legend = { same: h("span"), strong: h("span"), words: h("span", { role: "status" }) };
  const scale = h("span", { class: "nbb-scale" }, legend.same, h("i"), legend.strong);
  const said = h("div", { class: "nbb-hidden", role: "status" });
  const main = h("div", { class: "nbb-main" }, bar.root, region.root, h("div", { class: "nbb-stage" }, frame, empty), split,
    h("div", { class: "nbb-under" }, h("div", { class: "nbb-legend" }, scale, legend.words), info), said);
  const dialog = h("dialog", { class: "nbb nbb-dialog" });
  const root = h("div", { class: "nbb nbb-viewer" }, main, dialog);
  return { layers, divider, frame, empty, split, bar, region, info, legend, scale, said, main, dialog, root };
}
