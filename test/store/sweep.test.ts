/** Dies or fails at every single call of a commit: the answer is always all before or all after. `test:faults` goes on from here. */
import { expect, test } from "vitest";
import { apply, half, linked, REBOOTED, recovered, remains, revert, run, sideOf } from "./stories.ts";

for (const [name, build] of Object.entries({ apply, revert, linked })) {
  test(`${name}: death at any call is all or nothing`, () => {
    const story = build();
    const seen = new Set<string>();
    let k = 1;
    for (let crashed = run(story, k, "die-after"); crashed; crashed = run(story, ++k, "die-after")) {
      expect(crashed.code).toBe("Crash");
      seen.add(recovered(crashed.disk, story));
    }
    expect([k > 30, [...seen].sort()]).toEqual([true, ["after", "before"]]);
  });

  test(`${name}: an error at any call is reported, and what is reported is true`, () => {
    const story = build();
    const errno = { errno: "EIO" };
    let k = 1;
    for (let failed = run(story, k, errno, { any: true }); failed; failed = run(story, ++k, errno, { any: true })) {
      const now = sideOf(failed.disk, story);
      if (failed.code === "none") expect(now).toBe("after");
      else if (failed.code !== "unconfirmed") expect(now).toBe("before");
      recovered(failed.disk, story);
    }
    expect(k).toBeGreaterThan(60);
  });

  test(`${name}: power loss after an error at any call leaves all or nothing, and nothing else`, () => {
    const story = build();
    let lost = 0;
    let k = 1;
    for (let failed = run(story, k, { errno: "EIO" }); failed; failed = run(story, ++k, { errno: "EIO" })) {
      for (const left of remains(failed.disk, [half])) {
        const side = recovered(left, story, REBOOTED);
        if (failed.code === "none") expect(side).toBe("after");
        lost += 1;
      }
    }
    expect(lost).toBeGreaterThan(100);
  });
}
