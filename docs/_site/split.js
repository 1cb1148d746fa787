// A query in words, as `searching.py` has cut the pages: pairs of Chinese characters, words of other letters.
function splitQuery(query) {
  const found = query.match(/[A-Za-z0-9_]+/g) || [];
  for (const run of query.match(/[㐀-䶿一-鿿]+/g) || []) {
    if (run.length === 1) found.push(run);
    for (let at = 0; at + 1 < run.length; at += 1) found.push(run.slice(at, at + 2));
  }
  return found;
}
