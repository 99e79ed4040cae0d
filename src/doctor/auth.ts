/** The rules of `auth`: why a service refuses who asks. Pure. */
import { isRefused } from "../codex/environment.ts";
import type { Finding, FindingCode } from "../findings/finding.ts";
import type { Evidence } from "./evidence.ts";
import { signs } from "./log-rows.ts";
import { asked, first, lineOf, note, providerOf, rowsOf, toFix, warning } from "./rows.ts";

/** The findings of `validate` about logins and providers' tables. */
const AUTH: readonly FindingCode[] = [
  "provider-no-token",
  "provider-gets-no-key",
  "provider-wrong-service",
  "provider-leaks-key",
  "deletes-login",
];
/** What providers do with credentials although nothing fails by it. */
const WORTH_KNOWING: readonly FindingCode[] = ["login-to-other-host", "plain-http", "provider-case"];

export function authRows(evidence: Evidence): Finding[] {
  const { around, config, envFile, inEnvFile, login, loginVariables, store } = evidence;
  return [
    ...config.filter(({ code, stops }) => stops !== "load" && AUTH.includes(code)),
    // A gateway takes an API key of its own; the login of a plan is nobody's but OpenAI's.
    ...config.filter(({ code }) => code === "login-to-other-host" && login.mode === "chatgpt"),
    ...unsetVariables(evidence),
    ...envFile,
    ...around.filter(isOfLogin),
    ...signs(evidence, ["unauthorized", "variable-missing"]),
    note({ code: "login-state", args: { mode: login.mode, store } }),
    ...loginVariables.map(({ name, scope }) =>
      note({ code: "login-variable", args: { name: inEnvFile.includes(name) ? `${name} (.env)` : name, scope } }),
    ),
    ...(login.mode === "chatgpt" && login.apiKeyInEnvironment
      ? [note({ code: "api-key-beside-chatgpt", args: {} })]
      : []),
    ...config
      .filter(({ code }) => WORTH_KNOWING.includes(code))
      .filter(({ code }) => code !== "login-to-other-host" || login.mode !== "chatgpt")
      .map((row) => ({ ...row, severity: "info" as const })),
    ...asked(evidence, "auth."),
  ];
}

export function authAction(evidence: Evidence, rows: readonly Finding[]): Finding {
  const { loginVariables, store } = evidence;
  if (rows.some(({ fix }) => fix !== undefined)) return toFix(rows);
  const [unset] = rowsOf(rows, "environment-key-unset");
  if (unset) return setVariable(unset.args.name);
  if (rows.some(({ code }) => code === "keyring-silent")) return first("file-store");
  if (rows.some(({ code }) => code === "damaged-file")) return first("log-in");
  const missing = rowsOf(rows, "log-sign").find(({ args }) => args.sign === "variable-missing");
  if (missing) return setVariable(missing.args.subjects.at(-1) ?? "");
  const [pitfall] = [...rowsOf(rows, "provider-leaks-key"), ...rowsOf(rows, "deletes-login")];
  if (pitfall) return first("validate", lineOf(pitfall));
  const refused = rowsOf(rows, "log-sign").some(({ args }) => args.sign === "unauthorized");
  const plain = providerOf(evidence);
  if (refused && plain?.key) return first("check-key", plain.key);
  if (refused && plain && !plain.hasToken) return first("give-key", plain.id);
  const [other] = loginVariables;
  if (other && rows.some(({ severity }) => severity !== "info")) return first("drop-variable", other.name);
  if (!rows.some(({ severity }) => severity !== "info")) return first("watch");
  return first(store === "file" ? "log-in" : "log-in-keyring", store);
}

export function isOfLogin({ args, code }: Finding): boolean {
  return code === "keyring-silent" || (code === "damaged-file" && args.file === "auth.json");
}

/** `.env` reaches every kind of Codex, but not every name can be set there. */
function setVariable(name: string): Finding {
  return first(isRefused(name) ? "export-variable" : "set-variable", name);
}

/** Variables that the keys of providers in use come from; a provider that no start chooses needs none. */
function unsetVariables({ config, providers }: Evidence): Finding[] {
  const unset = rowsOf(config, "environment-key-unset").filter(({ path }) =>
    providers.some(({ id }) => id === path?.[1]),
  );
  const names = new Set(unset.map(({ args }) => args.name));
  return [...names].map((name) => warning({ code: "environment-key-unset", args: { name } }));
}
