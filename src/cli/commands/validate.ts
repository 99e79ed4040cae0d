/** `codex-cfg validate [FILE]`: everything that is wrong with a config, for one release of Codex. */
import type { Command } from "commander";
import { check, checkFile } from "../../actions/check.ts";
import { fileName } from "../../codex/file-role.ts";
import type { Finding } from "../../findings/finding.ts";
import { pageOf } from "../../model/version.ts";
import type { Run } from "../context.ts";
import { codexJson, findingsJson } from "../json.ts";
import { sourceOf } from "../place.ts";
import { fixSummary, summary } from "../validate-summary.ts";

type Options = { readonly profile?: string; readonly strict: boolean };

export function register(program: Command, run: Run): void {
  program
    .command("validate")
    .description(
      "Checks the home, or one file, for the installed Codex (another one: --codex-version). Lists all problems at once: what\n" +
        "keeps Codex from starting, what --strict-config refuses, and what starts and still goes wrong.",
    )
    .argument("[file]", "a file to check as config.toml, instead of the home")
    .option("-p, --profile <profile>", "check the home as `codex --profile NAME` reads it")
    .option("--strict", "check as `codex --strict-config` does", false)
    .addHelpText(
      "after",
      "\nExamples:\n  codex-cfg validate\n  codex-cfg validate ./config.toml --codex-version 0.134.0 --json\n",
    )
    .action((file: string | undefined, options: Options) =>
      run(async (context) => {
        const { globals, host, output } = context;
        const { profile } = options;
        const { codex, result } =
          file === undefined
            ? { codex: context.home.codex, result: await check(context.home, { profile }) }
            : await checkFile(host, file, { codexVersion: globals.codexVersion, profile });
        const findings = result.findings.map((finding) =>
          options.strict && finding.stops ? ({ ...finding, severity: "error" } as Finding) : finding,
        );
        for (const finding of findings) {
          const place = finding.at ? `:${finding.at.line}:${finding.at.column}` : "";
          const name = file ?? nameOf(finding);
          const where = name === null ? "" : `${name}${place}: `;
          output.data(`${where}${finding.severity}: ${output.text(finding)} [${finding.code}]`);
          for (const line of sourceOf(finding)) output.data(line, "dim");
        }
        const clean = findings.every(({ severity }) => severity !== "error");
        output.say(summary(findings, result, codex.version));
        const fixes = file === undefined ? fixSummary(findings) : null;
        if (fixes !== null) output.say(`${fixes}; see: ${output.command(["doctor", "--fix"])}`);
        const [worst] = findings.filter(({ severity }) => severity !== "info");
        if (worst)
          output.say(`more about one of these: ${pageOf(worst.code) ?? output.command(["describe", worst.code])}`);
        output.document("validate", {
          file: file ?? null,
          codexHome: file === undefined ? context.home.dir : null,
          codex: codexJson(codex),
          profile: profile ?? null,
          view: options.strict ? "strict" : "loads",
          loads: result.loads,
          strict: result.strict,
          findings: findingsJson(findings, output).map((finding, i) => ({
            ...finding,
            file: file ?? nameOf(findings[i] as Finding),
          })),
        });
        return clean ? 0 : 1;
      }),
    );
}

/** The file of the home that a finding is about; null for what is about none. */
function nameOf({ file }: Finding): string | null {
  return file === undefined ? null : fileName(file);
}
