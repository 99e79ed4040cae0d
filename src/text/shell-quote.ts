/** One word of a shell's command line, quoted where a shell would read it otherwise. Knows POSIX shells. */
export function word(text: string): string {
  return /^(?!=)[\w@%+:,./=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
