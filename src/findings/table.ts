/**
 * Every finding, by its code: one row says what it carries, what its sentence is and what helps. Whoever adds one adds a
 * row here and the rule that raises it; types and the public schema follow.
 */
import { CHANGE } from "./table/change.ts";
import { CONFIG } from "./table/config.ts";
import { DOCTOR } from "./table/doctor.ts";
import { PRESET } from "./table/preset.ts";
import { PROFILE } from "./table/profile.ts";
import { PROVIDER } from "./table/provider.ts";
import { SERVER } from "./table/server.ts";
import { SURROUNDINGS } from "./table/surroundings.ts";
import { SYNTAX } from "./table/syntax.ts";

export const FINDINGS = {
  ...PRESET,
  ...CHANGE,
  ...SYNTAX,
  ...CONFIG,
  ...SERVER,
  ...PROVIDER,
  ...PROFILE,
  ...DOCTOR,
  ...SURROUNDINGS,
};
