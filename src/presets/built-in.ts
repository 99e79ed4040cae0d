/** The presets that come with codex-cfg. */

/** Presets that come with codex-cfg, for `apply` and `presets`. */
export const BUILT_IN_PRESETS: Readonly<Record<string, string>> = {
  "http-sse": "lets Codex answer over HTTP at once instead of trying a WebSocket seven times first",
};
