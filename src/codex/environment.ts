/** Variables of the environment: by name whether they are set, never what they hold. */

/** Those that stand in for a stored login (names found in 0.169.0). */
export const LOGIN_VARIABLES: readonly string[] = ["OPENAI_API_KEY", "CODEX_API_KEY", "CODEX_ACCESS_TOKEN"];

/** Whether a variable holds something; an empty one counts as none. */
export function isSet(env: Readonly<Record<string, string | undefined>>, name: string): boolean {
  return (env[name] ?? "") !== "";
}
