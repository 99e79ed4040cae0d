/** Where credentials live: shown, and changed without locking anybody out. Never reads a credential. */
import type { Finding } from "../findings/finding.ts";
import type { Home } from "../home.ts";
import {
  CLI_STORE,
  checkStore,
  keyringState,
  loginVariables,
  MCP_STORE,
  type StoreState,
  storeState,
} from "../machine/auth-store.ts";
import { readLogin } from "../machine/login.ts";
import { CfgError } from "../model/error.ts";
import type { Op } from "../model/op.ts";
import type { Plan } from "../plan/plan.ts";

/** Where credentials are to live: at least one of the two has to be named. */
export type AuthStoreWish = {
  /** For Codex's own login: `file`, `keyring`, `auto` or another value that this release takes. */
  readonly store?: string | undefined;
  /** For the logins of MCP servers. */
  readonly mcp?: string | undefined;
  /** Choose the keyring although none answers here. */
  readonly force?: boolean | undefined;
};

/** Where credentials live now; names and kinds, never a credential. */
export type AuthStore = {
  /** `cli_auth_credentials_store` and `mcp_oauth_credentials_store`. */
  readonly stores: readonly StoreState[];
  /** The kind of the stored login. */
  readonly authMode: ReturnType<typeof readLogin>["mode"];
  /** Login variables that are set here, by name. */
  readonly variables: readonly string[];
  /** Whether a keyring answers here. */
  readonly keyring: Awaited<ReturnType<typeof keyringState>>;
};

/**
 * Where credentials live now. Looks for a keyring and at the kind of the login. Throws `invalid-toml` or `unsafe-file`.
 */
export async function authStore(home: Home): Promise<AuthStore> {
  const { codex, dir, host } = home;
  return {
    stores: storeStates(home),
    authMode: readLogin(host, dir).mode,
    variables: loginVariables(host),
    keyring: await keyringState(host, codex, home.scratch),
  };
}

/** Both settings as they count now. */
export function storeStates({ codex, snapshot }: Home): StoreState[] {
  const config = snapshot.document("config");
  return [CLI_STORE, MCP_STORE].map((setting) => storeState(setting, config, codex.version));
}

/**
 * The plan that changes where credentials live; they do not move, so a new login is needed afterwards. Throws `usage` for
 * no store or one that this release does not take, `invalid-config` where Codex could neither store nor find a login.
 */
export async function setAuthStore(home: Home, { force = false, mcp, store }: AuthStoreWish): Promise<Plan> {
  const { codex, host, snapshot } = home;
  if (store === undefined && mcp === undefined) {
    throw new CfgError("usage", "name a store, or --mcp and a store", {
      hints: [{ note: "as in", argv: ["auth-store", "set", "file"] }],
    });
  }
  const wanted = [...checkStore(CLI_STORE, store, codex.version), ...checkStore(MCP_STORE, mcp, codex.version)];
  const config = snapshot.document("config");
  const changing = wanted.filter(([setting, value]) => storeState(setting, config, codex.version).value !== value);
  const needsKeyring = changing.some(([, value]) => value === "keyring") && !force;
  if (needsKeyring && (await keyringState(host, codex, home.scratch)) === "unreachable") {
    throw new CfgError(
      "invalid-config",
      "no keyring answers here, so Codex could neither store nor find a login; nothing was written",
      {
        hints: [
          { note: "let Codex fall back to the file", argv: ["auth-store", "set", "auto"] },
          "or choose it all the same with --force",
        ],
      },
    );
  }
  const findings = changing.map(
    ([setting]): Finding => ({
      code: "credentials-stay",
      severity: "info",
      args: { next: setting === MCP_STORE ? "codex mcp login NAME" : "codex login" },
    }),
  );
  const words = [store, ...(mcp === undefined ? [] : ["--mcp", mcp])].filter((word) => word !== undefined);
  return home.plan(
    { command: `auth-store set ${words.join(" ")}`, findings },
    changing.map(([{ key }, value]): Op => ({ op: "set", file: "config", path: [key], value })),
  );
}
