// @ts-check
/** A chain as a filmstrip with its branches: a tree that arrows walk, one picture per edit. */
import { around, h } from "./dom.js";
import { goTo } from "./goto.js";
import { keyed, thumbs, walk } from "./thumbs.js";

/** @typedef {{key: string, label: string, column: number, lane: number, parent: number, current: boolean, prompt: string, facts: string}} Step */
/** @typedef {import("./types.js").Model<{steps: Step[], at: number, strings: import("./types.js").Words}>} Model */

/** The step a key leads to: left to the one it was made from, right to the first made from it.
 * @param {string} key @param {number} at @param {Pick<Step, "parent">[]} steps */
export function stepTo(key, at, steps) {
  if (key === "ArrowLeft") return Math.max(0, steps[at].parent);
  if (key === "ArrowRight") return Math.max(at, steps.findIndex((step) => step.parent === at));
  return walk(key, at, steps.length);
}

/** @param {Step} step @param {number} index @param {Step[]} steps @param {{at: number, url: string | undefined}} shown */
function item(step, index, steps, { at, url }) {
  return h("div", {
    role: "treeitem", class: `nbb-step${step.current ? " nbb-own" : ""}`, tabindex: index === at ? 0 : -1,
    "data-lm-suppress-shortcuts": true, "aria-selected": `${index === at}`, "aria-level": step.column + 1, title: step.prompt,
    style: `grid-area: ${step.lane + 1} / ${step.column + 1}; --nbb-up: ${step.lane - (steps[step.parent]?.lane ?? 0)}`,
  }, h("div", { class: "nbb-thumb" }, url && h("img", { src: url, alt: "" }), h("b", {}, step.label)),
  h("div", {}, step.prompt), h("div", { class: "nbb-hint" }, step.facts));
}

/** @param {{model: Model, el: HTMLElement}} context */
function render({ model, el }) {
  const strip = h("div", { class: "nbb nbb-strip", role: "tree" });
  el.append(strip);
  const pictures = thumbs(model, draw);
  /** @type {HTMLElement[]} */
  let items = [];

  function draw() {
    const focused = strip.contains(document.activeElement);
    const [at, steps] = [model.get("at"), model.get("steps")];
    items = steps.map((step, index) => item(step, index, steps, { at, url: pictures.url(step.key) }));
    strip.ariaLabel = model.get("strings").strip;
    strip.replaceChildren(...items);
    pictures.want(steps.map((step) => step.key));
    strip.scrollLeft = items[at].offsetLeft - strip.clientWidth / 2;
    if (focused) items[at].focus();
  }

  /** @param {number} at */
  function choose(at) {
    items[at].focus();
    model.set("at", at);
    model.save_changes();
  }

  strip.addEventListener("click", (event) => {
    const step = around(event, ".nbb-step");
    if (step instanceof HTMLElement) choose(items.indexOf(step));
  });
  strip.addEventListener("dblclick", (event) => { if (around(event, ".nbb-step")) model.send({ t: "open", at: model.get("at") }); });
  keyed(strip, (key) => stepTo(key, model.get("at"), model.get("steps")), choose, { enter: "open", b: "branch" },
    (act) => model.send({ t: act, at: model.get("at") }));
  model.on("msg:custom", (message) => { if (message.t === "go") goTo(message.key); });
  model.on("change", draw);
  draw();
  return pictures.stop;
}

export default { render };
