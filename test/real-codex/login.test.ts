/**
 * Which service the client would ask, read from its own words: nothing of it ever leaves this machine. Without
 * `--base-url` this must follow the login, since each of the two services refuses the credentials of the other.
 */
import { describe, expect, it } from "vitest";
import { ask, cfg, codex, succeeded } from "./client.ts";
import { AUTH, chatGptAuth, copyOf, put, QUIET, scratchHome } from "./homes.ts";
import { MILESTONES, type Version } from "./install.ts";

describe.each(MILESTONES)("after apply http-sse, codex %s", (version) => {
  it.each([
    { login: "an API key", auth: AUTH, service: "https://api.openai.com" },
    { login: "a ChatGPT plan", auth: chatGptAuth(), service: "https://chatgpt.com" },
  ])("goes to the service that takes the login: $login", async ({ auth, service }) => {
    const home = scratchHome({ "config.toml": QUIET, "auth.json": auth });
    const apply = ["apply", "http-sse", "--scope", "default", "-y"];
    succeeded(await cfg(apply, { home, codexVersionOnPath: version }));
    expect(await serviceOf(version, copyOf(home))).toBe(service);
  });
});

describe("the reading of the service", () => {
  it.each(MILESTONES)("tells a table that fixes the wrong one: codex %s", async (version) => {
    const table = '[model_providers.openai-http]\nname = "OpenAI"\nrequires_openai_auth = true\n';
    const home = scratchHome({ "auth.json": chatGptAuth() });
    const fixed = 'base_url = "https://api.openai.com/v1"\n';
    put(`${home}/config.toml`, `model_provider = "openai-http"\n${QUIET}\n${table}wire_api = "responses"\n${fixed}`);
    expect(await serviceOf(version, home)).toBe("https://api.openai.com");
  });
});

/** The older clients name the URL they could not reach; the newest keeps it to its `doctor`, which others have wrong. */
async function serviceOf(version: Version, home: string): Promise<string> {
  if (version === "0.169.0") {
    const report = JSON.parse((await codex(version, ["doctor", "--json"], { home })).stdout);
    const details: Record<string, string> = report.checks["network.provider_reachability"].details;
    return origin(Object.entries(details).find(([name]) => name.endsWith("inference URL"))?.[1]);
  }
  const once = ["stream_max_retries", "request_max_retries"].flatMap((key) => [
    "-c",
    `model_providers.openai-http.${key}=0`,
  ]);
  const { stderr } = await ask(version, once, home);
  return origin(/for url \((\S+\/responses)\)/.exec(stderr)?.[1]);
}

function origin(url: string | undefined): string {
  return url === undefined ? "(not told)" : new URL(url.split(" ", 1)[0] ?? "").origin;
}
