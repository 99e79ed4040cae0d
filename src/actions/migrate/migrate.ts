/** Moves every profile into the layout that the installed Codex reads, and warns of what Codex will refuse there. */

import { loadSchema } from "../../codex/load-schema.ts";
import type { Home } from "../../home.ts";
import { checkCall } from "../../model/wish.ts";
import type { Plan } from "../../plan/plan.ts";
import type { MigrateOptions, Step } from "./migration.ts";
import { planMoves } from "./to-files.ts";

/** New names for profiles, by old ones, and whether the profile that `profile = "x"` chooses goes to the root. */
export type MigrateWish = { readonly [Option in keyof MigrateOptions]?: MigrateOptions[Option] | undefined };

/** The plan, and each move in words for people. */
export type MigrationPlan = { readonly plan: Plan; readonly moves: readonly Step[] };

/**
 * The plan that moves every profile into the layout that the home's Codex reads: `[profiles.x]` into x.config.toml since
 * 0.134, back for older releases. Throws `would-overwrite`, `unknown-name` or `usage` for profiles that cannot move, and
 * `invalid-config` for a home that Codex would no longer load at all.
 */
export async function migrate(home: Home, wish: MigrateWish = {}): Promise<MigrationPlan> {
  checkCall("migrate", home, wish, { rename: "map?", asDefault: "flag?", to: "text?" });
  const { codex, profileFiles: files, snapshot } = home;
  const options = { rename: wish.rename ?? new Map(), asDefault: wish.asDefault ?? false };
  const { findings, ops, steps } = planMoves(options, { codex, files, schema: await loadSchema(), snapshot });
  // A profile that does not start in its new place did not start in the old one either.
  const plan = await home.plan({ command: "migrate", findings, mayBreak: "profiles" }, ops);
  return { plan, moves: steps };
}
