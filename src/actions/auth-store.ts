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

/** Where credentials are to live: Codex's own login, those of MCP servers, or both. */
export type AuthStoreWish = {
  readonly store?: string | undefined;
  readonly mcp?: string | undefined;
  /** Choose the keyring although none answers here. */
  readonly force?: boolean;
};

/** Both settings as they count now, the kind of the stored login, login variables by name, and whether a keyring answers. */
export type AuthStore = {
  readonly stores: readonly StoreState[];
  readonly authMode: ReturnType<typeof readLogin>["mode"];
  readonly variables: readonly string[];
  readonly keyring: ReturnType<typeof keyringState>;
};

export function authStore(home: Home): AuthStore {
  const { codex, dir, host } = home;
  return {
    stores: storeStates(home),
    authMode: readLogin(host, dir).mode,
    variables: loginVariables(host),
    keyring: keyringState(host, codex),
  };
}

/** Both settings as they count now. */
export function storeStates({ codex, snapshot }: Home): StoreState[] {
  const config = snapshot.document("config");
  return [CLI_STORE, MCP_STORE].map((setting) => storeState(setting, config, codex.version));
}

/**
 * The plan that changes where credentials live; they do not move. Throws `usage` for no store or one that this release
 * does not take, `invalid-config` where Codex could neither store nor find a login afterwards.
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
  if (changing.some(([, value]) => value === "keyring") && !force && keyringState(host, codex) === "unreachable") {
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
