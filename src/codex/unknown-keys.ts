/** What a release makes of keys of a table that it does not know. Only the words; which release does what is a fact. */

/** What Codex does with an unknown key: only `--strict-config` refuses it, nothing does, or the config does not load. */
export type UnknownKeys = "strict-only" | "ignored" | "refused";
