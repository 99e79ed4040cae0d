/** The version of codex-cfg itself, as package.json has it. */
export const VERSION = "0.1.0";
/** Of the documents of `--json`: goes up when one changes in a way that breaks its readers. */
export const SCHEMA_VERSION = 2;

/** Where the pages of this project are on the web; empty while they are nowhere. */
const HOMEPAGE: string = "";

/** The address of the page about a finding's code; null while there is none. */
export function pageOf(code: string): string | null {
  return HOMEPAGE === "" ? null : `${HOMEPAGE}/docs/findings.md#${code}`;
}
