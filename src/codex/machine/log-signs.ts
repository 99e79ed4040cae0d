/**
 * What lines of Codex's logs tell. Each pattern was seen in the logs of the releases named beside it; its first group,
 * where there is one, is what the line is about. The first pattern that fits counts.
 */
import type { LogSign } from "../../finding.ts";

export const LOG_SIGNS: readonly { readonly sign: LogSign; readonly pattern: RegExp; readonly seen: string }[] = [
  {
    sign: "certificate",
    pattern: /invalid peer certificate|Failed to read CA certificate file|WebSocket stage=Tls\b/,
    seen: "0.134.0 to 0.169.0, behind a proxy that ends TLS itself",
  },
  {
    sign: "unauthorized",
    pattern: /unexpected status (401|403)\b|Access blocked by Cloudflare/,
    seen: "0.117.0 to 0.169.0",
  },
  {
    sign: "overloaded",
    pattern: /experiencing high demand|last status: (429)\b|unexpected status (?:429|5\d\d)\b(?!.*url: wss?:)/,
    seen: "0.169.0",
  },
  { sign: "stream-idle", pattern: /idle timeout waiting for (SSE|websocket)/, seen: "0.169.0" },
  {
    sign: "websocket-lost",
    pattern: /retrying sampling request.*(?:url: wss?:|websocket|os error 1(?:04|11)|request timed out)/i,
    seen: "0.155.0, 0.169.0",
  },
  // Up to 0.145 the line does not say why.
  { sign: "retry", pattern: /retrying sampling request|Reconnecting\.\.\. \d/, seen: "0.117.0 to 0.169.0" },
  { sign: "no-network", pattern: /stream connection failed; waiting to retry/, seen: "0.169.0" },
  { sign: "fallback", pattern: /falling back (?:to HTTP|from WebSockets)/i, seen: "0.117.0 to 0.169.0" },
  {
    sign: "websocket-refused",
    pattern: /failed to connect to (?:Responses WebSocket|websocket)|startup websocket prewarm setup failed/,
    seen: "0.117.0 to 0.169.0",
  },
  { sign: "variable-missing", pattern: /Missing environment variable: `(\w+)`/, seen: "0.117.0 to 0.169.0" },
  {
    sign: "server-failed",
    // Codex's own server for apps is nothing that the config could mend.
    pattern: /MCP server startup failed server_name="(?!codex_apps")([^"]+)"|MCP client for `([^`]+)` (?:timed|failed)/,
    seen: "0.155.0, 0.169.0",
  },
  { sign: "database-locked", pattern: /database is locked/, seen: "the words of SQLite itself" },
];
