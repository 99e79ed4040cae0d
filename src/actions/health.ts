/** Whether a home does what it is there for, in one line: it loads, which provider answers and how, who has changed it. */
import { checkHome } from "../check/check-home.ts";
import { configFiles } from "../doctor/config-files.ts";
import { providersInUse } from "../doctor/providers-in-use.ts";
import type { Home } from "../home.ts";
import { clientEnvironment } from "../machine/environment.ts";
import { checkCall } from "../model/wish.ts";

export type HomeHealth = {
  /** Whether Codex starts with it, as far as `validate` can tell. */
  readonly loads: boolean;
  readonly errors: number;
  readonly warnings: number;
  /** What a plain start uses; null where the config cannot be read. */
  readonly provider: string | null;
  readonly transport: "websocket" | "http" | null;
  /** The profile that counts for every start; null for none. */
  readonly profile: string | null;
};

/** The health of a home. Tries no address and starts nothing. Throws what reading the home throws. */
export async function health(home: Home): Promise<HomeHealth> {
  checkCall("health", home, {}, {});
  const { codex, dir, host, snapshot } = home;
  const { findings, loads } = await checkHome(home, snapshot);
  const { files } = configFiles(home, snapshot);
  const config = snapshot.parsed("config");
  const profile = config && codex.layout.selected(config);
  const nobody = async () => false;
  const providers = await providersInUse(home, files, clientEnvironment(host, dir), nobody);
  const used =
    providers.find((one) => one.profile !== null && one.profile === profile) ??
    providers.find((one) => one.profile === null);
  const count = (severity: string) => findings.filter((one) => one.severity === severity).length;
  return {
    loads,
    errors: count("error"),
    warnings: count("warning"),
    provider: config && used ? used.id : null,
    transport: config && used ? (used.websocket ? "websocket" : "http") : null,
    profile,
  };
}
