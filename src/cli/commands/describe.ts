/** `codex-cfg describe CODE`: what the code of a finding means, and what helps against it. */
import type { Command } from "commander";
import { type CodePage, describe } from "../../actions/describe.ts";
import type { Run } from "../context.ts";
import type { Output } from "../output.ts";

export function register(program: Command, run: Run): void {
  program
    .command("describe")
    .description(
      "Says what the code of a finding means: the smallest config that has it, what Codex says of that one, and what each fix\n" +
        "makes of it. Without a code it lists all of them.",
    )
    .argument("[code]", "the code, as validate prints it at the end of a line")
    .addHelpText("after", "\nExamples:\n  codex-cfg describe mixed-transport\n  codex-cfg describe\n")
    .action((name: string | undefined) =>
      run(async ({ home, output }) => {
        const pages = await describe(home, { name });
        for (const page of pages) {
          if (name === undefined) output.row(page.code, page.sentence);
          else show(output, page);
        }
        output.document("describe", { findings: pages.map((page) => ({ ...page, hints: output.hints(page.hints) })) });
        return 0;
      }),
    );
}

function show(output: Output, { code, example, hints, sentence }: CodePage): void {
  output.data(code, "bold");
  output.data(`  ${sentence}`);
  for (const hint of output.hints(hints)) output.data(`  ${hint}`);
  if (example === null) return;
  const { fixes, release, says, stops, text } = example;
  const effect = { load: "does not load", strict: "loads, but not with --strict-config" }[stops ?? "load"];
  output.data(
    stops === null ? `for example, which Codex ${release} loads:` : `for example, which Codex ${release} ${effect}:`,
  );
  block(output, text);
  for (const { since, words } of says) output.data(`Codex since ${since}: ${words === "" ? "takes it" : words}`);
  for (const { after, kind, label, reason } of fixes) {
    output.data(kind === "safe" ? `fixed by doctor --fix, because ${reason}:` : `to choose (${reason}): ${label}:`);
    block(output, after);
  }
}

function block(output: Output, text: string): void {
  for (const line of text.trimEnd().split("\n")) output.data(`    ${line}`);
}
