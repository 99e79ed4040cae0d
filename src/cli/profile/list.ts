/** How `codex-cfg profile list` shows the profiles. */
import { listProfiles } from "../../actions/profile/list.ts";
import type { Context } from "../context.ts";
import { codexJson, findingsJson } from "../json.ts";
import { table } from "../table.ts";

export async function list({ home, output }: Context): Promise<number> {
  const { findings, plain, profiles } = await listProfiles(home);
  const rows = [{ name: "(no profile)", where: "config.toml", inForce: false, ...plain }, ...profiles].map((one) => [
    `${one.inForce ? "*" : " "} ${one.name}`,
    one.where,
    one.model ?? "-",
    one.provider === null ? "-" : `${one.provider}${one.transport === null ? "" : ` (${one.transport})`}`,
    one.loads ? "loads" : "does not load",
  ]);
  for (const line of table(rows)) output.data(line);
  if (profiles.length === 0) output.say(`no profiles; make one: ${output.command(["profile", "new", "NAME"])}`);
  output.findings(findings);
  output.document("profile-list", {
    codexHome: home.dir,
    codex: codexJson(home.codex),
    plain,
    profiles,
    findings: findingsJson(findings, output),
  });
  return 0;
}
