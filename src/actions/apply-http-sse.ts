/** Brings the built-in preset `http-sse` into a home. Knows which facts about the home and its projects it needs. */
import { checkStart } from "../check/check-start.ts";
import { forVersion } from "../codex/facts.ts";
import { isOpenAiAddress, serviceAt } from "../codex/providers.ts";
import { proxyFor } from "../codex/proxies.ts";
import type { Finding, FindingCode } from "../findings/finding.ts";
import type { Home } from "../home.ts";
import { clientEnvironment } from "../machine/environment.ts";
import { projectsThatWin } from "../machine/projects.ts";
import { CfgError } from "../model/error.ts";
import type { Op } from "../model/op.ts";
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
  const gateway = ROAD.some((option) => given[option] !== undefined) ? null : gatewayInForce(home);
  if (gateway !== null) return overHttp(home, gateway);
  const { findings, ops } = httpSse(options, {
    codex,
    document: (role) => snapshot.document(role),
    exists: (role) => snapshot.exists(role),
  });
  const isProfile = options.scope === "profile";
  const rivals = isProfile ? projectsThatWin(host, dir, config, SELECTED_KEYS, codex.version) : [];
  const plan = await home.plan(
    { ...PURPOSE, findings: [...findings, ...rivals, ...roadsLeft(home, config, options.baseUrl)] },
    ops,
  );
  const { loads } = await checkStart(home, isProfile ? options.profile : null, plan.after);
  // Nobody is told to start what does not start; why it does not is among the other findings.
  return loads ? plan : { ...plan, findings: plan.findings.filter(({ code }) => !STARTS.includes(code)) };
}

const PURPOSE = { command: "apply http-sse", preset: "http-sse" } as const;
const STARTS: readonly FindingCode[] = ["start-with-profile", "start-plainly", "apps-need-default"];

/** Options that say which road is meant, whatever is in force. */
const ROAD = ["providerId", "baseUrl", "envKey"] as const;

/** The provider of every start, where it has a table of its own and is none of OpenAI's. */
function gatewayInForce({ codex: { layout }, snapshot }: Home): string | null {
  const config = snapshot.document("config");
  const selected = layout.selected(config);
  const chosen = selected === null ? undefined : config.get([...layout.place(selected).root, "model_provider"]);
  const id = chosen ?? config.get(["model_provider"]);
  const address = typeof id === "string" ? config.get(["model_providers", id, "base_url"]) : undefined;
  return typeof id === "string" && typeof address === "string" && !isOpenAiAddress(address) ? id : null;
}

/** Keeps the provider, whose models another one does not have, and has it answer over HTTP. */
async function overHttp(home: Home, id: string): Promise<Plan> {
  const path = ["model_providers", id, "supports_websockets"];
  const isWebsocket = home.snapshot.document("config").get(path) === true;
  const finding: Finding = { code: "gateway-stays", severity: "info", args: { id, isWebsocket } };
  const ops: Op[] = isWebsocket ? [{ op: "set", file: "config", path, value: false }] : [];
  return home.plan({ ...PURPOSE, findings: [finding] }, ops);
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
