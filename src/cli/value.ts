/** Where the value of a setting comes from: an argument, standard input, or a person who types it unseen. */
import type { SettingChange } from "../actions/set-settings.ts";
import { settingOf } from "../actions/setting.ts";
import { CfgError } from "../model/error.ts";
import { argvOf } from "../model/hint.ts";
import { isSecretPath } from "../redact/names.ts";
import type { EditContext } from "./context.ts";

/** A value, and whether it is to be taken as it is where the setting takes a string. */
export type GivenValue = { readonly value: string; readonly literal: boolean };

/** More than any setting holds. */
const LIMIT = 1024 * 1024;

/** Throws `usage` for none and for two of them. */
export async function givenValue(
  context: EditContext,
  key: string,
  given: string | undefined,
  stdin: boolean,
): Promise<GivenValue> {
  if (given !== undefined && stdin) throw misuse(key, "the value is given twice: as an argument and by --stdin");
  if (given !== undefined) return { value: given, literal: false };
  if (stdin) return { value: await piped(context, key), literal: true };
  if (!isSecretPath(settingOf(context.home, key, undefined).path, "?")) throw misuse(key, "no value is given");
  if (!context.asks) throw misuse(key, "no value is given, and there is no terminal to ask for it on");
  const typed = await context.host.terminal.ask(`${key} (not shown): `, { hidden: true });
  if (typed === null || typed === "") throw misuse(key, "no value is given");
  return { value: typed, literal: true };
}

/** Without the line end that programs put behind what they print. */
async function piped({ host }: EditContext, key: string): Promise<string> {
  const text = await host.terminal.read(LIMIT);
  if (text === null) throw misuse(key, "standard input holds more than 1 MiB, or no UTF-8 text");
  const value = text.replace(/\r?\n$/, "");
  if (value === "") throw misuse(key, "standard input holds no value");
  return value;
}

function misuse(key: string, reason: string): CfgError {
  return new CfgError("usage", reason, {
    hints: [{ note: "a secret is best read from a file", argv: argvOf("set", [key], ["--stdin"]) }],
  });
}

type Given = {
  readonly value: string | undefined;
  readonly add: string | undefined;
  readonly remove: string | undefined;
};

/** What was typed as the value, and whether it is one item of a list. Throws `usage` where it is more than one of the three. */
export function itemOf({ add, remove, value }: Given): {
  readonly text: string | undefined;
  readonly item: SettingChange["item"];
} {
  const [text, ...more] = [value, add, remove].filter((one) => one !== undefined);
  if (more.length > 0)
    throw new CfgError("usage", "give a value, or --add ITEM, or --remove ITEM", {
      hints: [{ note: "see", argv: ["set", "--help"] }],
    });
  return { text, item: add !== undefined ? "add" : remove !== undefined ? "remove" : undefined };
}
