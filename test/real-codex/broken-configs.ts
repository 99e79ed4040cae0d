/** Configs as people keep them, valid for the newest client, in many layouts; the same ones for the same seed. */
import { type Dice, dice } from "./generate-dice.ts";

export const LAYOUTS = 20;

/** A config that loads; no key in it takes part in what another one means. */
export function healthyConfig(seed: number): string {
  const { below, pick } = dice(seed * 7919 + 17);
  const some = <T>(items: readonly T[], most = items.length): T[] => {
    const left = [...items];
    const count = 1 + below(Math.min(most, items.length));
    return Array.from({ length: count }, () => left.splice(below(left.length), 1)[0] as T);
  };
  const indent = pick(["", "", "", "  "]);
  const equals = pick([" = ", " = ", " = ", "="]);
  const key = (name: string, value: string, comment = "") =>
    `${name}${equals}${value}${comment || below(5) > 0 ? comment : " # as it was"}`;
  const root = [
    key("model", pick(['"gpt-5.5"', '"gpt-5.4"', "'o3'"])),
    key("model_reasoning_effort", pick(['"low"', '"medium"', '"high"'])),
    ...some(ROOT(key, pick), 7),
    ...(below(2)
      ? [key("notify", pick(['["notify-send", "Codex"]', '[\n  "sh",\n  "-c",\n  "beep", # loud\n]']))]
      : []),
  ];
  const tables = [
    [
      "[features]",
      ...some(
        FEATURES.map((name) => key(name, pick(["true", "false"]))),
        4,
      ),
    ],
    ...some(SERVERS(key, pick), 4),
    ...(below(2) ? [["[tui]", key("theme", '"dracula"'), key("animations", "false")]] : []),
    ...(below(2) ? [["[history]", key("persistence", '"save-all"'), key("max_bytes", "1_048_576")]] : []),
    ...(below(2)
      ? [["[sandbox_workspace_write]", key("network_access", "false"), key("writable_roots", '["/srv/data"]')]]
      : []),
    ...(below(2)
      ? [["[shell_environment_policy]", key("inherit", '"core"'), key("exclude", '["AWS_*", "SECRET_*"]')]]
      : []),
    ...(below(2)
      ? [
          [
            "[model_providers.acme]",
            key("name", '"Acme"'),
            key("base_url", '"https://llm.acme.example/v1"'),
            key("wire_api", '"responses"'),
          ],
        ]
      : []),
    ...some(["/home/ada/site", "/srv/app", "C:\\\\work\\\\site"], 3).map((path) => [
      `[projects."${path}"]`,
      key("trust_level", pick(['"trusted"', '"untrusted"'])),
    ]),
  ].sort(() => below(3) - 1);
  const blocks = tables.map((lines) => {
    const [header = "", ...keys] = lines.flatMap((line) => (Array.isArray(line) ? line : [line]));
    const above = below(4) ? [] : [`# ${pick(["work", "keep", "from the wiki", "TODO: check"])}`];
    return [...above, header + (below(6) ? "" : " # here"), ...keys.map((line) => indent + line)].join("\n");
  });
  const text = [root.join("\n"), ...blocks].join(below(6) ? "\n\n" : "\n");
  const ended = below(6) ? `${text}\n` : text;
  return (below(8) ? "" : "\ufeff") + (below(4) ? ended : ended.replaceAll("\n", "\r\n"));
}

type KeyText = (name: string, value: string, comment?: string) => string;
type Pick = Dice["pick"];

const ROOT = (key: KeyText, pick: Pick) => [
  key("approval_policy", pick(['"on-request"', '"on-request"'])),
  key("sandbox_mode", pick(['"read-only"', '"workspace-write"'])),
  key("hide_agent_reasoning", pick(["true", "false"])),
  key("model_context_window", pick(["200000", "128_000"])),
  key("file_opener", '"vscode"'),
  key("personality", '"pragmatic"'),
  key("project_doc_max_bytes", "65536"),
  key("project_doc_fallback_filenames", '["CLAUDE.md", ".cursorrules"]'),
  key("developer_instructions", '"""\nBe short.\nSay = when unsure.\n"""'),
  key("web_search", '"cached"'),
  key("check_for_update_on_startup", "false"),
];

const FEATURES = ["memories", "shell_tool", "goals", "apps", "unified_exec", "hooks"];

const SERVERS = (key: KeyText, pick: Pick) => [
  [
    "[mcp_servers.docs]",
    key("command", '"npx"'),
    key("args", pick(['["-y", "@acme/docs-mcp"]', '[\n  "-y",\n  "@acme/docs-mcp@latest",\n  "--verbose",\n]'])),
    key("startup_timeout_sec", pick(["20", "30.5"])),
    key("enabled", pick(["true", "false"])),
  ],
  [
    "[mcp_servers.files]",
    key("command", pick(['"/usr/bin/node"', '"uvx"'])),
    key("args", '["server.js", "/srv/data"]'),
    key("env", pick(['{ ROOT = "/srv/data", DEBUG = "1" }', '{ "LOG_LEVEL" = "info" }'])),
  ],
  [
    "[mcp_servers.search]",
    key("url", '"https://mcp.acme.example/search"'),
    key("bearer_token_env_var", '"ACME_TOKEN"'),
  ],
  [
    "[mcp_servers.git]",
    key("command", '"git-mcp"'),
    key("cwd", '"/home/ada"'),
    key("enabled_tools", '["status", "log"]'),
    "",
    "[mcp_servers.git.env]",
    key("GIT_PAGER", '"cat"'),
    key("HOME", '"/home/ada"'),
  ],
];
