/**
 * How much of the long suites runs: all of it, or what fits into `--minutes N`, drawn by a seed that is printed. The runners
 * read the command line here; the suites, in other processes, find what was said in the environment.
 */

/** How a suite's dice fall: `usual` unless `--seed N` says otherwise. */
export const seed = (usual = 1) => Number(process.env.SUITE_SEED ?? usual);

/** 1 is all of it; more where there is more time than all of it takes. */
const share = () => Number(process.env.SUITE_SHARE ?? 1);
export const isSample = share() < 1;

/** So many out of `all`. */
export const some = (all) => Math.max(1, Math.round(all * share()));

/** Whether something of this name is in the sample; each is in one sooner or later. */
export function isDrawn(name) {
  let hash = seed() | 0;
  for (const letter of `${name} ${hash}`) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32 < share();
}

/**
 * Takes `--minutes N` and `--seed N` off a runner's command line, for itself and for the processes it starts; all of it
 * takes `full` minutes. What is left are the words that are its own.
 */
export function readArguments(argv, full) {
  const words = [...argv];
  const take = (name) => {
    const at = words.indexOf(name);
    if (at < 0) return undefined;
    const [, text] = words.splice(at, 2);
    if (!(Number(text) > 0)) throw new Error(`${name} takes a number, not ${text}`);
    return Number(text);
  };
  const [minutes, wanted] = [take("--minutes"), take("--seed")];
  // Another sample each time, and all of it the same each time.
  const drawn = wanted ?? (minutes === undefined ? undefined : 1 + Math.floor(Math.random() * 1e6));
  if (drawn !== undefined) process.env.SUITE_SEED = String(drawn);
  process.env.SUITE_SHARE = String(minutes === undefined ? 1 : minutes / full);
  return { words, said: `seed ${drawn ?? "as usual"}, share ${Math.round(100 * share())} %` };
}
