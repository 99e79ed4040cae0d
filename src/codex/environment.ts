/** Variables of the environment: by name whether they are set, never what they hold. */

import { always } from "./facts.ts";

/** Those that stand in for a stored login. */
export const LOGIN_VARIABLES = always("loginVariables");

/**
 * A variable's name: of words, none of which mixes digits and letters as a key does. People put the key itself where its
 * variable's name belongs.
 */
export const VARIABLE_NAME =
  /^(?!\w*\d[A-Za-z]+\d)(?!\w*\d{5})(?:[A-Z_][A-Z0-9_]{0,59}|[a-z_][a-z0-9_]{0,39}|[A-Z]?[a-z]{1,12}(?:[A-Z][a-z]{1,12}){0,3})?$/;

/** Whether a variable holds something; an empty one counts as none. */
export function isSet(env: Readonly<Record<string, string | undefined>>, name: string): boolean {
  return (env[name] ?? "") !== "";
}

/** Whether `.env` of the home cannot set a variable of this name (measured 0.134.0 and 0.171.0). */
export function isRefused(name: string): boolean {
  return name.toUpperCase().startsWith("CODEX_");
}
