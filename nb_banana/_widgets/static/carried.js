// @ts-check
/**
 * The pictures in a drop or a paste, and the web addresses when there are none.
 * @param {DataTransfer | null} data
 * @returns {{files: File[], addresses: string[]}}
 */
export function carried(data) {
  const files = data ? [...data.files] : [];
  const list = data && !files.length ? data.getData("text/uri-list") : "";
  return { files, addresses: list.split(/\r?\n/).filter((line) => /^https?:/i.test(line)) };
}
