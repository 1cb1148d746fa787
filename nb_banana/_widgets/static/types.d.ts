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
