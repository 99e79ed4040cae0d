/**
 * The preset `http-sse`: a provider like the built-in one, but over HTTP instead of a WebSocket. Without `base_url`
 * Codex picks the service that fits the login; `name` must be exactly `OpenAI`, because Codex ties remote compaction,
 * request compression and regional routing to it (measured with 0.169.0). Pure: texts and facts in, ops out.
 */

import { always, forVersion } from "../codex/facts.ts";
import { profileRole } from "../codex/file-role.ts";
import { upsertProviderTable } from "../codex/provider-tables.ts";
import { guardProviderId, hostOf, isOpenAiAddress, serviceAt } from "../codex/providers.ts";
import type { Codex } from "../codex/release.ts";
import type { Finding } from "../findings/finding.ts";
import { CfgError } from "../model/error.ts";
import type { FileRole, KeyPath, Op, TomlTable } from "../model/op.ts";
import type { Document } from "../toml/document.ts";
import { valueAt } from "../toml/value.ts";

export type HttpSseOptions = {
  /** `profile`: for `codex --profile NAME` alone; `default`: for every start, the IDE and the desktop app included. */
  readonly scope: "profile" | "default";
  /** Its name; `http_sse` unless given. */
  readonly profile: string;
  /** The id of the provider's table; `openai-http` unless given. */
  readonly providerId: string;
  /** What Codex calls the provider; anything but `OpenAI` costs what Codex ties to that name. */
  readonly name: string;
  /** Another address; without one Codex picks the service that fits the login. */
  readonly baseUrl?: string | undefined;
  /** The environment variable that holds the key instead of the stored login, by name. */
  readonly envKey?: string | undefined;
  /** Replace a table of that id whatever it holds. */
  readonly overwrite: boolean;
};

/** The facts that the preset depends on. */
export type HttpSseContext = {
  readonly codex: Codex;
  readonly document: (role: FileRole) => Document;
  readonly exists: (role: FileRole) => boolean;
};

export type Intent = { readonly ops: readonly Op[]; readonly findings: readonly Finding[] };

/** The defaults of the options. */
export const HTTP_SSE = { scope: "profile", profile: "http_sse", providerId: "openai-http", name: "OpenAI" } as const;

/** Throws `reserved-provider`, `would-overwrite` or `usage`; never touches anything. */
export function httpSse(options: HttpSseOptions, context: HttpSseContext): Intent {
  const { codex } = context;
  const { providerId } = options;
  const argv = commandFor({ ...options, providerId: `${providerId}-custom` });
  guardProviderId(providerId, codex.version, { note: "choose another id", argv });
  refuseBlank("--name", options.name, commandFor({ ...options, name: HTTP_SSE.name }));
  refuseBlank("--env-key", options.envKey, commandFor({ ...options, envKey: undefined }));
  const role = profileRole(options.profile);
  const service = options.baseUrl === undefined ? "login" : serviceAt(options.baseUrl);
  if (service === null) {
    throw new CfgError("usage", "--base-url is not an http or https address", {
      hints: ["write it like this: --base-url https://gateway.example/v1"],
    });
  }
  const kept = options.baseUrl === undefined ? ownAddress(context) : undefined;
  const table = tableOps(options, kept, context.document("config"));
  const selection = selectionOps(options, role, context);
  const ops = [...table.ops, ...selection.ops];
  const findings: Finding[] = [...table.findings, ...selection.findings];
  if (!forVersion("websocketFirst", codex.version))
    findings.push({ code: "no-websocket", severity: "info", args: { version: codex.version } });
  return { ops, findings: [...findings, ...nextSteps(options, context)] };
}

/** The address that the user has set for the built-in provider; undefined where Codex chooses it. */
function ownAddress({ codex, document }: HttpSseContext): string | undefined {
  const address = forVersion("openaiBaseUrl", codex.version) ? document("config").get(["openai_base_url"]) : undefined;
  return typeof address === "string" && serviceAt(address) !== null ? address : undefined;
}

/** The provider table, in the order that people know from published recipes. */
export function providerTable({ name, baseUrl, envKey }: HttpSseOptions): TomlTable {
  return {
    name,
    ...(baseUrl === undefined ? {} : { base_url: baseUrl }),
    ...(envKey === undefined ? {} : { env_key: envKey }),
    wire_api: "responses",
    // With a key from the environment the login is not used, so the table does not ask for one.
    ...(envKey === undefined ? { requires_openai_auth: true } : {}),
    supports_websockets: false,
  };
}

/** Throws for an empty option: Codex loads no empty name, and no variable has one. */
function refuseBlank(flag: string, text: string | undefined, argv: readonly string[]): void {
  if (text?.trim() === "")
    throw new CfgError("usage", `${flag} must not be empty`, { hints: [{ note: "leave it out", argv }] });
}

