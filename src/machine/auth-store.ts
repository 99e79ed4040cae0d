/**
 * Where Codex keeps credentials: the two settings, what each release takes, and whether a keyring answers here. Reads
 * kinds and names, never a credential.
 */
import { join } from "node:path";
import { isSet, LOGIN_VARIABLES } from "../codex/environment.ts";
import { always, firstChange, forVersion } from "../codex/facts.ts";
import type { Codex } from "../codex/release.ts";
import type { Host } from "../host/host.ts";
import { CfgError, isInterrupted } from "../model/error.ts";
import type { Document } from "../toml/document.ts";
import { withEmptyFolder, withScratch } from "./scratch.ts";
import { statAt } from "./try-read.ts";

/** A setting that chooses where credentials live. */
export type StoreSetting = {
  readonly key: "cli_auth_credentials_store" | "mcp_oauth_credentials_store";
  readonly default: string;
  /** The fact with the values that each release takes. */
  readonly values: "cliStores" | "mcpStores";
};

export const CLI_STORE: StoreSetting = {
  key: "cli_auth_credentials_store",
  default: always("cliStoreDefault"),
  values: "cliStores",
};

export const MCP_STORE: StoreSetting = {
  key: "mcp_oauth_credentials_store",
  default: always("mcpStoreDefault"),
  values: "mcpStores",
};

export type StoreState = {
  readonly key: string;
  readonly value: string;
  /** True where the file sets it; else it is the default. */
  readonly set: boolean;
  /** Empty for a release that does not know the setting. */
  readonly values: readonly string[];
  readonly since: string;
};

/** The value of a setting as it counts now. */
export function storeState(setting: StoreSetting, config: Document, version: string): StoreState {
  const value = config.get([setting.key]);
  return {
    key: setting.key,
    value: typeof value === "string" ? value : setting.default,
    set: value !== undefined,
    values: forVersion(setting.values, version),
    since: firstChange(setting.values),
  };
}

/** A setting with a wanted value; none when nothing is wanted. Throws for a value that this release does not take. */
export function checkStore(
  setting: StoreSetting,
  value: string | undefined,
  version: string,
): [StoreSetting, string][] {
  if (value === undefined) return [];
  const { key } = setting;
  const values = forVersion(setting.values, version);
  if (values.length === 0) {
    const hints = [{ note: "update Codex", shell: "npm install -g @openai/codex" }];
    const first = firstChange(setting.values);
    throw new CfgError("invalid-config", `Codex ${version} does not know ${key}; ${first} is the first that does`, {
      hints,
    });
  }
  if (!values.includes(value)) {
    const like = setting === MCP_STORE ? ["--mcp"] : [];
    const hints = [{ note: "as in", argv: ["auth-store", "set", ...like, ...values.slice(0, 1)] }];
    const what = `${key} takes ${values.join(", ")} in Codex ${version}, not ${JSON.stringify(value)}`;
    throw new CfgError("usage", what, { hints });
  }
  return [[setting, value]];
}

/** The variables that are set, by name. */
export function loginVariables(host: Host): string[] {
  return LOGIN_VARIABLES.filter((name) => isSet(host.env, name));
}

const UNREACHABLE = new RegExp(always("keyringWords").unreachable, "i");
const REACHABLE = new RegExp(always("keyringWords").reachable, "i");

/**
 * Whether a keyring answers here. The installed Codex is asked in a scratch home, where it finds no login or reports that
 * there is no service. Without an installed Codex only a Linux with no session bus is known to have none.
 */
export async function keyringState(
  host: Host,
  codex: Codex,
  scratch: string | null,
): Promise<"reachable" | "unreachable" | "unknown"> {
  if (codex.program !== null && forVersion(CLI_STORE.values, codex.version).includes("keyring")) {
    const { program } = codex;
    try {
      const config = 'cli_auth_credentials_store = "keyring"\n';
      const answer = await withScratch(host, scratch, { "config.toml": config }, (home) =>
        withEmptyFolder(host, async (cwd) => {
          const noLogin = Object.fromEntries(LOGIN_VARIABLES.map((name) => [name, undefined]));
          const options = { env: { ...host.env, ...noLogin, CODEX_HOME: home }, cwd, timeoutMs: 5000 };
          const { status, stderr, stdout } = await host.run(program, ["login", "status"], options);
          return { output: stderr + stdout, ended: status !== null };
        }),
      );
      if (UNREACHABLE.test(answer.output)) return "unreachable";
      if (answer.ended && REACHABLE.test(answer.output)) return "reachable";
    } catch (error) {
      if (isInterrupted(error)) throw error;
      // A scratch folder that cannot be written proves nothing about the keyring.
    }
  }
  if (host.platform !== "linux") return "unknown";
  const runtime = host.env.XDG_RUNTIME_DIR;
  const bus =
    isSet(host.env, "DBUS_SESSION_BUS_ADDRESS") ||
    (runtime !== undefined && statAt(host, join(runtime, "bus")) !== null);
  return bus ? "unknown" : "unreachable";
}
