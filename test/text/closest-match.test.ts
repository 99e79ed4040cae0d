/** Names near a mistyped one: slips of the pen and parts, never just any short name. */
import { expect, test } from "vitest";
import { nearestNames } from "../../src/text/closest-match.ts";

const KNOWN = ["docs", "openai", "gcp", "azure-prod", "apps"];

test.each([
  ["dcos", ["docs"]],
  ["OPNAI", ["openai"]],
  ["azure", ["azure-prod"]],
  ["gpc", []],
  ["gc", ["gcp"]],
  ["a", []],
  ["", []],
])("%j is near to %j", (name, near) => {
  expect(nearestNames(name, KNOWN)).toEqual(near);
});
