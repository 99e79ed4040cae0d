/** Splits `KEY=VALUE` as people type it. Knows quotes and brackets, not what a key or a value means. */

/** The two parts at the first `=` outside of quotes and brackets; null where there is none. */
export function splitAssignment(text: string): readonly [key: string, value: string] | null {
  const [, key, value] = ASSIGNMENT.exec(text) ?? [];
  return key === undefined || value === undefined ? null : [key.trim(), value];
}

const ASSIGNMENT = /^((?:"(?:[^"\\]|\\.)*"|'[^']*'|\[[^\]]*\]|\{[^}]*\}|[^="'[{])*)=(.*)$/s;
