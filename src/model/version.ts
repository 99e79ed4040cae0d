/** The version of codex-cfg itself, as package.json has it. */
export const VERSION = "0.1.0";
