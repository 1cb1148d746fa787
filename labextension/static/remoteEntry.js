// @ts-check
/**
 * The door of the extension: a container as the module federation of JupyterLab and Notebook 7 calls it, written by
 * hand, so that no bundler is needed. It is small: the rest is fetched when a page asks for the plugins.
 */
(() => {
  /** The front end's own packages: name, version, and what gives the module. @type {import("../types.js").Shared} */
  let scope = {};

  /** A package as the front end holds it, or null where it has none. @param {string} name */
  const shared = async (name) => {
    const [held] = Object.values(scope[name] ?? {});  // of its core packages a front end has one version
    return held ? (await held.get())() : null;
  };

  const page = /** @type {{_JUPYTERLAB?: Record<string, unknown>}} */ (window);
  (page._JUPYTERLAB ??= {})["nb-banana"] = {
    init: (/** @type {import("../types.js").Shared} */ given) => { scope = given; },
    get: async (/** @type {string} */ module) => {
      if (module !== "./extension") throw new Error(`nb-banana has no module ${module}`);
      const { plugins } = await import("./index.js");
      const made = await plugins(shared);
      return () => ({ __esModule: true, default: made });
    },
  };
})();
