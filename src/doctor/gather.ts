/**
 * Looks at a home and the machine around it, and hands what it saw to `diagnose.ts`. Changes nothing in the home; copies
 * the log database to a scratch folder to read it. Connects to ports of this machine that the home names, and to nothing
 * else; only when asked to does it let the installed Codex try its services.
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
import { type Doorbell, doorbell, proxiesOf } from "../machine/addresses.ts";
import { askCodexDoctor } from "../machine/codex-doctor.ts";
import { findProgram } from "../machine/detect.ts";
import { clientEnvironment, type Environment } from "../machine/environment.ts";
import { hookFindings } from "../machine/hooks.ts";
import { installMethod, newestKnown, updateCommand } from "../machine/install.ts";
import { addressFinding, type ConfigFile, localAddresses, otherToolTraces } from "../machine/leftovers.ts";
import { readLogin } from "../machine/login.ts";
import { readLogs } from "../machine/logs.ts";
import { pluginFindings } from "../machine/plugins.ts";
import { policyFindings } from "../machine/policies.ts";
import { countSessions } from "../machine/sessions.ts";
import { sideFileFindings } from "../machine/side-files.ts";
import { fileAt } from "../machine/try-read.ts";
import { profileIn, watch } from "../machine/watch.ts";
import { detectWsl } from "../machine/wsl.ts";
import { CfgError } from "../model/error.ts";
import { redactedWords } from "../redact/redactor.ts";
import type { Document } from "../toml/document.ts";
import { renderKey, renderValue } from "../toml/value.ts";
import { envFileFindings, keyringFindings, unwritable } from "./around.ts";
import { configFiles, configIn } from "./config-files.ts";
import type { Evidence } from "./evidence.ts";
import { chatsWithoutProvider } from "./lost-chats.ts";
import { providersInUse } from "./providers-in-use.ts";

export type GatherOptions = {
  /** A log to read instead of those in the home. */
  readonly log?: string | undefined;
  /** A command to run once, and to read what it prints instead. */
  readonly watch?: readonly string[] | undefined;
  /** Ask `codex doctor`, which tries Codex's services. */
  readonly network: boolean;
};

/** Log lines older than this are no evidence of what is wrong today. */
const WEEK = 7 * 24 * 3600 * 1000;

/** Everything that a diagnosis rests on. Throws what reading the home throws. */
export async function gatherEvidence(home: Home, { log, network, watch: command }: GatherOptions): Promise<Evidence> {
  const { codex, dir, host, scratch, snapshot } = home;
  const printed = command && (await watch(host, dir, command));
  const named = log === undefined ? undefined : resolve(host.cwd, log);
  if (named !== undefined && !host.disk.stat(named))
    throw new CfgError("usage", "there is no such log", { path: named });
  const { complete, files } = configFiles(home, snapshot);
  const config = configIn(files);
  const profiles = files.flatMap(({ document, file }) => (file === "config" ? [] : [document]));
  const schema = await loadSchema();
  const environment = clientEnvironment(host, dir);
  const isDead = doorbell(host);
  const knows = (path: readonly string[]) => knownSchemaAt(schema, path, codex.version) !== null;
  const servers = listServers([{ document: config }]);
  const agents = [
    ["agents", "max_concurrent_threads_per_session"],
    ["agents", "max_threads"],
  ].filter(knows);
  const limit = agents.find((path) => config.get(path) !== undefined) ?? agents[0];
  const value = limit && config.get(limit);
  const programs = host.programs();
  const elsewhere = [host.env.CODEX_SQLITE_HOME, config.get(["sqlite_home"]), config.get(["log_dir"])].flatMap(
    (place) => (typeof place === "string" && isAbsolute(place) ? [place] : []),
  );
  const store = config.get(["cli_auth_credentials_store"]);
  const proxy = ["features", "respect_system_proxy"];
  const readsLogin = store === undefined || store === "file" || store === "auto";
  const login = readLogin(host, dir, config);
  const [providers, proxies, addresses] = await Promise.all([
    providersInUse(home, files, environment, isDead),
    proxiesOf(environment, isDead),
    tried(config, files, isDead),
  ]);
  return {
    codex,
    profile: command ? profileIn(command) : null,
    run: printed ? { status: printed.status, timedOut: printed.timedOut } : null,
    newest: newestKnown(host, dir),
    installed: installMethod(codex.program),
    update: updateCommand(installMethod(codex.program)),
    login,
    loginVariables: loginVariables(environment, codex.version, login.mode === "none"),
    store: typeof store === "string" ? store : "file",
    providers,
    proxies,
    inEnvFile: [...environment.inFile],
    envFile: envFileFindings(host, environment, files),
    retriesForEver:
      forVersion("unboundedRetries", codex.version) &&
      config.get(["features", "unbounded_connection_retries"]) !== false,
    // On Linux the setting has no effect (measured).
    systemProxy: knows(proxy) && host.platform !== "linux" ? config.get(proxy) === true : null,
    lost: losses(home).map((loss) => lossFinding(loss, isMuch(loss) ? "warning" : "info")),
    config: (await checkHome(home, snapshot)).findings,
    logs: await readLogs(
      host,
      { home: dir, scratch, elsewhere, named, printed },
      Math.max(host.now() - WEEK, lastApplied(home)),
    ),
    sessions: programs && countSessions(programs, dir),
    servers,
    plugins: pluginFindings(host, dir, config),
    hooks: hookFindings(host, dir, [config, ...profiles], codex.version),
    around: [
      ...(await keyringFindings(home, config)),
      ...sideFileFindings(host, dir, { reads: readsLogin, schema, version: codex.version }),
      ...policyFindings(host, config),
      ...unwritable(host, dir),
    ],
    missingPrograms: missingPrograms(host, config, servers),
    agents: limit ? { key: renderKey(limit), value: value === undefined ? null : renderValue(value) } : null,
    wsl: detectWsl(host, dir, codex.program),
    codexDoctor: network ? await askCodexDoctor(host, codex, dir, (words) => redactedWords(words, [config])) : null,
    leftovers: [...addresses, ...otherToolTraces(files)],
    // In a file that could not be read the missing provider may be defined.
    chats: complete ? chatsWithoutProvider(home, files) : [],
  };
}

/** Variables that stand for a login: those that beat one, and where there is none, the key that stands in for it. */
function loginVariables({ values }: Environment, version: string, isAlone: boolean): Evidence["loginVariables"] {
  const beating = Object.entries(forVersion("loginBeatingVariables", version));
  const all = isAlone ? [...beating, ["OPENAI_API_KEY", "all"] as const] : beating;
  return all.flatMap(([name, scope]) => (isSet(values, name) ? [{ name, scope }] : []));
}

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

/** What is known of each local address of the config, after it has been tried. */
function tried(config: Document, files: readonly ConfigFile[], isDead: Doorbell): Promise<Finding[]> {
  return Promise.all(
    localAddresses(config, files).map(async (address) => {
      const document = files.find(({ file }) => file === address.file)?.document ?? config;
      return addressFinding(address, document, await isDead(address));
    }),
  );
}
