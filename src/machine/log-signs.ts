/**
 * What lines of Codex's logs tell. Each pattern was seen in the logs of the releases named above it; its first group,
 * where there is one, is what the line is about. The first pattern that fits counts.
 */
import type { LogSign } from "../findings/finding.ts";

export const LOG_SIGNS: readonly { readonly sign: LogSign; readonly pattern: RegExp }[] = [
  // 0.134.0 to 0.169.0, behind a proxy that ends TLS itself.
  {
    sign: "certificate",
    pattern: /invalid peer certificate|Failed to read CA certificate file|WebSocket stage=Tls\b/,
  },
  // 0.117.0 to 0.169.0.
  { sign: "unauthorized", pattern: /unexpected status (401|403)\b|Access blocked by Cloudflare/ },
  // 0.169.0.
  {
    sign: "overloaded",
    pattern: /experiencing high demand|last status: (429)\b|unexpected status (?:429|5\d\d)\b(?!.*url: wss?:)/,
  },
  // 0.169.0.
  { sign: "stream-idle", pattern: /idle timeout waiting for (SSE|websocket)/ },
  // 0.155.0 and 0.169.0.
  {
    sign: "websocket-lost",
    pattern: /retrying sampling request.*(?:url: wss?:|websocket|os error 1(?:04|11)|request timed out)/i,
  },
  // 0.117.0 to 0.169.0; up to 0.145 the line does not say why.
  { sign: "retry", pattern: /retrying sampling request|Reconnecting\.\.\. \d/ },
  // 0.169.0.
  { sign: "no-network", pattern: /stream connection failed; waiting to retry/ },
  // 0.117.0 to 0.169.0.
  { sign: "fallback", pattern: /falling back (?:to HTTP|from WebSockets)/i },
  // 0.117.0 to 0.169.0.
  {
    sign: "websocket-refused",
    pattern: /failed to connect to (?:Responses WebSocket|websocket)|startup websocket prewarm setup failed/,
  },
  // 0.117.0 to 0.169.0.
  { sign: "variable-missing", pattern: /Missing environment variable: `(\w+)`/ },
  // 0.155.0 and 0.169.0; Codex's own server for apps is nothing that the config could mend.
  {
    sign: "server-failed",
    pattern: /MCP server startup failed server_name="(?!codex_apps)([^"]+)"|MCP client for `([^`]+)` (?:timed|failed)/,
  },
  // The words of SQLite itself.
  { sign: "database-locked", pattern: /database is locked/ },
];
