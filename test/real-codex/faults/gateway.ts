/** The config of somebody with a gateway of one's own, with waits as short as its settings allow. */
import { QUIET } from "../homes.ts";

export function gateway(url: string, more = "", key = "requires_openai_auth = true"): string {
  const waits = "request_max_retries = 1\nstream_max_retries = 2\nwebsocket_connect_timeout_ms = 500";
  return `model_provider = "gw"\n${QUIET}\n[features]\n\n[model_providers.gw]\nname = "gw"\nbase_url = "${url}"\n${waits}\n${key}\n${more}\n`;
}
