/** `codex-cfg presets`: what apply can bring in, and a preset made out of this home. */
import type { Command } from "commander";
import type { Run } from "../context.ts";
import type { SaveOptions } from "../presets/save.ts";

const FORM = `
A file has a table for each preset, and each part of it may be left out:
  [team]
  description = "a line for this list"
  parameters.url = { default = "https://team.example/v1" }
  provider.id = "team"
  provider.name = "Team"
  provider.base_url = "\${url}"
  provider.env_key = "TEAM_KEY"
  profile = { name = "team", settings = { model_provider = "team" } }
  servers = { disable = ["*"], enable = ["docs"] }
  settings = { hide_agent_reasoning = true }

\${url} is what --set url=... gives or the default, $\${url} the text \${url} itself.
`;

export function register(program: Command, run: Run): void {
  const presets = program
    .command("presets")
    .description("Presets: set-ups that apply brings in, and that can be made out of this home to be shared.")
    .addHelpText("after", `${FORM}\nExample:\n  codex-cfg presets\n`);
  presets
    .command("list", { isDefault: true })
    .summary("list the presets")
    .description(
      "Lists the built-in presets and your own: codex-cfg.presets.toml (or .json, .yaml) in your configuration folder or in " +
        "the Codex home. One of yours goes before a built-in one of its name, which is builtin:NAME then.",
    )
    .addHelpText("after", "\nExample:\n  codex-cfg presets list --json\n")
    .action(() => run(async (context) => (await import("../presets/list.ts")).list(context)));
  presets
    .command("save")
    .summary("make a preset's file out of this home")
    .description(
      "Writes a new file with a preset of config.toml, or of one profile: without trust and notes of this machine; secrets and " +
        "paths of this machine become parameters, which apply asks for. Apply it elsewhere with: codex-cfg apply FILE",
    )
    .argument("<name>", "what the preset is called")
    .option("--profile <profile>", "this profile instead of all of config.toml")
    .option("--servers <servers...>", "take these MCP servers of config.toml along")
    .option("-o, --output <file>", "the new file; NAME.preset.toml here without")
    .addHelpText("after", "\nExample:\n  codex-cfg presets save team --profile work --servers docs\n")
    .action((name: string, options: SaveOptions) =>
      run(async (context) => (await import("../presets/save.ts")).save(context, name, options)),
    );
}
