/** Findings about model providers: their ids, their tables, and where they send whose login. */
import { oneOf, text, texts } from "../../model/form.ts";
import { host, id, keys, login, near } from "../args.ts";
import { header, listed, row } from "../row.ts";

const table = (id: string) => header("model_providers", id);

export const PROVIDER = {
  "provider-case": row(
    { id, builtIn: text("The built-in id it resembles.") },
    ({ id, builtIn }) =>
      `the provider id ${id} differs from the built-in ${builtIn} only by case; Codex takes them for two different providers`,
  ),
  "reserved-provider": row({ id }, ({ id }) => `${id} is a provider of Codex's own, which refuses a table of that id`),
  "restricted-provider": row(
    { id, keys, allowed: texts("The keys that it may have.") },
    ({ id, keys, allowed }) => `${table(id)} may change ${listed(allowed)} only, not ${listed(keys)}`,
  ),
  "undefined-provider": row(
    { id, near },
    ({ id, near }) => `no provider ${id} is defined${near === null ? "" : `; did you mean ${near}?`}`,
    ({ near }) => (near === null ? [{ note: "see which ones are", argv: ["provider", "list"] }] : []),
  ),
  "removed-provider": row(
    { id, instead: text("The provider that took its place.") },
    ({ id, instead }) => `the provider ${id} is gone; ${instead} took its place`,
  ),
  "provider-name": row({ id }, ({ id }) => `${table(id)} needs a name that is not empty`),
  "wire-api": row(
    { id, allowed: texts("The protocols that this release has.") },
    ({ id, allowed }) => `wire_api of ${table(id)} takes ${listed(allowed)} only`,
  ),
  "provider-auth-conflict": row(
    { id, key: text("The key that cannot stand beside the command.") },
    ({ id, key }) => `${table(id)} has auth, which cannot stand beside ${key}`,
  ),
  "provider-auth-command": row({ id }, ({ id }) => `auth.command of ${table(id)} must not be empty`),
  "provider-aws": row({ id }, ({ id }) => `${table(id)} is none of Amazon's providers, which alone may have aws`),
  "provider-gateway": row(
    { id, reason: oneOf(["source", "command", "client", "base-url", "url", "header"], "What is wrong with it.") },
    ({ id, reason }) =>
      `gateway_oauth of ${table(id)} ${
        {
          source: "names no single source: either credential_export, or authorization_url, token_url and client_id",
          command: "has an empty command",
          client: "needs a client_id that is not empty and a redirect_port that is not 0",
          "base-url": "needs a base_url with https",
          url: "has an address without https",
          header: "goes into the Authorization header, which another setting fills; gateway_oauth.delivery moves it",
        }[reason]
      }`,
  ),
  "provider-file": row(
    { id, key: text("The key that names the file.") },
    ({ id, key }) => `${key} of ${table(id)} must be an absolute path`,
  ),
  "provider-catalog-host": row({ id }, ({ id }) => `model_catalog_url of ${table(id)} must be on a ChatGPT host`),
  "provider-no-token": row(
    { id },
    ({ id }) => `${table(id)} sends no token at all; with requires_openai_auth = true it sends that of your login`,
  ),
  // Since 0.149 a stored key goes to OpenAI alone, unless the table asks for it.
  "provider-gets-no-key": row(
    { id, host },
    ({ id, host }) =>
      `${table(id)} has neither env_key nor requires_openai_auth, so this Codex sends no key to ${host}`,
  ),
  "provider-wrong-service": row(
    { id, host, login },
    ({ id, host, login }) =>
      `${table(id)} sends your ${login === "chatgpt" ? "ChatGPT login" : "API key"} to ${host}, which does not take it; without base_url Codex picks the right address`,
  ),
  "provider-leaks-key": row(
    { id, host, login: oneOf(["chatgpt", "apikey", "unknown"], "The kind of the stored login.") },
    ({ id, host, login }) =>
      `${table(id)} has neither env_key nor a token, so this Codex sends your ${
        { chatgpt: "ChatGPT login", apikey: "stored OpenAI key", unknown: "stored login" }[login]
      } to ${host}, whatever its headers`,
  ),
};
