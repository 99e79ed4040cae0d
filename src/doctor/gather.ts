/**
 * Looks at a home and the machine around it, and hands what it saw to `diagnose.ts`. Changes nothing in the home; copies
 * the log database to a scratch folder to read it. Only when told to it tries ports of this machine and lets the
 * installed Codex try its services.
 */
import { isAbsolute, resolve } from "node:path";
import { checkHome } from "../check/check-home.ts";
import { faultOf } from "../check/read-layer.ts";
import { isSet } from "../codex/environment.ts";
import { forVersion } from "../codex/facts.ts";
import { profileOf } from "../codex/file-role.ts";
import { loadShape } from "../codex/load-schema.ts";
import { knownShapeAt } from "../codex/schema.ts";
import { listServers } from "../codex/servers.ts";
import type { Finding } from "../findings/finding.ts";
import type { Home } from "../home.ts";
import type { Host } from "../host/host.ts";
import { providersOfChats } from "../machine/chats.ts";
import { askCodexDoctor } from "../machine/codex-doctor.ts";
import { findProgram } from "../machine/detect.ts";
import { installMethod, newestKnown, updateCommand } from "../machine/install.ts";
import { addressFinding, type ConfigFile, foreignMarks, localAddresses } from "../machine/leftovers.ts";
import { readLogin } from "../machine/login.ts";
import { readLogs } from "../machine/logs.ts";
import { countSessions } from "../machine/sessions.ts";
import { fileAt } from "../machine/try-read.ts";
import { detectWsl } from "../machine/wsl.ts";
import { CfgError } from "../model/error.ts";
import type { FileRole, Op, TomlValue } from "../model/op.ts";
import type { Snapshot } from "../plan/snapshot.ts";
import { redactedWords } from "../redact/redactor.ts";
import { Document, documentOf } from "../toml/document.ts";
import { fixDuplicates } from "../toml/duplicates.ts";
import { isTable, renderKey, renderValue } from "../toml/value.ts";
import type { Evidence, ProviderInUse } from "./evidence.ts";

export type GatherOptions = {
  /** A log to read instead of those in the home. */
  readonly log?: string | undefined;
  /** Try the addresses of this machine that the config names, and ask `codex doctor`, which tries Codex's services. */
  readonly network: boolean;
};

/** Older lines of a log say nothing of today. */
const WEEK = 7 * 24 * 3600 * 1000;

/** Everything that a diagnosis rests on. Throws what reading the home throws. */
export async function gatherEvidence(home: Home, { log, network }: GatherOptions): Promise<Evidence> {
  const { codex, dir, host, scratch, snapshot } = home;
  const named = log === undefined ? undefined : resolve(host.cwd, log);
  if (named !== undefined && !host.disk.stat(named))
    throw new CfgError("usage", "there is no such log", { path: named });
  const { complete, files } = configFiles(home, snapshot);
  const config = configIn(files);
  const shape = await loadShape();
  const knows = (path: readonly string[]) => knownShapeAt(shape, path, codex.version) !== null;
  const servers = listServers([{ document: config }]);
  const agents = [
    ["agents", "max_concurrent_threads_per_session"],
    ["agents", "max_threads"],
  ].find(knows);
  const limit = agents && config.get(agents);
  const programs = host.programs();
  const elsewhere = [host.env.CODEX_SQLITE_HOME, config.get(["sqlite_home"]), config.get(["log_dir"])].flatMap(
    (place) => (typeof place === "string" && isAbsolute(place) ? [place] : []),
  );
  const store = config.get(["cli_auth_credentials_store"]);
  const proxy = ["features", "respect_system_proxy"];
  return {
    codex,
    newest: newestKnown(host, dir),
    installed: installMethod(codex.program),
    update: updateCommand(installMethod(codex.program)),
    login: readLogin(host, dir, config),
    loginVariables: Object.entries(forVersion("loginBeatingVariables", codex.version)).flatMap(([name, scope]) =>
      isSet(host.env, name) ? [{ name, scope }] : [],
    ),
    store: typeof store === "string" ? store : "file",
    providers: providersInUse(home, host, files),
    proxies: PROXIES.filter((name) => isSet(host.env, name)),
    // Measured on Linux: there it changes nothing.
    systemProxy: knows(proxy) && host.platform !== "linux" ? config.get(proxy) === true : null,
    bareProxies: PROXIES.filter((name) => /^[^/]+$/.test(host.env[name] ?? "") && name !== "NO_PROXY"),
    config: (await checkHome(home, snapshot)).findings,
    logs: await readLogs(
      host,
      { home: dir, scratch, elsewhere, named },
      Math.max(host.now() - WEEK, lastApplied(home)),
    ),
    sessions: programs && countSessions(programs),
    servers,
    missingPrograms: missingPrograms(host, config, servers),
    agents: agents ? { key: renderKey(agents), value: limit === undefined ? null : renderValue(limit) } : null,
    wsl: detectWsl(host, dir, codex.program),
    codexDoctor: network ? await askCodexDoctor(host, codex, dir, (words) => redactedWords(words, [config])) : [],
    leftovers: await leftovers(host, config, files, network),
    // A provider that nobody sees may well be defined.
    chats: complete ? chatsWithoutProvider(home, host, files) : [],
  };
}

const PROXIES = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY"];

type Files = {
  /** config.toml first. */
  readonly files: readonly ConfigFile[];
  /** None is left out because nobody can tell what it says. */
  readonly complete: boolean;
};

