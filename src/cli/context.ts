/**
 * What every command is given: the host, the global options, the home (opened when first asked for) and the output; and
 * what a command is given that may change the home, which alone can commit.
 */
import { interruptedChanges } from "../check/interrupted.ts";
import type { Finding } from "../findings/finding.ts";
import { type Home, openHome } from "../home.ts";
import type { Host } from "../host/host.ts";
import type { Entry } from "../model/change.ts";
import { CfgError } from "../model/error.ts";
import type { Plan } from "../plan/plan.ts";
import { fitted, wrapLines } from "../text/wrap.ts";
import { type ColorWhen, Output } from "./output.ts";

export type Globals = {
  readonly codexHome?: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
  readonly reveal?: boolean;
  readonly codexVersion?: string;
  readonly preflight: boolean;
  readonly record: boolean;
  readonly color: ColorWhen;
};

/** What a command hands its work to; the number is the exit code. `more` overrides global options. */
type RunWith<One extends Context> = (work: (context: One) => Promise<number>, more?: Partial<Globals>) => Promise<void>;

export type Run = RunWith<Context> & {
  /** For a command that tells what was done to the home: what others did meanwhile is entered before it looks. */
  readonly look: RunWith<Context>;
  /** For a command that may change the home: what was interrupted is finished before it looks. */
  readonly edit: RunWith<EditContext>;
};

export class Context {
  readonly host: Host;
  readonly globals: Globals;
  readonly output: Output;
  #home: Home | undefined;

  constructor(host: Host, globals: Globals) {
    this.host = host;
    this.globals = globals;
    if (globals.reveal) checkReveal(host, globals);
    this.output = new Output(host, globals);
  }

  /** Whether to ask: on a terminal, unless an option forbids it. */
  get asks(): boolean {
    return this.host.terminal.interactive && !this.globals.yes && !this.globals.json;
  }

  /** Asks a person for a yes; whatever else is typed is a no, but for Enter alone where that is to be one. */
  async agrees(question: string, { yesByEnter = false } = {}): Promise<boolean> {
    const { terminal } = this.host;
    const asked = `${question} ${yesByEnter ? "[Y/n]" : "[y/N]"} `;
    // Where it is too long for one line, what is asked stands on a line of its own.
    const lines =
      asked.length <= terminal.columns
        ? asked
        : wrapLines(asked.replace(/\. (?=[A-Z])/, ".\n"), fitted(terminal.columns), "");
    const answer = await terminal.ask(lines);
    return (yesByEnter && answer?.trim() === "") || /^\s*y(es)?\s*$/i.test(answer ?? "");
  }

  get home(): Home {
    const { codexHome: dir, codexVersion, dryRun: readOnly, record } = this.globals;
    const onWait = (holder: string) => this.output.say(`waiting for another codex-cfg command: ${holder}`);
    this.#home ??= openHome(this.host, { dir, codexVersion, readOnly, record, onWait });
    return this.#home;
  }

  /**
   * Says of an opened home that it is not there, because what a mistyped name leads to would look like an empty one; and
   * that it is half changed, unless the command has said so.
   */
  sayOddities(): void {
    if (this.#home === undefined) return;
    if (!this.globals.dryRun && !this.#home.exists)
      this.output.say(`there is no ${this.#home.dir} yet; it counts as an empty Codex home`);
    if (!this.output.hasTold("interrupted-change")) this.output.findings(interruptedChanges(this.#home, "warning"));
  }
}

/** What a program reads, or a file keeps, must not have secrets in it. Throws `usage`. */
function checkReveal({ terminal }: Host, { json }: Globals): void {
  if (!json && terminal.outIsTty) return;
  const reason = json
    ? "--reveal does not go with --json"
    : "--reveal shows secrets on a terminal only, and this is none";
  throw new CfgError("usage", reason, { hints: [{ note: "without it they are masked; see", argv: ["--help"] }] });
}

/** What a command is given that tells what was done to the home. */
export class LookContext extends Context {
  #hasRecorded = false;

  override get home(): Home {
    const home = super.home;
    if (!this.#hasRecorded) home.recordOnTheWay();
    this.#hasRecorded = true;
    return home;
  }
}

/** What a command is given that may change the home. */
export class EditContext extends Context {
  #isRecovered = false;
  #told = 0;

  /** The home, when what a dead process left there has been finished; a dry run leaves it, and says so. */
  override get home(): Home {
    const home = super.home;
    if (this.#isRecovered || this.globals.dryRun) return home;
    try {
      home.recover();
      home.recordOnTheWay();
      this.#isRecovered = true;
    } finally {
      this.#tellRecovered(home);
    }
    return home;
  }

  /** What was recovered so far, as findings. */
  get recovered(): readonly Finding[] {
    return recoveredIn(super.home);
  }

  /** Makes a plan's changes; from then on a full disk or a closed pipe behind the output stops nothing any more. */
  commit(plan: Plan): Entry | null {
    const { home } = this;
    try {
      const entry = home.commit(plan);
      if (entry !== null) this.output.changeMade();
      return entry;
    } finally {
      this.#tellRecovered(home);
    }
  }

  #tellRecovered(home: Home): void {
    const found = recoveredIn(home);
    this.output.findings(found.slice(this.#told));
    this.#told = found.length;
  }
}

function recoveredIn({ recoveries }: Home): readonly Finding[] {
  return recoveries.map(({ id, outcome }) => ({ code: "recovered", severity: "info", args: { id, outcome } }));
}
