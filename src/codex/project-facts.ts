/** What changed between releases of Codex in how it reads the configs of projects, as data like `facts.ts`. */
import type { Growing, Since } from "./facts.ts";

/** A project's `.codex/config.toml` is read. */
export const PROJECT_CONFIG: Since<boolean> = [
  ["0.0.0", false],
  ["0.87.0", true],
];

/** Only that of a trusted one; 0.87.0 reads any, whatever `[projects]` says. */
export const PROJECT_TRUST: Since<boolean> = [
  ["0.0.0", false],
  ["0.89.0", true],
];

/** Trust in a repository's main checkout is trust in its worktrees (seen in 0.113.0, not in 0.107.0). */
export const CHECKOUT_TRUST: Since<boolean> = [
  ["0.0.0", false],
  ["0.113.0", true],
];

/** A folder `.git` counts with a HEAD in it only, a worktree when the main checkout knows it (not yet in 0.148.0). */
export const GIT_CHECKED: Since<boolean> = [
  ["0.0.0", false],
  ["0.150.1", true],
];

/** `[projects]` of the managed file has a say in trust, too (not yet in 0.148.0). */
export const MANAGED_TRUST: Since<boolean> = [
  ["0.0.0", false],
  ["0.150.1", true],
];

/** Root keys that a project's config cannot set (each list seen in the release it begins with). */
export const PROJECT_IGNORES: Growing = [
  [
    "0.129.0",
    "apps_mcp_product_sku chatgpt_base_url experimental_realtime_ws_base_url model_provider model_providers notify openai_base_url otel profile profiles",
  ],
  ["0.155.0", "experimental_realtime_webrtc_call_base_url responses_api_metadata"],
];
