/**
 * What goes to the terminal and how it looks: data to standard output, talk to standard error, colour where a person
 * reads it. Everything passes `printable` here.
 */

import { isSet } from "../codex/environment.ts";
import type { Finding, FindingCode } from "../findings/finding.ts";
import { commandText, type Given, hintParts, hintText } from "../findings/hints.ts";
import { hintsOf, sentence, textOf } from "../findings/messages.ts";
import type { Host } from "../host/host.ts";
import { type CfgError, ioError, isErrno } from "../model/error.ts";
import type { Hint } from "../model/hint.ts";
import { SCHEMA_VERSION } from "../model/version.ts";
import type { FileDiff } from "../plan/diff.ts";
import { printable, printableJson } from "../redact/printable.ts";
import { plural } from "../text/plural.ts";
import { fitted, type Part, wrap } from "../text/wrap.ts";
import type { Body, Kind } from "./documents.ts";
import { placeOf } from "./place.ts";

export type ColorWhen = "auto" | "always" | "never";

const SGR = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;
type Style = keyof typeof SGR;

export class Output {
  readonly json: boolean;
  /** Secrets are shown: a person asked for them on a terminal. */
  readonly reveals: boolean;
  readonly #host: Host;
  readonly #color: ColorWhen;
  readonly #given: Given;
  readonly #colored: { out?: boolean; err?: boolean } = {};
  readonly #told = new Set<string>();
  #mayFail = false;
  #unprinted: unknown;

  /** `given`: the global options of the command line; commands to paste repeat the home and the release. */
  constructor(
    host: Host,
    given: Given & { readonly color?: ColorWhen; readonly json?: boolean; readonly reveal?: boolean },
  ) {
    this.#host = host;
    this.#given = given;
    this.#color = given.color ?? "auto";
    this.json = given.json ?? false;
    this.reveals = given.reveal ?? false;
  }

