/** The fixes that most rules use: remove one setting or give it another value, in the file that holds it. */
import type { Violation } from "../../findings/finding.ts";
import type { KeyPath, TomlValue } from "../../model/op.ts";

type Fix = NonNullable<Violation["fix"]>;

export function unset(path: KeyPath): Fix {
  return (file) => [{ op: "unset", file, path }];
}

export function set(path: KeyPath, value: TomlValue): Fix {
  return (file) => [{ op: "set", file, path, value }];
}