/** The arguments that give these options; an address that may hold a secret is left out. */
function commandFor({ baseUrl, envKey, name, profile, providerId, scope }: HttpSseOptions): readonly string[] {
  const address = baseUrl !== undefined && /[@?#]/.test(baseUrl) ? "URL" : baseUrl;
  const flags: readonly (readonly [flag: string, value: string | undefined, usual?: string])[] = [
    ["--scope", scope, HTTP_SSE.scope],
    ["--profile", profile, HTTP_SSE.profile],
    ["--provider-id", providerId, HTTP_SSE.providerId],
    ["--name", name, HTTP_SSE.name],
    ["--base-url", address],
    ["--env-key", envKey],
  ];
  const given = flags.filter(([, value, usual]) => value !== undefined && value !== usual);
  return ["apply", "http-sse", ...given.flatMap(([flag, value = ""]) => [flag, value])];
}

function tableOps(options: HttpSseOptions, kept: string | undefined, config: Document): Intent {
  const id = options.providerId;
  const { keys, ops } = upsertProviderTable(
    config,
    id,
    providerTable({ ...options, baseUrl: kept ?? options.baseUrl }),
    {
      replaces: (there) => options.overwrite || isRecipe(there),
      hints: [
        { note: "use another id", argv: commandFor({ ...options, providerId: `${id}-2` }) },
        {
          note: "or replace it, the old table comes back with revert",
          argv: [...commandFor(options), "--overwrite"],
        },
      ],
    },
  );
  const path = ["model_providers", id];
  const findings: Finding[] = [];
  if (keys.length > 0) findings.push({ code: "adopted", severity: "info", file: "config", path, args: { id, keys } });
  if (kept !== undefined) findings.push({ code: "keeps-address", severity: "info", args: { host: hostOf(kept) } });
  return { ops, findings };
}

/** Whether a table is one of the published recipes: only their keys, and only OpenAI's own addresses. */
function isRecipe(table: TomlTable): boolean {
  const address = valueAt(table, ["base_url"]);
  return (
    Object.keys(table).every((key) => always("recipeKeys").includes(key)) &&
    (address === undefined || (typeof address === "string" && isOpenAiAddress(address)))
  );
}

/** The ops that make Codex choose the provider, in the layout that this release reads. */
function selectionOps(options: HttpSseOptions, role: FileRole, context: HttpSseContext): Intent {
  const { profile, providerId } = options;
  const select = (file: FileRole, path: KeyPath, comment?: readonly string[]): Op => ({
    op: "set",
    file,
    path,
    value: providerId,
    ...(comment ? { comment } : {}),
  });
  const legacy = context.codex.layout.refusesTables
    ? legacyOps(options, role, context.document("config"))
    : { ops: [], findings: [] };
  if (options.scope === "default")
    return { ops: [...legacy.ops, select("config", ["model_provider"])], findings: legacy.findings };
  const { file, root } = context.codex.layout.place(profile);
  const comment =
    root.length > 0 || context.exists(file)
      ? undefined
      : [
          `Codex over HTTP/SSE, without WebSocket: codex --profile ${profile}`,
          "Take it back with: codex-cfg revert http-sse",
        ];
  return { ops: [...legacy.ops, select(file, [...root, "model_provider"], comment)], findings: legacy.findings };
}

/** Since 0.134 `--profile x` refuses to start beside `[profiles.x]` or `profile = "x"`: both leave config.toml. */
function legacyOps({ profile, scope }: HttpSseOptions, role: FileRole, config: Document): Intent {
  const ops: Op[] = [];
  const findings: Finding[] = [];
  const path = ["profiles", profile];
  if (scope === "profile" && config.table(path)) {
    ops.push({ op: "move", file: "config", path, to: { file: role, path: [] } });
    findings.push({ code: "legacy-moved", severity: "info", file: "config", path, args: { profile } });
  }
  const selected = config.get(["profile"]);
  if (selected === profile) {
    ops.push({ op: "unset", file: "config", path: ["profile"] });
    findings.push({
      code: "legacy-selector-removed",
      severity: "warning",
      file: "config",
      path: ["profile"],
      args: { profile },
    });
    if (scope === "profile") findings.push({ code: "default-ends", severity: "warning", args: { profile } });
  } else if (selected !== undefined) {
    findings.push({
      code: "legacy-selector-left",
      severity: "warning",
      file: "config",
      path: ["profile"],
      args: { profile: String(selected) },
    });
  }
  return { ops, findings };
}

function nextSteps({ profile, providerId, scope }: HttpSseOptions, { codex, document }: HttpSseContext): Finding[] {
  if (scope === "default") {
    const config = document("config");
    const chosen = codex.layout.selected(config);
    const wins = chosen !== null && config.get([...codex.layout.place(chosen).root, "model_provider"]);
    return chosen !== null && typeof wins === "string" && wins !== providerId
      ? [{ code: "profile-wins", severity: "warning", args: { profile: chosen, provider: wins } }]
      : [{ code: "start-plainly", severity: "info", args: {} }];
  }
  return [
    {
      code: "start-with-profile",
      severity: "info",
      args: { profile, behind: !forVersion("profileBeforeSubcommand", codex.version) },
    },
    { code: "apps-need-default", severity: "info", args: { preset: "http-sse" } },
  ];
}
