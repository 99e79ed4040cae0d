// The configs that are measured: what somebody has who has used Codex for a while, in any size.

/** TOML text of at least so many characters. */
export function configOf(characters) {
  const parts = ['# My settings\nmodel = "gpt-5.5"\nmodel_reasoning_effort = "high"\napproval_policy = "on-request"\n'];
  for (let i = 0, length = 0; length < characters; i++) {
    const server = `\n[mcp_servers.server_${i}]\ncommand = "npx"\nargs = ["-y", "some-server-${i}"] # pinned\n`;
    const part = `${server}startup_timeout_sec = 20\n\n[projects."/srv/project-${i}"]\ntrust_level = "trusted"\n`;
    parts.push(part);
    length += part.length;
  }
  return parts.join("");
}

const sorted = (numbers) => [...numbers].sort((a, b) => a - b);
export const quantile = (numbers, q) => sorted(numbers)[Math.round((numbers.length - 1) * q)];
export const median = (numbers) => quantile(numbers, 0.5);