  /** One of our commands, to paste. */
  command(argv: readonly string[]): string {
    return commandText(argv, this.#given);
  }

  hints(hints: readonly Hint[]): string[] {
    return hints.map((hint) => hintText(hint, this.#given));
  }

  /** From here on nothing that cannot be printed stops the command: something was changed, and its exit code says so. */
  changeMade(): void {
    this.#mayFail = true;
  }

  /** Why something could not be printed after a change was made; undefined when all of it was. */
  get unprinted(): unknown {
    return this.#unprinted;
  }

  /** Whether a finding of this code was told. */
  hasTold(code: FindingCode): boolean {
    return this.#told.has(code);
  }

  /** What a finding says, and the commands that help. */
  text(finding: Finding): string {
    this.#told.add(finding.code);
    return textOf(finding, this.#given);
  }

  /** A line of data. Silent under `--json`, which prints one document instead. */
  data(line = "", style?: Style): void {
    if (!this.json) this.#print("out", `${this.#paint(printable(line, this.reveals), style, "out")}\n`);
  }

  /** A line of data behind a label; in a narrow terminal it is folded, with the label in front of the first line. */
  row(label: string, text: string): void {
    const lines = wrap(text, this.#width("out") - LABEL);
    for (const [i, line] of lines.entries()) this.data(`${(i === 0 ? label : "").padEnd(LABEL)}${line}`);
  }

  /** A line of talk. */
  say(line: string, style?: Style): void {
    if (this.json) return;
    const lines = line.split("\n").flatMap((one) => wrap(printable(one, this.reveals), this.#width("err"), "  "));
    for (const one of lines) this.#print("err", `${this.#paint(one, style, "err")}\n`);
  }

  /** The one document of `--json`; control characters are escaped as JSON does. */
  document<One extends Kind>(kind: One, body: Body<One>): void {
    if (!this.json) return;
    const text = JSON.stringify({ schemaVersion: SCHEMA_VERSION, kind, ...(body as object) }, null, 2);
    this.#print("out", `${printableJson(text)}\n`);
  }

  diffs(diffs: readonly Pick<FileDiff, "text">[]): void {
    if (this.json) return;
    for (const { text } of diffs) {
      const lines = printable(text.replace(/\n$/, ""), this.reveals).split("\n");
      this.#print("out", lines.map((line) => `${this.#paint(line, diffStyle(line), "out")}\n`).join(""));
    }
  }

  findings(findings: readonly Finding[]): void {
    for (const finding of findings) {
      const [label, style] =
        finding.severity === "info" ? (["note", "cyan"] as const) : ([finding.severity, "yellow"] as const);
      // A note is about the command, any other finding about a line of a file.
      const place = finding.at && finding.severity !== "info" ? placeOf(finding) : "";
      this.#told.add(finding.code);
      if (!this.json) this.#talk(label, style, this.#parts(finding, place));
    }
  }

  error(error: CfgError): void {
    const { code, exitCode, message, path, line, column } = error;
    const hints = this.hints(error.hints);
    const place = path === undefined ? "" : `${path}: `;
    this.document("error", {
      error: { code, exitCode, message, path: path ?? null, line: line ?? null, column: column ?? null, hints },
    });
    if (this.json) return;
    this.diffs(error.diffs);
    this.#talk("error", "red", [`${place}${message} [${code}]`]);
    for (const hint of error.hints) this.#talk("hint", "cyan", this.#hint(hint), "  ");
  }

  /** Whether to colour what goes to a stream. */
  colored(stream: "out" | "err"): boolean {
    this.#colored[stream] ??= this.#mayColor(stream);
    return this.#colored[stream];
  }

  /** Its sentence and what helps, in words and commands. */
  #parts(finding: Finding, place: string): readonly Part[] {
    const hints = hintsOf(finding).map((hint) => this.#hint(hint));
    const [first] = hintsOf(finding);
    const sign = first === undefined ? "" : typeof first === "object" && first.note === "" ? ":" : ";";
    return [`${place}${sentence(finding)}${sign}`, ...hints.flatMap((hint, i) => (i === 0 ? hint : ["", "", ...hint]))];
  }

  #hint(hint: Hint): readonly Part[] {
    const { command, note } = hintParts(hint, this.#given);
    if (command === undefined) return [note];
    return note === "" ? [{ command }] : [`${note}:`, { command }];
  }

  /** A labelled line of talk, fitted to the terminal; what is broken off stands a little further in. */
  #talk(label: string, style: Style, parts: readonly Part[], before = ""): void {
    const shown = parts.map((part) =>
      typeof part === "string" ? printable(part) : { command: printable(part.command) },
    );
    const [first = "", ...more] = wrap([`${label}:`, ...shown], this.#width("err") - before.length, "  ");
    const rest = more.map((line) => `\n${before}${line}`).join("");
    this.#print("err", `${before}${this.#paint(`${label}:`, style, "err")}${first.slice(label.length + 1)}${rest}\n`);
  }

  /** The columns of a terminal; off one nothing is broken. */
  #width(stream: "out" | "err"): number {
    const { columns, errIsTty, outIsTty } = this.#host.terminal;
    return (stream === "out" ? outIsTty : errIsTty) ? fitted(columns) : Number.POSITIVE_INFINITY;
  }

  #print(stream: "out" | "err", text: string): void {
    try {
      this.#host.terminal[stream](text);
    } catch (error) {
      const failure = isErrno(error) ? ioError(error, stream === "out" ? "standard output" : "standard error") : error;
      if (!this.#mayFail || !isErrno(error)) throw failure;
      this.#unprinted ??= failure;
    }
  }

  #mayColor(stream: "out" | "err"): boolean {
    if (this.#color !== "auto") return this.#color === "always";
    const { terminal, env } = this.#host;
    if (isSet(env, "NO_COLOR") || env.TERM === "dumb") return false;
    return stream === "out" ? terminal.outIsTty : terminal.errIsTty;
  }

  #paint(text: string, style: Style | undefined, stream: "out" | "err"): string {
    return style === undefined || !this.colored(stream) ? text : `\u001b[${SGR[style]}m${text}\u001b[0m`;
  }
}

/** The column in which the texts of rows begin. */
const LABEL = 10;

function diffStyle(line: string): Style | undefined {
  if (line.startsWith("--- ") || line.startsWith("+++ ")) return "bold";
  if (line.startsWith("@@")) return "cyan";
  return line.startsWith("+") ? "green" : line.startsWith("-") ? "red" : undefined;
}

/** The warning about entries of the history that cannot be read. */
export function damagedWords(ids: readonly string[]): string {
  return `${plural(ids.length, "entry", "entries")} of the history cannot be read, and cannot be taken back: ${ids.join(", ")}`;
}

/** The warning about entries that a newer codex-cfg wrote. */
export function newerWords(ids: readonly string[]): string {
  return `${plural(ids.length, "entry", "entries")} of the history can be read and taken back by a newer codex-cfg only: ${ids.join(", ")}`;
}

/** The warning about lines of the log of others. */
export function outsideDamagedWords(count: number): string {
  return `${plural(count, "entry", "entries")} about what others did cannot be read; what is kept since is not touched by that`;
}
