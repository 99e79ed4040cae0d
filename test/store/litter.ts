/** What a clean home on the real disk never holds. */
import { readdirSync } from "node:fs";

export const litterIn = (home: string): readonly string[] =>
  (readdirSync(home, { recursive: true }) as string[]).filter((name) => /\.tmp$|lock|(^|\/)tx\/./.test(name));
