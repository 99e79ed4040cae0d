/**
 * Loads the measured schema of the config: about a thousand keys, the largest tables in files of their own. Knows no
 * release.
 */
import type { Field, Schema, Struct } from "./schema.ts";

/** The tables that `scripts/build-schema.js` puts into files of their own. */
const LARGE = {
  apps: () => import("./schema/apps.json", { with: { type: "json" } }),
  features: () => import("./schema/features.json", { with: { type: "json" } }),
  hooks: () => import("./schema/hooks.json", { with: { type: "json" } }),
  mcp_servers: () => import("./schema/mcp_servers.json", { with: { type: "json" } }),
  model_providers: () => import("./schema/model_providers.json", { with: { type: "json" } }),
  otel: () => import("./schema/otel.json", { with: { type: "json" } }),
  permissions: () => import("./schema/permissions.json", { with: { type: "json" } }),
  plugins: () => import("./schema/plugins.json", { with: { type: "json" } }),
  profiles: () => import("./schema/profiles.json", { with: { type: "json" } }),
  tui: () => import("./schema/tui.json", { with: { type: "json" } }),
};

/** The whole schema; with `roots`, the contents of a large table are there only if it is among them. */
export async function loadSchema(roots?: ReadonlySet<string>): Promise<Schema> {
  const { default: data } = await import("./schema/root.json", { with: { type: "json" } });
  const root = data.root as Struct;
  const fields: Record<string, Field> = { ...root.fields };
  for (const [name, load] of Object.entries(LARGE)) {
    if (roots && !roots.has(name)) continue;
    const { default: table } = await load();
    fields[name] = table.field as Field;
  }
  return { ...root, fields };
}
