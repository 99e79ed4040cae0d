/** `codex-cfg get KEY`: the value of one setting. */
import type { Command } from "commander";
import { settingOf } from "../../actions/setting.ts";
import { fileName } from "../../codex/file-role.ts";
import type { KeyPath, TomlValue } from "../../model/op.ts";
import { Masker, maskedAt, maskedSpelling } from "../../redact/redactor.ts";
import { type Document, documentOf } from "../../toml/document.ts";
import { renderTable } from "../../toml/fragment.ts";
import { isTable, renderKey, renderValue } from "../../toml/value.ts";
import type { Run } from "../context.ts";

type Options = { readonly profile?: string; readonly raw: boolean };

export function register(program: Command, run: Run): void {
  program
    .command("get")
    .description("Prints the value of a setting as it stands in config.toml, or in one profile. Secrets are masked.")
    .argument("<key>", "dotted, as in mcp_servers.docs.enabled")
    .option("-p, --profile <profile>", "look into this profile only")
    .option("--raw", "print it as it is spelled in the file", false)
    .addHelpText("after", "\nExamples:\n  codex-cfg get model\n  codex-cfg get mcp_servers.docs --json\n")
    .action((key: string, options: Options) =>
      run(async ({ home, output }) => {
        const { file, path, stored } = settingOf(home, key, options.profile);
        const document = home.snapshot.document(file);
        const value = document.get(stored);
        const shown = maskedAt(document, stored);
        const raw = value === undefined || !(options.raw || output.json) ? null : spellingOf(document, stored, value);
        output.document("get", {
          codexHome: home.dir,
          file: fileName(file),
          key: renderKey(path),
          found: value !== undefined,
          value: shown === undefined ? null : plain(shown),
          raw,
        });
        if (shown === undefined) {
          output.say(`${renderKey(path)} is not set in ${fileName(file)}`);
          return 1;
        }
        if (options.raw && raw !== null) output.data(raw);
        else if (isTable(shown)) output.data(renderTable(shown).trimEnd());
        else output.data(typeof shown === "string" ? shown : renderValue(shown));
        return 0;
      }),
    );
}

/** As it stands in the file, secrets masked, a table without its own header; null where it stands in several pieces. */
function spellingOf(document: Document, path: KeyPath, value: TomlValue): string | null {
  const spelling = document.spelling(path);
  if (spelling !== undefined) return maskedSpelling(spelling, path);
  if (!isTable(value)) return null;
  return documentOf(new Masker().document(document))?.fragment(path).trimEnd() ?? null;
}

/** As JSON has it: integers that a double cannot hold stay text. */
function plain(value: TomlValue): unknown {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof value === "number") return Number.isFinite(value) ? value : renderValue(value);
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(plain);
  return isTable(value) ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)])) : value;
}
