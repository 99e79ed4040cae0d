/** What a clean home on the real disk never holds. */
import { readdirSync } from "node:fs";
import type { Store } from "../../src/store/store.ts";

export const litterIn = (home: string): readonly string[] =>
  (readdirSync(home, { recursive: true }) as string[]).filter((name) => /\.tmp$|lock|(^|\/)tx\/./.test(name));

/** What is left once everybody is dead: whoever died between making a lock file and writing it counts as alive for two seconds. */
export async function litterAfter(store: Store, home: string): Promise<readonly string[]> {
  store.recover();
  if (litterIn(home).length === 0) return [];
  await new Promise((resolve) => setTimeout(resolve, 2100));
  store.recover();
  return litterIn(home);
}
