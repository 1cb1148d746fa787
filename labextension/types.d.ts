/**
 * As much of JupyterLab's own types as the extension speaks of, from 4.2 on. Nothing here goes to a page.
 */

/** The scope of module federation: package, version, and what gives its module. */
export type Shared = Record<string, Record<string, { get(): Promise<() => any> }>>;

export interface Signal<T> {
  connect(slot: (sender: any, args: T) => void): boolean;
  disconnect(slot: (sender: any, args: T) => void): boolean;
}

/** A record that an output's picture is of: its id, the history's folder from the notebook's, the picture's hash. */
export interface Origin {
  record: string;
  folder: string;
  sha256: string;
}

export interface Row {
  id: string;
  prompt: string;
  model: string;
  when: string;
  sha256: string | null;
  mime: string | null;
  starred: boolean;
  note: string;
  cost: string | null;
  sandbox?: boolean;
  status: string;
}

/** A page of a history, who told it, and the folder of it that pictures are asked for in. */
export interface Page {
  rows: Row[];
  total: number;
  source: "server" | "kernel";
  folder: string;
}

export interface Settings {
  language: string;
  previewSize: number;
  historyFolder: string;
  confirmAbove: number;
  runInsertedCell: boolean;
}

export interface Reply {
  content: {
    status: string;
    user_expressions?: Record<string, { status: string; ename?: string; evalue?: string; data?: Record<string, unknown> }>;
  };
}

export interface Kernel {
  id: string;
  status: string;
  connectionStatus: string;
  info: Promise<{ language_info: { name: string } }>;
  requestExecute(content: object): { done: Promise<Reply | undefined>; dispose(): void };
}

export interface SessionContext {
  session: { kernel: Kernel | null } | null;
  ready: Promise<void>;
  iopubMessage: Signal<{ header: { msg_type: string } }>;
  kernelChanged: Signal<unknown>;
  statusChanged: Signal<string>;
}

export interface OutputModel {
  metadata: Record<string, any>;
  data: Record<string, any>;
}

export interface Cell {
  node: HTMLElement;
  model: { type: string; sharedModel: { setSource(text: string): void }; setMetadata(key: string, value: unknown): void };
  ready?: Promise<void>;
  outputArea?: { widgets: { node: HTMLElement }[]; model: { length: number; get(index: number): OutputModel } };
  editor?: {
    getPositionForCoordinate(place: object): { line: number; column: number } | null;
    setCursorPosition(position: object): void;
    replaceSelection?(text: string): void;
    focus(): void;
  } | null;
}

export interface NotebookPanel {
  node: HTMLElement;
  isVisible: boolean;
  isDisposed: boolean;
  context: { path: string; ready: Promise<void>; model: { defaultKernelLanguage: string } };
  sessionContext: SessionContext;
  content: { widgets: Cell[]; activeCellIndex: number; activeCell: Cell | null; rendermime: Rendermime };
}

export interface Tracker {
  currentWidget: NotebookPanel | null;
  currentChanged: Signal<NotebookPanel | null>;
  widgetAdded: Signal<NotebookPanel>;
  find(fits: (panel: NotebookPanel) => boolean): NotebookPanel | undefined;
  forEach(each: (panel: NotebookPanel) => void): void;
}

/** A Lumino widget that draws an output. */
export interface Drawn {
  node: HTMLElement;
  isHidden: boolean;
  isDisposed: boolean;
  disposed: Signal<void>;
  renderModel(model: MimeModel): Promise<void>;
}

export interface MimeModel {
  trusted: boolean;
  data: Record<string, any>;
  metadata: Record<string, any>;
}

export interface Factory {
  safe: boolean;
  mimeTypes: string[];
  createRenderer(options: any): Drawn;
}

export interface Rendermime {
  getFactory(mime: string): Factory | undefined;
  addFactory(factory: Factory, rank?: number): void;
}

export interface FileBrowser {
  node: HTMLElement;
  selectedItems(): Iterable<{ path: string; type: string }>;
  model: { path: string; pathChanged: Signal<unknown>; upload(file: File): Promise<unknown>; refresh(): Promise<void> };
}

export interface Contents {
  get(path: string, options: object): Promise<{ content?: any; path: string }>;
  save(path: string, options: object): Promise<{ path: string }>;
  newUntitled(options: object): Promise<{ path: string }>;
}

export interface App {
  shell: {
    currentWidget: any;
    widgets(area: string): Iterable<any>;
    add(widget: unknown, area: string, options: object): void;
    activateById(id: string): void;
  };
  commands: {
    addCommand(id: string, options: object): void;
    execute(id: string, args?: object): Promise<any>;
    hasCommand(id: string): boolean;
    notifyCommandChanged(id?: string): void;
  };
  serviceManager: {
    contents: Contents;
    serverSettings: { baseUrl: string };
    kernelspecs: { ready: Promise<void>; specs: { default: string; kernelspecs: Record<string, { display_name: string; language: string } | undefined> } | null };
  };
  contextMenuHitTest(fits: (node: HTMLElement) => boolean): HTMLElement | undefined;
}

/** What every part of the extension is given of the front end. */
export interface Front {
  app: App;
  tracker: Tracker;
  /** `NotebookActions` of `@jupyterlab/notebook`. */
  actions: {
    insertBelow(notebook: object): void;
    run(notebook: object, session: object): Promise<boolean>;
    executed: Signal<unknown>;
  };
  speech: import("./static/words.js").Speech;
  settings: Settings;
  /** The file browser last used, if there is one. */
  browser(): FileBrowser | null;
  /** Say a sentence to the person at the page. */
  tell(sentence: string, bad?: boolean): void;
  /** Ask the server below its own address, with whatever it wants to know who asks. */
  ask(path: string, query: Record<string, string>): Promise<Response>;
  /** Whether this page is Notebook 7's list of files, where no notebook is ever shown. */
  listOnly: boolean;
  /** Open a notebook where this front end opens one in a tab of the browser; null where tabs are its own. */
  tab: ((path: string) => void) | null;
}

/** A picture in a notebook's output: where it is, and whose. */
export interface Found {
  panel: NotebookPanel;
  cell: number;
  image: HTMLImageElement;
  origin: Origin | null;
}
