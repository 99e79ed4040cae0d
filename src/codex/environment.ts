/** Variables of the environment: by name whether they are set, never what they hold. */

import { always } from "./facts.ts";

/** Those that stand in for a stored login. */
export const LOGIN_VARIABLES = always("loginVariables");

/** Whether a variable holds something; an empty one counts as none. */
export function isSet(env: Readonly<Record<string, string | undefined>>, name: string): boolean {
  return (env[name] ?? "") !== "";
}

/** Whether `.env` of the home cannot set a variable of this name (measured 0.134.0 and 0.171.0). */
export function isRefused(name: string): boolean {
  return name.toUpperCase().startsWith("CODEX_");
}
