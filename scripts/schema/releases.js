/**
 * Reads scripts/measured/releases.json, the lists of root, provider, tui, MCP and feature keys of many more releases
 * than were measured in depth, and narrows the ranges of a merged shape with them.
 */

/**
 * @typedef {import("./merge.js").Shape} Shape
 * @typedef {{ added?: string[], removed?: string[], stages?: Record<string, string> }} Change
 * @typedef {Record<string, Record<string, Change>>} Releases
 * @typedef {{ since?: string, until?: string, stage?: string, stageSince?: string }} Range
 */

/**
 * @param {Releases} releases oldest first
 * @param {string} list
 * @returns {Map<string, Range>} since is left out for what the first list already had
 */
export function readRanges(releases, list) {
  /** @type {Map<string, Range>} */
  const ranges = new Map();
  let previous;
  for (const [version, lists] of Object.entries(releases)) {
    const change = lists[list];
    if (change === undefined) continue;
    const since = previous === undefined ? {} : { since: version };
    for (const key of change.added ?? []) ranges.set(key, again(ranges.get(key), since));
    for (const [key, stage] of Object.entries(change.stages ?? {})) {
      const range = again(ranges.get(key), since);
      ranges.set(key, { ...range, stage, ...(previous === undefined ? {} : { stageSince: version }) });
    }
    for (const key of change.removed ?? [])
      ranges.set(key, { ...ranges.get(key), ...(previous ? { until: previous } : {}) });
    previous = version;
  }
  return ranges;
}

/**
 * @param {Range | undefined} range
 * @param {{ since?: string }} since
 * @returns {Range}
 */
function again(range, since) {
  if (range === undefined) return since;
  const { until, ...rest } = range;
  return rest;
}

/**
 * @param {Shape} struct
 * @param {Map<string, Range>} ranges
 */
export function narrow(struct, ranges) {
  for (const [key, field] of Object.entries(struct.fields)) {
    const range = ranges.get(key);
    if (range === undefined) continue;
    const { since, until, ...kept } = field;
    struct.fields[key] = { ...kept, ...range, ...(range.until === undefined && until !== undefined ? { until } : {}) };
  }
}

/**
 * Puts in what only older releases knew.
 * @param {Shape} struct
 * @param {Map<string, Range>} ranges
 * @param {Shape} shape what such a key holds
 */
export function addGone(struct, ranges, shape) {
  const gone = [...ranges].filter(([key, range]) => range.until !== undefined && struct.fields[key] === undefined);
  const fields = { ...struct.fields, ...Object.fromEntries(gone.map(([key, range]) => [key, { ...shape, ...range }])) };
  struct.fields = Object.fromEntries(Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1)));
}