function configFiles({ codex, profileFiles }: Home, snapshot: Snapshot): Files {
  const roles: FileRole[] = ["config", ...profileFiles.flatMap((profile) => codex.layout.fileOf(profile) ?? [])];
  const files = roles.flatMap((file): ConfigFile[] => {
    const document = faultOf(file, snapshot) ? null : meantBy(snapshot.text(file) ?? "");
    return document ? [{ file, document }] : [];
  });
  return { files, complete: files.length === roles.length };
}

/** What a text says, and of one that says something twice what it will say once it is mended. */
function meantBy(text: string): Document | null {
  const document = documentOf(text);
  if (document) return document;
  const mended = fixDuplicates(text);
  return mended && documentOf(mended.text);
}

function configIn(files: readonly ConfigFile[]): Document {
  return files.find(({ file }) => file === "config")?.document ?? new Document("", {});
}

/** Logs from before the cure tell nothing of what is wrong now. */
function lastApplied(home: Home): number {
  const cure = home.history.entries.findLast((entry) => entry.preset === "http-sse" && home.history.isActive(entry));
  return cure ? Date.parse(cure.time) : 0;
}

/** The provider of a plain start and of each profile that says something about one. */
function providersInUse({ codex }: Home, host: Host, files: readonly ConfigFile[]): ProviderInUse[] {
  const config = configIn(files);
  const idIn = (document: Document) => text(document.get(["model_provider"]));
  const plain = idIn(config) ?? "openai";
  const starts = files.flatMap(({ document, file }): Start[] => {
    if (file === "config") return [{ id: plain, profile: null, layers: [config] }];
    const id = idIn(document) ?? (document.table(["model_providers", plain]) ? plain : null);
    return id === null ? [] : [{ id, profile: profileOf(file), layers: [document, config] }];
  });
  const legacy = Object.entries(codex.layout.tables(config)).flatMap(([profile, table]): Start[] => {
    const id = isTable(table) ? text(table.model_provider) : null;
    return id === null ? [] : [{ id, profile, layers: [config] }];
  });
  return [...starts, ...legacy].map(({ id, layers, profile }): ProviderInUse => {
    const builtIn = forVersion("builtInProviders", codex.version).includes(id);
    const value = (key: string) =>
      layers.map((document) => document.get(["model_providers", id, key])).find((one) => one !== undefined);
    const variable = builtIn ? null : text(value("env_key"));
    const websocket = builtIn ? id === "openai" : value("supports_websockets") === true;
    return {
      id,
      profile,
      websocket: websocket && forVersion("websocketFirst", codex.version),
      unsetVariable: variable !== null && !isSet(host.env, variable) ? variable : null,
    };
  });
}

/** A start of Codex, and the files that have a say in it, the one that wins first. */
type Start = { readonly id: string; readonly profile: string | null; readonly layers: readonly Document[] };

function text(value: TomlValue | undefined): string | null {
  return typeof value === "string" ? value : null;
}

/** Programs of servers that are on and are not there. On Windows a name may stand for many files, so nobody looks. */
function missingPrograms(
  host: Host,
  config: Document,
  servers: ReturnType<typeof listServers>,
): Evidence["missingPrograms"] {
  if (host.platform === "win32") return [];
  return servers.flatMap(({ enabled, launch, name }) => {
    const { command } = launch;
    if (!enabled || typeof command !== "string" || command === "") return [];
    // Codex looks for it where the server's own PATH says.
    const path = text(config.get(["mcp_servers", name, "env", "PATH"])) ?? undefined;
    const isThere = isAbsolute(command)
      ? fileAt(host, command)
      : command.includes("/") || findProgram(host, [command], path);
    return isThere ? [] : [{ server: name, program: command }];
  });
}

async function leftovers(
  host: Host,
  config: Document,
  files: readonly ConfigFile[],
  network: boolean,
): Promise<Finding[]> {
  const addresses = await Promise.all(
    localAddresses(config, files).map(async (address) => {
      const document = files.find(({ file }) => file === address.file)?.document ?? config;
      return addressFinding(address, document, network ? !(await host.listens(address.port)) : null);
    }),
  );
  return [...addresses, ...foreignMarks(files)];
}

/** Chats whose provider is gone, with the table's way back where the history has it. */
function chatsWithoutProvider(home: Home, host: Host, files: readonly ConfigFile[]): Finding[] {
  const known = [
    ...forVersion("builtInProviders", home.codex.version),
    ...files.flatMap(({ document }) => Object.keys(document.table(["model_providers"]) ?? {})),
  ];
  return [...providersOfChats(host, home.dir)].flatMap(([id, chats]): Finding[] => {
    if (known.includes(id)) return [];
    const back = tableOf(home, id);
    return [
      {
        code: "chats-without-provider",
        severity: "warning",
        args: { id, chats },
        file: "config",
        path: ["model_providers", id],
        ...(back ? { fix: [back] } : {}),
      },
    ];
  });
}

/** The op that brings a provider's table back out of the newest image that has it. */
function tableOf(home: Home, id: string): Op | null {
  const path = ["model_providers", id];
  for (const entry of [...home.history.entries].reverse()) {
    const touched = entry.touched.some(({ path: [group, name] }) => group === path[0] && name === id);
    for (const { after, before, file } of touched ? home.history.imagesLeft(entry) : []) {
      const image = [after, before].find((text) => file === "config" && documentOf(text ?? "")?.table(path));
      if (image) return { op: "reinsert", file, path, image };
    }
  }
  return null;
}
