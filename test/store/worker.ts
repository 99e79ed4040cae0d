/** One of many processes that edit the same home at the same time: adds lines, each in a commit of its own. */

import { realHost } from "../../src/host/node/host.ts";
import { CfgError } from "../../src/model/error.ts";
import { appending, label, open } from "./world.ts";

const [home = "", lane = "", count = "0"] = process.argv.slice(2);
const store = open(realHost(), home);
for (let n = 0; n < Number(count); n++) {
  const files = ["config", "profile:work"] as const;
  const { plan, rebase } = appending(`l${lane}_${n} = 1`, ...files);
  const entry = patiently(() =>
    store.commit(plan(new Map(files.map((file) => [file, store.read(file).text]))), label, rebase),
  );
  // Acknowledged: from here on the line may not be lost.
  if (entry !== null) process.stdout.write(`l${lane}_${n} = 1\n`);
}

/** A slow machine may keep a lane waiting beyond the store's own patience: that is a refusal by name, not a loss. */
function patiently<T>(commit: () => T): T {
  for (;;) {
    try {
      return commit();
    } catch (error) {
      if (!(error instanceof CfgError) || error.code !== "locked") throw error;
    }
  }
}
