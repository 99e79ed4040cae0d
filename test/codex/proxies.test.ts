/** Which proxy a request takes: each case was measured with 0.134.0 and 0.171.0 behind a proxy that remembers. */
import { expect, test } from "vitest";
import { proxyFor } from "../../src/codex/proxies.ts";

const NEAR = "http://127.0.0.1:4000/v1";
const FAR = "https://api.openai.com/v1";
const P = "http://proxy.example:3128";

test.each<[string, Record<string, string>, string, string | null]>([
  ["none is set", {}, FAR, null],
  ["an address of this machine takes it, too", { HTTP_PROXY: P }, NEAR, "HTTP_PROXY"],
  ["by the lower-case name", { http_proxy: P }, NEAR, "http_proxy"],
  ["the upper-case name wins", { http_proxy: P, HTTP_PROXY: P }, NEAR, "HTTP_PROXY"],
  ["the one for all", { ALL_PROXY: P }, NEAR, "ALL_PROXY"],
  ["the one for its scheme before it", { ALL_PROXY: P, HTTPS_PROXY: P }, FAR, "HTTPS_PROXY"],
  ["that of the other scheme is none", { HTTPS_PROXY: P }, NEAR, null],
  ["an empty one is none", { HTTP_PROXY: "" }, NEAR, null],
  ["NO_PROXY names the host", { HTTP_PROXY: P, NO_PROXY: "localhost, 127.0.0.1" }, NEAR, null],
  ["NO_PROXY names a range", { HTTP_PROXY: P, NO_PROXY: "127.0.0.0/8" }, NEAR, null],
  ["NO_PROXY names another range", { HTTP_PROXY: P, NO_PROXY: "10.0.0.0/8" }, NEAR, "HTTP_PROXY"],
  ["NO_PROXY names the domain", { HTTPS_PROXY: P, no_proxy: ".openai.com" }, FAR, null],
  ["NO_PROXY names a part of the name", { HTTPS_PROXY: P, NO_PROXY: "nai.com" }, FAR, "HTTPS_PROXY"],
  ["requests do not heed a star", { HTTP_PROXY: P, NO_PROXY: "*" }, NEAR, "HTTP_PROXY"],
  ["what is no address takes none", { HTTP_PROXY: P }, "relay/v1", null],
])("%s", (_, variables, address, name) => {
  expect(proxyFor(variables, address)).toBe(name);
});
