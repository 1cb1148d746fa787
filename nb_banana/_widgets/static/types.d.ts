/**
 * The types that several scripts speak of. Nothing here goes to a page.
 */

/** What anywidget gives a view: the widget's traits `T`, and a line to Python. */
export interface Model<T extends object> {
  get<K extends keyof T & string>(name: K): T[K];
  set<K extends keyof T & string>(name: K, value: T[K]): void;
  save_changes(): void;
  send(message: object, callbacks?: undefined, buffers?: ArrayBuffer[]): void;
  on(event: string, listener: (...heard: any[]) => void): void;
  off(event: string, listener: (...heard: any[]) => void): void;
  /** JupyterLab's, or that of another front end; with one that is not Jupyter's own it has other parts, or isn't there. */
  widget_manager?: { kernel?: Kernel | null };
}

/** A front end's side of a kernel, as far as Jupyter's own front ends let a widget see it. */
export interface Kernel {
  status?: string;
  isDisposed?: boolean;
  connectionStatusChanged?: Record<"connect" | "disconnect", (heard: (kernel: unknown, status: string) => void) => void>;
}

/** The sentences of one widget, in the language of the moment. */
export type Words = Record<string, string>;

export type Child = Node | string | null | undefined | false;

/** A picture as a trait tells of it: no pixels. */
export interface Picture {
  key: string;
  name: string;
  width: number;
  height: number;
  mime: string;
  bytes: number;
}

/** An input of the tray: `shaped` can be undone, `border` is what stands around it for the model to fill. */
export interface Input extends Picture {
  shaped: boolean;
  border: string;
}

export interface TrayTraits {
  items: Input[];
  problems: { id: string; text: string }[];
  follow: boolean;
  masked: boolean;
  camera: boolean;
  max_bytes: number;
  strings: Words;
}

/** What a person brings: files, web addresses, or paths of JupyterLab's file browser below its root. */
export interface Brought {
  files?: File[];
  addresses?: string[];
  paths?: string[];
  root?: string;
}

/** A button of a card: its sign, its sentence, what it tells Python. */
export interface Tool {
  sign: string;
  word: string;
  message: { t: string; key: string; to?: number };
  off?: boolean;
}

/** Lumino's drag event. */
export interface LabDrag extends Event {
  mimeData?: { hasData(type: string): boolean; getData(type: string): unknown };
  dropAction: string;
  proposedAction: string;
}

/** Left, top, right, bottom in pixels. */
export type Box = number[];
/** The box after one of its sides (or, without a name, all of it) was moved, within its room; ratio 0 is free. */
export type Dragged = (box: Box, side: string, dx: number, dy: number, ratio: number, room: Box) => Box;
/** The largest box of a ratio inside a picture, or the smallest around it; ratio 0 is the picture's own. */
export type Framed = (width: number, height: number, ratio: number, beyond: boolean) => Box;
/** A box of a picture of this size, after the picture was turned by 90°. */
export type TurnedBox = (box: Box, width: number, height: number, right: boolean) => Box;
/** A button of a kind; the words are its tip and its name. */
export type Button = (kind: string, words: string, onclick: (() => void) | null, more?: object, ...inside: Child[]) => HTMLButtonElement;

/** One element: `h("button", {class: "a", onclick: f}, "text", child)`. A property that is null or false is left out. */
export type Make = <Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag, props?: Record<string, unknown>, ...children: Child[]
) => HTMLElementTagNameMap[Tag];
/** Hear what a model tells, traits that change and messages that come, by event; gives what stops it. */
export type Listen = (model: Pick<Model<{}>, "on" | "off">, listeners: Record<string, (...heard: any[]) => void>) => () => void;
/** The element an event began at, or the nearest around it that matches. */
export type Around = (event: Event, selector: string) => Element | null;
/** Fill `{name}` fields as Python's `str.format` does; an unknown field stays as it is. */
export type Fill = (text: string | undefined, values: Record<string, unknown>) => string;
/**
 * Jupyter fires notebook shortcuts (B inserts a cell, D D deletes one) even while a widget's button has the focus,
 * unless the focused element itself says no. Marks all of them, also later ones; gives what stops it.
 */
export type Guard = (root: Element) => () => void;
