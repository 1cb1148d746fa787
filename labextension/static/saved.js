// @ts-check
/**
 * What is shown of a widget of ours whose kernel is gone: what it was, its caption, its last picture, and what to do.
 *
 * The output stays the widget's own: a renderer of the widgets' manager draws it, as it draws everybody's, and a
 * manager that comes later finds it. Only while that renderer has nothing but a sentence to show ("Loading widget…",
 * "Error displaying widget: model not found") does the card stand in its place. Outputs without our type are not met.
 */

import { MIME, folderOf, originOf } from "./places.js";
import { Records } from "./records.js";

const WIDGET = "application/vnd.jupyter.widget-view+json";
/** Before any other type of the same output; the widgets' own stands at -10. */
const RANK = -20;
/** How long a widget may take to come before the card is shown, in milliseconds: no flicker while a kernel answers. */
const WAIT = 1500;
const KINDS = new Set(["panel", "chain", "grid", "history", "viewer"]);

/** @typedef {import("../types.js").Drawn} Drawn @typedef {import("../types.js").NotebookPanel} NotebookPanel */

/** Let a notebook show our type. @param {import("../types.js").Front} front @param {any} Widget the class of Lumino's widgets */
export function hearNotebooks(front, Widget) {
  const add = (/** @type {NotebookPanel} */ panel) => panel.content.rendermime.addFactory({
    safe: true,  // an output nobody trusts gets the card alone, whose words are never markup
    mimeTypes: [MIME],
    createRenderer: (options) => {
      const factory = panel.content.rendermime.getFactory(WIDGET);
      const widget = factory ? factory.createRenderer({ ...options, mimeType: WIDGET }) : new Widget();
      return watched(widget, Boolean(factory), new Card(front, panel));
    },
  }, RANK);
  front.tracker.forEach(add);
  front.tracker.widgetAdded.connect((_, panel) => add(panel));
}

/** Show the card while the widget's renderer has no widget. @param {Drawn} drawn @param {boolean} able @param {Card} card */
function watched(drawn, able, card) {
  const node = drawn.node, render = able ? drawn.renderModel.bind(drawn) : null;
  let late = false;
  const look = () => {
    const live = [...node.children].some((child) => child !== card.node);
    if (live) card.node.remove();
    else if (late && (node.childNodes.length !== 1 || node.firstChild !== card.node)) {
      node.replaceChildren(card.node);
      void card.draw();
    }
  };
  const seen = new MutationObserver(look);
  seen.observe(node, { childList: true });
  drawn.disposed.connect(() => seen.disconnect());
  drawn.renderModel = async (model) => {
    card.tell(model.data[MIME], model.metadata);
    const decide = () => { late = true; look(); };
    if (!render || !model.trusted || !model.data[WIDGET]) return decide();
    late = false;
    const timer = setTimeout(decide, WAIT);
    await render(model);
    clearTimeout(timer);
    decide();
  };
  return drawn;
}

class Card {
  /** @param {import("../types.js").Front} front @param {NotebookPanel} panel */
  constructor(front, panel) {
    this.front = front;
    this.panel = panel;
    /** @type {import("../types.js").Origin | null} */
    this.origin = null;
    this.last = "";
    this.node = document.createElement("div");
    this.node.className = "nb-banana-saved";
  }

  /** Fetch the picture from the history, unless the cell has one: it stands there, as an output of its own. */
  async draw() {
    const { node, origin, front, panel } = this;
    await new Promise((done) => setTimeout(done));  // the cell's other outputs come in the same breath
    if (!origin || node.querySelector("img") || node.closest(".jp-OutputArea")?.querySelector(".jp-RenderedImage img")) return;
    const records = new Records(front), folder = folderOf(panel.context.path);
    try {
      const blob = await records.find(folder, origin, "thumb");
      if (!blob) return;
      const src = URL.createObjectURL(blob);
      const image = Object.assign(new Image(), { src, alt: front.speech.say("last"), onload: () => URL.revokeObjectURL(src) });
      const words = Object.assign(document.createElement("small"), { textContent: this.last });
      node.firstElementChild?.after(image, ...(this.last ? [words] : []));
    } catch {
      // Nobody here can tell: the words stand alone.
    }
  }

  /** @param {any} told what the output says of itself; it may be anybody's file, so each part is looked at @param {any} metadata */
  tell(told, metadata) {
    this.origin = originOf(metadata) ?? originOf({ nb_banana: told });
    this.last = typeof told?.last === "string" ? told.last.slice(0, 300) : "";
    const { speech } = this.front;
    const make = (/** @type {string} */ tag, /** @type {string} */ words) => Object.assign(document.createElement(tag), { textContent: words });
    const kind = KINDS.has(told?.kind) ? (told.kind === "history" ? "past" : told.kind) : "other";
    const title = make("strong", `nb_banana · ${speech.say(kind)}`), use = make("p", speech.say("use"));
    const run = /** @type {HTMLButtonElement} */ (make("button", `▶ ${speech.say("run")}`));
    run.type = "button";
    run.addEventListener("click", () => void this.run());
    const caption = typeof told?.caption === "string" ? told.caption.slice(0, 600) : "";
    if (caption) use.textContent = caption;
    const row = make("div", "");
    row.append(run, use);
    this.node.lang = speech.chinese ? "zh-CN" : "en";
    this.node.replaceChildren(title, row);
    this.node.setAttribute("role", "group");
    this.node.setAttribute("aria-label", title.textContent ?? "");
  }

  /** Run the cell this output is of. */
  async run() {
    const { panel } = this, at = panel.content.widgets.findIndex((cell) => cell.node.contains(this.node));
    if (at < 0) return;
    panel.content.activeCellIndex = at;
    await this.front.actions.run(panel.content, panel.sessionContext);
  }
}
