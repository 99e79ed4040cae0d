/** `codex-cfg validate [FILE]`: everything that is wrong with a config, for one release of Codex. */
import type { Command } from "commander";
import { check, checkFile } from "../../actions/check.ts";
import type { CheckResult } from "../../check/check.ts";
import { forVersion } from "../../codex/facts.ts";
import { fileName } from "../../codex/file-role.ts";
import type { Finding } from "../../findings/finding.ts";
import { plural } from "../../text/plural.ts";
import type { Run } from "../context.ts";
import { codexJson, findingsJson } from "../json.ts";
import { sourceOf } from "../place.ts";

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
        const nameOf = (finding: Finding) => (file !== undefined ? file : fileName(finding.file ?? "config"));
        for (const finding of findings) {
          const place = finding.at ? `:${finding.at.line}:${finding.at.column}` : "";
          output.data(`${nameOf(finding)}${place}: ${finding.severity}: ${output.text(finding)} [${finding.code}]`);
          for (const line of sourceOf(finding)) output.data(line, "dim");
        }
        const clean = findings.every(({ severity }) => severity !== "error");
        output.say(summary(findings, result, codex.version));
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
            file: nameOf(findings[i] as Finding),
          })),
        });
        return clean ? 0 : 1;
      }),
    );
}

function summary(
  findings: readonly Finding[],
  { failing = [], loads, strict }: CheckResult & { readonly failing?: readonly string[] },
  version: string,
): string {
  const count = (severity: Finding["severity"]) => findings.filter((finding) => finding.severity === severity).length;
  const withFlag = strict ? ", with --strict-config, too" : ", but not with --strict-config";
  const verdict = loads ? `loads this${forVersion("strictConfig", version) ? withFlag : ""}` : "does not load this";
  const starts = failing.length === 0 ? "" : `; it does not start with --profile ${failing.join(", ")}`;
  return `${plural(count("error"), "error")}, ${plural(count("warning"), "warning")}; Codex ${version} ${verdict}${starts}`;
}
