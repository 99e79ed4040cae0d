/** The version of codex-cfg itself, as package.json has it. */
export const VERSION = "0.1.0";
/** Of the documents of `--json`: goes up when one changes in a way that breaks its readers. */
export const SCHEMA_VERSION = 2;
