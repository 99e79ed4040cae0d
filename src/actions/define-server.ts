/** Adds an MCP server and takes one out, and leaves every other one as it is written. Starts none. */

import { forVersion } from "../codex/facts.ts";
import { profileRole } from "../codex/file-role.ts";
import { checkSwitches, namesIn } from "../codex/servers.ts";
import type { Home } from "../home.ts";
import { CfgError } from "../model/error.ts";
import { argvOf } from "../model/hint.ts";
import type { FileRole, Op, TomlTable } from "../model/op.ts";
import { checkCall, type Kinds } from "../model/wish.ts";
import type { Plan } from "../plan/plan.ts";
import { nearestNames } from "../text/closest-match.ts";
import { word } from "../text/shell-quote.ts";
import { renderKey } from "../toml/value.ts";

/** A server to add: a program or an address. */
export type ServerWish = {
  readonly name: string;
  /** The program and its arguments. */
  readonly command?: readonly string[] | undefined;
  readonly url?: string | undefined;
  /** What the program finds in its environment, by name. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Variables of the user's own environment that the program gets, by name. */
  readonly envVars?: readonly string[] | undefined;
  /** The variable that holds the token for the address, by name. */
  readonly bearerTokenEnvVar?: string | undefined;
  /** Headers for the address, by name. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** In this profile's file only. */
  readonly profile?: string | undefined;
};

const WISH: Kinds<ServerWish> = {
  name: "text",
  command: "texts?",
  url: "text?",
  env: "texts by name?",
  envVars: "texts?",
  bearerTokenEnvVar: "text?",
  headers: "texts by name?",
  profile: "text?",
};

/** The plan that adds a server. Throws `usage` for what is no server, `would-overwrite` where one has that name. */
export async function addServer(home: Home, wish: ServerWish): Promise<Plan> {
  checkCall("addServer", home, wish, WISH);
  const { name, profile } = wish;
  const table = tableOf(wish);
  if (!new RegExp(forVersion("serverName", home.codex.version)).test(name))
    throw new CfgError("usage", `Codex ${home.codex.version} starts no server called ${JSON.stringify(name)}`, {
      hints: ["use letters, digits, - and _"],
    });
  const file = roleOf(home, name, profile);
  const path = ["mcp_servers", name];
  if (home.snapshot.document(file).get(path) !== undefined)
    throw new CfgError("would-overwrite", `[${renderKey(path)}] is there already`, {
      path: file === "config" ? "config.toml" : `${profile}.config.toml`,
      hints: [
        { note: "look at it", argv: argvOf("get", [renderKey(path)], profileWords(profile)) },
        { note: "take it out first", argv: argvOf("mcp remove", [name], profileWords(profile)) },
      ],
    });
  return home.plan({ command: ["mcp add", word(name), ...profileWords(profile)].join(" ") }, [
    { op: "set", file, path, value: table },
  ]);
}

/**
 * The plan that takes a server out, and with it the switches that profiles have for it: alone they would keep Codex from
 * starting. Throws `unknown-name`.
 */
export async function removeServer(
  home: Home,
  wish: { readonly name: string; readonly profile?: string | undefined },
): Promise<Plan> {
  checkCall("removeServer", home, wish, { name: "text", profile: "text?" });
  const { name, profile } = wish;
  const file = roleOf(home, name, profile);
  const path = ["mcp_servers", name];
  const document = home.snapshot.document(file);
  if (document.get(path) === undefined) throw unknownServer(name, namesIn([{ document }]), profile);
  const others = profile === undefined ? orphans(home, name) : [];
  return home.plan(
    { command: ["mcp remove", word(name), ...profileWords(profile)].join(" ") },
    [file, ...others].map((role): Op => ({ op: "unset", file: role, path })),
  );
}

/** The profiles that say something about the server, and not how it is reached. */
function orphans({ codex, profileFiles, snapshot }: Home, name: string): FileRole[] {
  const roles = codex.layout.holdsServers ? profileFiles.map(profileRole) : [];
  return roles.filter((role) => {
    const table = snapshot.parsed(role)?.table(["mcp_servers", name]);
    return table !== undefined && table.command === undefined && table.url === undefined;
  });
}

function tableOf({ bearerTokenEnvVar, command = [], env, envVars = [], headers, url }: ServerWish): TomlTable {
  const [program, ...args] = command;
  if ((program === undefined) === (url === undefined))
    throw usage("a server is either a program behind -- or an address with --url");
  if (url !== undefined && !/^https?:\/\/\S+$/.test(url)) throw usage("--url is not an http or https address");
  if (program === "") throw usage("the program must not be empty");
  if (url === undefined && (bearerTokenEnvVar !== undefined || headers !== undefined))
    throw usage("--bearer-token-env-var and --header go with --url");
  if (url !== undefined && (env !== undefined || envVars.length > 0))
    throw usage("--env and --env-var go with a program");
  return {
    ...(program === undefined ? {} : { command: program }),
    ...(args.length > 0 ? { args } : {}),
    ...(url === undefined ? {} : { url }),
    ...(bearerTokenEnvVar === undefined ? {} : { bearer_token_env_var: bearerTokenEnvVar }),
    ...(envVars.length > 0 ? { env_vars: envVars } : {}),
    ...(env === undefined ? {} : { env }),
    ...(headers === undefined ? {} : { http_headers: headers }),
  };
}

function roleOf(home: Home, name: string, profile: string | undefined): FileRole {
  if (profile === undefined) return "config";
  checkSwitches(home.codex, name, profile);
  return profileRole(profile);
}

function profileWords(profile: string | undefined): string[] {
  return profile === undefined ? [] : ["-p", profile];
}

function unknownServer(name: string, known: readonly string[], profile: string | undefined): CfgError {
  const near = nearestNames(name, known)[0];
  return new CfgError("unknown-name", `no MCP server is called ${JSON.stringify(name)}`, {
    hints: [
      near === undefined
        ? { note: "see them all", argv: ["mcp", "list"] }
        : { note: "did you mean", argv: argvOf("mcp remove", [near], profileWords(profile)) },
    ],
  });
}

function usage(message: string): CfgError {
  return new CfgError("usage", message, { hints: [{ note: "see", argv: ["mcp", "add", "--help"] }] });
}
