/** How `[hooks.state]` names the first hook of an event; `{home}` stands for the home's path. */
export function hookKey(file: string, event: string): string {
  return `[hooks.state."{home}/${file}:${event}:0:0"]`;
}
