/** Configs by chance as people have them: servers, projects, providers, features, lists of tables, comments. */
type Roll = () => number;

const pick = <T>(roll: Roll, items: readonly T[]): T => items[Math.floor(roll() * items.length)] as T;
const WORDS = ["docs", "db", "figma", "github", "notes", "search", "browser", "build", "mail", "maps", "time", "wiki"];

/** A whole config.toml; names differ, so that no two keys are the same. */
export function homeText(roll: Roll): string {
  const maybe = (chance: number, ...lines: readonly string[]) => (roll() < chance ? lines : []);
  const several = (most: number, make: (name: string) => readonly string[]) =>
    [...WORDS]
      .sort(() => roll() - 0.5)
      .slice(0, Math.floor(roll() * (most + 1)))
      .flatMap(make);
  const blank = roll() < 0.8 ? [""] : [];
  const comment = () =>
    maybe(0.3, `# ${pick(roll, ["mine", "do not touch", "see the wiki", "work"])} ${Math.floor(roll() * 99)}`);
  const trailing = () => (roll() < 0.2 ? " # here" : "");
  const lines = [
    ...comment(),
    `model = "${pick(roll, ["gpt-5.5", "gpt-5.4", "o9"])}"${trailing()}`,
    ...maybe(0.6, `model_reasoning_effort = "${pick(roll, ["low", "high"])}"`),
    ...maybe(0.3, `model_context_window = ${Math.floor(roll() * 400_000)}`),
    ...maybe(0.4, `approval_policy = "on-request"${trailing()}`, 'sandbox_mode = "workspace-write"'),
    ...maybe(0.3, 'notify = ["python3", "/opt/notify.py"]'),
    ...maybe(0.2, "project_doc_fallback_filenames = [", '  "CLAUDE.md", # theirs', '  "NOTES.md",', "]"),
    ...maybe(0.2, "developer_instructions = '''", "Be short.", "", "No lists.'''"),
    ...maybe(0.2, "tui.notifications = true"),
    ...several(8, (name) => [
      ...blank,
      ...comment(),
      `[mcp_servers.${name}]${trailing()}`,
      `command = "${name}-server"`,
      ...maybe(0.7, `args = ["--port", "${Math.floor(roll() * 9999)}"]${trailing()}`),
      ...maybe(0.3, `env = { TOKEN = "fake-${name}", DEBUG = "1" }`),
      ...maybe(0.3, `startup_timeout_sec = ${1 + Math.floor(roll() * 120)}`),
      ...maybe(0.2, ...blank, `[mcp_servers.${name}.env_vars_of]`, `KEY = "value of ${name}"`),
    ]),
    ...several(3, (name) => [
      ...blank,
      ...comment(),
      `[model_providers.${name}]`,
      `name = "${name}"`,
      `base_url = "https://${name}.example/v1"`,
      ...maybe(0.5, `env_key = "${name.toUpperCase()}_KEY"`),
    ]),
    ...several(9, (name) => [...blank, `[projects."/work/${name}"]`, 'trust_level = "trusted"']),
    ...maybe(0.6, ...blank, "[features]", ...several(5, (name) => [`${name} = ${roll() < 0.5}`]), "goals = true"),
    ...maybe(0.3, ...blank, "[sandbox_workspace_write]", "network_access = false", 'writable_roots = ["/tmp/x"]'),
    ...(roll() < 0.4
      ? several(4, (name) => [
          ...blank,
          ...comment(),
          "[[skills.config]]",
          `path = "/skills/${name}"`,
          `enabled = ${roll() < 0.5}`,
        ])
      : []),
    ...maybe(
      0.3,
      ...blank,
      "[[hooks.Stop]]",
      'matcher = "a"',
      "",
      "[[hooks.Stop.hooks]]",
      'type = "command"',
      'command = "true"',
    ),
    ...maybe(0.2, "# the end"),
  ];
  const text = `${lines.join("\n")}${roll() < 0.9 ? "\n" : ""}`;
  const eols = roll() < 0.15 ? text.replaceAll("\n", "\r\n") : text;
  return roll() < 0.05 ? `\ufeff${eols}` : eols;
}
