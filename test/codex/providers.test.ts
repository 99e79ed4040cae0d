import { describe, expect, test } from "vitest";
import { isOpenAiAddress, serviceAt } from "../../src/codex/providers.ts";

describe("what answers at an address", () => {
  test.each([
    ["https://api.openai.com/v1", "api"],
    ["https://chatgpt.com/backend-api/codex", "chatgpt"],
    ["https://eu.chatgpt.com/backend-api/codex", "chatgpt"],
    ["https://chatgpt.com.evil.example/", "other"],
    ["http://127.0.0.1:4000/v1", "loopback"],
    ["http://[::1]:4000/v1", "loopback"],
    ["http://127.evil.example/v1", "other"],
    ["ftp://api.openai.com", null],
    ["nonsense", null],
  ])("%s is %s", (address, service) => {
    expect(serviceAt(address)).toBe(service);
  });

  test.each([
    ["https://api.openai.com/v1", true],
    ["https://api.openai.com/v1//", true],
    ["https://chatgpt.com/backend-api/codex", true],
    ["https://api.openai.com/v2", false],
    ["https://gateway.example/v1", false],
  ])("%s is one of OpenAI's own as recipes write them: %s", (address, own) => {
    expect(isOpenAiAddress(address)).toBe(own);
  });
});
