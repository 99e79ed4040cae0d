/** The built-in presets by name, with a description each; what they do is not known here. */
export const BUILT_IN_PRESETS: Readonly<Record<string, string>> = {
  "http-sse": "lets Codex answer over HTTP at once instead of trying a WebSocket seven times first",
};
