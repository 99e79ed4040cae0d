/** `codex-cfg get KEY`: the value of one setting. */
import type { Command } from "commander";
import { lastWordOn } from "../../actions/set-settings.ts";
import { settingOf } from "../../actions/setting.ts";
import { fileName } from "../../codex/file-role.ts";
import { asJson, asText, shownAt, shownKey, shownSpelling } from "../../redact/shown.ts";
import type { Run } from "../context.ts";

type Options = { readonly profile?: string; readonly raw: boolean };

export function register(program: Command, run: Run): void {
  program
    .command("get")
    .description(
      "Prints the value of a setting as it stands in config.toml, or in one profile. Secrets are masked, unless --reveal is given.",
    )
    .argument("<key>", "dotted, as in mcp_servers.docs.enabled")
    .option("-p, --profile <profile>", "look into this profile only")
    .option("--raw", "print it as it is spelled in the file", false)
    .addHelpText("after", "\nExamples:\n  codex-cfg get model\n  codex-cfg get mcp_servers.docs --json\n")
    .action((key: string, options: Options) =>
      run(async ({ home, output }) => {
        const { file, path, stored } = settingOf(home, key, options.profile);
        const document = home.snapshot.document(file);
        const value = shownAt(document, stored, output.reveals);
        const raw =
          value !== undefined && (options.raw || output.json) ? shownSpelling(document, stored, output.reveals) : null;
        output.document("get", {
          codexHome: home.dir,
          file: fileName(file),
          key: shownKey(path),
          found: value !== undefined,
          value: value === undefined ? null : asJson(value),
          raw,
        });
        output.findings(lastWordOn(home, path));
        if (value === undefined) {
          output.say(`${shownKey(path)} is not set in ${fileName(file)}`);
          return 1;
        }
        output.data(options.raw && raw !== null ? raw : asText(value));
        return 0;
      }),
    );
}
