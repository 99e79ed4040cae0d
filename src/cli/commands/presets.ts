/** `codex-cfg presets`: what `apply` can bring in. */
import type { Command } from "commander";
import { BUILT_IN_PRESETS } from "../../presets/built-in.ts";
import { descriptionOf, parameterNames } from "../../presets/preset.ts";
import { configFolder, userPresets } from "../../presets/preset-files.ts";
import { referenceTo } from "../../presets/reference.ts";
import type { Run } from "../context.ts";

const FORM = `
A file has a table for each preset, and each part of it may be left out:
  [gateway]
  description = "a line for this list"
  parameters.url = { description = "where it answers", default = "https://gateway.example/v1" }
  provider = { id = "gateway", name = "Gateway", base_url = "\${url}", env_key = "GATEWAY_KEY" }
  profile = { name = "gateway", settings = { model_provider = "gateway" } }
  servers = { disable = ["*"], enable = ["docs"] }
  settings = { hide_agent_reasoning = true }

\${url} is what --set url=... gives or the default, $\${url} the text \${url} itself.
`;

export function register(program: Command, run: Run): void {
  program
    .command("presets")
    .description(
      "Lists the built-in preset and your own: codex-cfg.presets.toml (or .json, .yaml) in your configuration folder or in the Codex home.",
    )
    .addHelpText("after", `${FORM}\nExample:\n  codex-cfg presets\n`)
    .action(() =>
      run(async ({ home, host, output }) => {
        const own = (await userPresets(host, home.dir)).map((preset) => ({
          name: referenceTo(preset),
          description: descriptionOf(preset),
          origin: preset.origin,
          parameters: parameterNames(preset),
        }));
        const builtIn = Object.entries(BUILT_IN_PRESETS).map(([name, description]) => ({
          name,
          description,
          origin: "built in",
          parameters: [] as string[],
        }));
        const presets = [...builtIn, ...own];
        const width = Math.max(...presets.map(({ name }) => name.length));
        for (const { description, name, origin, parameters } of presets) {
          const takes = parameters.length === 0 ? "" : `  --set ${parameters.join(", ")}`;
          output.data(`${name.padEnd(width)}  ${description}  (${origin})${takes}`);
        }
        if (own.length === 0) output.say(`your own go into ${configFolder(host) ?? home.dir}/codex-cfg.presets.toml`);
        output.document("presets", { codexHome: home.dir, presets });
        return 0;
      }),
    );
}
