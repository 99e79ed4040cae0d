/**
 * Looks at a home and the machine around it, and hands what it saw to `diagnose.ts`. Changes nothing in the home; copies
 * the log database to a scratch folder to read it. Only when asked to does it try ports of this machine and let the
 * installed Codex try its services.
 */
import { isAbsolute, resolve } from "node:path";
import { checkHome } from "../check/check-home.ts";
import { isMuch, losses, lossFinding } from "../check/losses.ts";
import { isSet } from "../codex/environment.ts";
import { forVersion } from "../codex/facts.ts";
import { loadSchema } from "../codex/load-schema.ts";
import { knownSchemaAt } from "../codex/schema.ts";
import { listServers } from "../codex/servers.ts";
import type { Finding } from "../findings/finding.ts";
import type { Home } from "../home.ts";
import type { Host } from "../host/host.ts";
import { askCodexDoctor } from "../machine/codex-doctor.ts";
import { findProgram } from "../machine/detect.ts";
import { installMethod, newestKnown, updateCommand } from "../machine/install.ts";
import { addressFinding, type ConfigFile, localAddresses, otherToolTraces } from "../machine/leftovers.ts";
import { readLogin } from "../machine/login.ts";
import { readLogs } from "../machine/logs.ts";
import { countSessions } from "../machine/sessions.ts";
import { fileAt } from "../machine/try-read.ts";
import { detectWsl } from "../machine/wsl.ts";
import { CfgError } from "../model/error.ts";
import { redactedWords } from "../redact/redactor.ts";
import type { Document } from "../toml/document.ts";
import { renderKey, renderValue } from "../toml/value.ts";
import { configFiles, configIn } from "./config-files.ts";
import type { Evidence } from "./evidence.ts";
import { chatsWithoutProvider } from "./lost-chats.ts";
import { providersInUse } from "./providers-in-use.ts";

export type GatherOptions = {
  /** A log to read instead of those in the home. */
  readonly log?: string | undefined;
  /** Try the addresses of this machine that the config names, and ask `codex doctor`, which tries Codex's services. */
  readonly network: boolean;
};

/** Log lines older than this are no evidence of what is wrong today. */
const WEEK = 7 * 24 * 3600 * 1000;

/** Everything that a diagnosis rests on. Throws what reading the home throws. */
export async function gatherEvidence(home: Home, { log, network }: GatherOptions): Promise<Evidence> {
  const { codex, dir, host, scratch, snapshot } = home;
  const named = log === undefined ? undefined : resolve(host.cwd, log);
  if (named !== undefined && !host.disk.stat(named))
    throw new CfgError("usage", "there is no such log", { path: named });
  const { complete, files } = configFiles(home, snapshot);
  const config = configIn(files);
  const schema = await loadSchema();
  const knows = (path: readonly string[]) => knownSchemaAt(schema, path, codex.version) !== null;
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
    providers: providersInUse(home, files),
    proxies: PROXIES.filter((name) => isSet(host.env, name)),
    // On Linux the setting has no effect (measured).
    systemProxy: knows(proxy) && host.platform !== "linux" ? config.get(proxy) === true : null,
    bareProxies: PROXIES.filter((name) => /^[^/]+$/.test(host.env[name] ?? "") && name !== "NO_PROXY"),
    lost: losses(home).map((loss) => lossFinding(loss, isMuch(loss) ? "warning" : "info")),
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
    // In a file that could not be read the missing provider may be defined.
    chats: complete ? chatsWithoutProvider(home, files) : [],
  };
}

const PROXIES = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY"];

/** When `http-sse` was applied, 0 if it is not: log lines from before tell nothing of what is wrong now. */
function lastApplied(home: Home): number {
  const entry = home.history.entries.findLast((one) => one.preset === "http-sse" && home.history.isActive(one));
  return entry ? Date.parse(entry.time) : 0;
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
    // Codex looks for the program on the server's own PATH, where it sets one.
    const path = config.get(["mcp_servers", name, "env", "PATH"]);
    const isThere = isAbsolute(command)
      ? fileAt(host, command)
      : command.includes("/") || findProgram(host, [command], typeof path === "string" ? path : undefined);
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
  return [...addresses, ...otherToolTraces(files)];
}
