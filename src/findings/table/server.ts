/** Findings about MCP servers: their tables, toggles, and a search among them by halving. */
import { count, oneOf, orNull, text, texts } from "../../model/form.ts";
import { argvOf } from "../../model/hint.ts";
import { plural } from "../../text/plural.ts";
import { folder, server, servers } from "../args.ts";
import { header, listed, row } from "../row.ts";

const table = (server: string) => header("mcp_servers", server);

export const SERVER = {
  "server-transport": row(
    { server, profile: orNull(text("The profile whose file says nothing of it by itself.")) },
    ({ server, profile }) =>
      profile === null
        ? `${table(server)} has neither command nor url`
        : `${table(server)} has neither command nor url in ${profile}.config.toml; --strict-config looks at each file alone`,
  ),
  "mixed-transport": row(
    {
      server,
      keys: texts("The keys that it cannot have."),
      transport: oneOf(["stdio", "http"], "How the server is reached."),
    },
    ({ server, keys, transport }) =>
      `${table(server)} is ${transport === "stdio" ? "a program (command)" : "an address (url)"} and cannot have ${listed(keys)}`,
  ),
  "server-bearer-token": row(
    { server },
    ({ server }) => `${table(server)} must not hold a bearer_token; name a variable instead: bearer_token_env_var`,
  ),
  "server-timeout": row(
    { server, key: text("The key that holds it.") },
    ({ server, key }) => `${key} of ${table(server)} is no number of seconds that Codex can wait`,
  ),
  "server-cwd": row({ server }, ({ server }) => `${table(server)} has an environment_id and needs an absolute cwd`),
  "server-oauth": row(
    { server, key: text("The setting."), needs: text("What it needs beside it.") },
    ({ server, key, needs }) => `oauth.${key} of ${table(server)} needs ${needs}`,
  ),
  "server-disabled-key": row(
    { server },
    ({ server }) => `disabled does not turn ${table(server)} off; enabled = false does`,
  ),
  // No shell reads what a server is started with.
  "literal-text": row(
    {
      key: text("The key, dotted."),
      text: text("What nobody expands: a variable, or ~."),
      place: oneOf(["env", "header", "path"], "Where it stands: a variable of the server, a header, or anywhere else."),
    },
    ({ key, text }) => `${key} hands over ${text} as it is written: Codex expands neither variables nor ~`,
    ({ place }) => [
      {
        env: "to pass a variable on: env_vars",
        header: "to take it from a variable: env_http_headers, or bearer_token_env_var",
        path: "write out the whole path",
      }[place],
    ],
  ),
  "server-name": row({ server }, ({ server }) => `the server name ${server} loads, and fails when Codex starts it`),
  "project-servers": row(
    { folder, servers },
    ({ folder, servers }) => `${folder}/.codex/config.toml is trusted and has the last word on: ${listed(servers)}`,
  ),
  "required-servers": row(
    { servers },
    ({ servers }) => `marked as required, and off all the same, so Codex starts without them: ${listed(servers)}`,
  ),
  "bisect-step": row(
    {
      on: texts("The servers that are on for the next look."),
      off: texts("Those that are off."),
      left: count("How many tries are left."),
    },
    ({ on, off, left }) =>
      `on: ${listed(on) || "none"}; off: ${listed(off) || "none"}. Try what fails (about ${plural(left, "try", "tries")} left)`,
    () => [
      { note: "if it works", argv: ["mcp", "bisect", "good"] },
      { note: "if it fails", argv: ["mcp", "bisect", "bad"] },
    ],
  ),
  "bisect-found": row(
    { servers },
    ({ servers }) =>
      `${servers.length === 1 ? `it is ${servers[0]}` : `not one server: it takes ${servers.join(" together with ")}`}; all others are on again`,
    ({ servers }) => [
      { note: "everything as it was before", argv: ["mcp", "bisect", "reset"] },
      { note: "and to keep it off from then on", argv: argvOf("mcp disable", servers.slice(0, 1)) },
    ],
  ),
  "bisect-no-server": row({}, () => "not an MCP server of config.toml: it fails with all of them off"),
  "bisect-no-failure": row({}, () => "it does not fail with all of them on, so there is nothing to search for"),
};
