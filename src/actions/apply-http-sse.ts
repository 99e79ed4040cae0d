/** Brings the built-in preset `http-sse` into a home. Knows which facts about the home and its projects it needs. */
import { forVersion } from "../codex/facts.ts";
import { serviceAt } from "../codex/providers.ts";
import { proxyFor } from "../codex/proxies.ts";
import type { Finding } from "../findings/finding.ts";
import type { Home } from "../home.ts";
import { clientEnvironment } from "../machine/environment.ts";
import { projectsThatWin } from "../machine/projects.ts";
import { CfgError } from "../model/error.ts";
import type { Plan } from "../plan/plan.ts";
import { HTTP_SSE, type HttpSseOptions, httpSse } from "../presets/http-sse.ts";
import type { Document } from "../toml/document.ts";

/** The root keys that a profile of the preset sets and that a project's own config may override. */
const SELECTED_KEYS = ["model", "model_provider"];

const SCOPES = ["profile", "default"];

/** The options of the preset that differ from its defaults. */
export type HttpSseWish = { readonly [Option in keyof HttpSseOptions]?: HttpSseOptions[Option] | undefined };

/** The plan that brings the preset in. Throws `reserved-provider`, `would-overwrite`, `usage` or `invalid-config`. */
export async function applyHttpSse(home: Home, given: HttpSseWish): Promise<Plan> {
  const { codex, dir, host, snapshot } = home;
  if (!SCOPES.includes(given.scope ?? HTTP_SSE.scope))
    throw new CfgError("usage", `scope takes one of: ${SCOPES.join(", ")}`);
  const options: HttpSseOptions = {
    scope: given.scope ?? HTTP_SSE.scope,
    profile: given.profile ?? HTTP_SSE.profile,
    providerId: given.providerId ?? HTTP_SSE.providerId,
    name: given.name ?? HTTP_SSE.name,
    baseUrl: given.baseUrl,
    envKey: given.envKey,
    overwrite: given.overwrite ?? false,
  };
  const config = snapshot.document("config");
  const { findings, ops } = httpSse(options, {
    codex,
    document: (role) => snapshot.document(role),
    exists: (role) => snapshot.exists(role),
  });
  const isProfile = options.scope === "profile";
  const rivals = isProfile ? projectsThatWin(host, dir, config, SELECTED_KEYS, codex.version) : [];
  const all = [...findings, ...rivals, ...roadsLeft(home, config, options.baseUrl)];
  return home.plan({ command: "apply http-sse", preset: "http-sse", findings: all }, ops);
}

/** What the change takes somebody away from: a gateway of one's own, and a proxy that only WebSockets go through. */
function roadsLeft({ codex, dir, host }: Home, config: Document, baseUrl: string | undefined): Finding[] {
  const { inFile, values } = clientEnvironment(host, dir);
  const name = proxyFor(values, baseUrl ?? "https://api.openai.com");
  const socks = name !== null && /^socks/i.test(values[name] ?? "");
  const id = config.get(["model_provider"]);
  const table = typeof id === "string" ? config.table(["model_providers", id]) : undefined;
  const address = table?.base_url;
  const isOwn = typeof address === "string" && !["api", "chatgpt"].includes(serviceAt(address) ?? "");
  const isBuiltIn = typeof id === "string" && forVersion("builtInProviders", codex.version).includes(id);
  const websocket = table?.supports_websockets === true;
  return [
    ...(socks
      ? [{ code: "proxy-socks", severity: "warning", args: { name, inFile: inFile.has(name) } } satisfies Finding]
      : []),
    ...(typeof id === "string" && isOwn && !isBuiltIn && baseUrl === undefined
      ? [{ code: "leaves-provider", severity: "warning", args: { id, websocket } } satisfies Finding]
      : []),
  ];
}
