// @ts-check
/**
 * The door of the extension: a container as the module federation of JupyterLab and Notebook 7 calls it, written by
 * hand, so that no bundler is needed. The rest is fetched while the page is still at its own scripts, so that nobody waits.
 */
(() => {
  /** The front end's own packages: name, version, and what gives the module. @type {import("../types.js").Shared} */
  let scope = {};

  const rest = import("./index.js");
  rest.catch(() => {});  // said by get, which is asked for it

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
      const { plugins } = await rest;
      const made = await plugins(shared);
      return () => ({ __esModule: true, default: made });
    },
  };
})();
