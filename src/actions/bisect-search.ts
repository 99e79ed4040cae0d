/**
 * Finds the MCP servers that make something fail, by halving. It has no state of its own: every answer is kept with the set
 * of servers it was given for, and each step runs the whole search again over these answers. Pure. Assumes that what
 * fails with some servers on still fails with more of them on.
 */

/** Whether it failed with exactly these servers on. */
export type Answer = { readonly on: readonly string[]; readonly fails: boolean };

export type Verdict =
  /** These servers together make it fail; each of them is needed for that. */
  | { readonly kind: "found"; readonly servers: readonly string[] }
  /** It fails with all of them off. */
  | { readonly kind: "no-server" }
  /** It does not fail with all of them on. */
  | { readonly kind: "no-failure" };

/** What to try next. `left`: how many tries remain at most, this one included, if a single server is the cause. */
export type Test = { readonly kind: "test"; readonly on: readonly string[]; readonly left: number };

/** With `verify` all servers off is tried before the halving; without, only when the halving leads there. */
export function nextStep(servers: readonly string[], answers: readonly Answer[], verify = false): Test | Verdict {
  const known = new Map(answers.map(({ on, fails }) => [keyOf(on), fails]));
  const steps = search(servers, verify || known.has(keyOf([])));
  for (let step = steps.next(); ; ) {
    if (step.done) return step.value;
    const { on, left } = step.value;
    const answer = known.get(keyOf(on));
    if (answer === undefined) return { kind: "test", on: servers.filter((name) => on.includes(name)), left };
    step = steps.next(answer);
  }
}

/*
 *   pool     a b c d e f g h      with the first `works` of the pool on it works, with the first `fails` on it fails
 *            |---works      |     each halving moves one of the two; when they meet, the last server switched on is a
 *            |-----------fails    cause; if it does not fail alone, the search goes on before it, with that server on
 */
function* search(servers: readonly string[], verify: boolean): Generator<Omit<Test, "kind">, Verdict, boolean> {
  const halvings = Math.ceil(Math.log2(Math.max(1, servers.length)));
  if (!(yield { on: servers, left: halvings + 3 })) return { kind: "no-failure" };
  if (verify && (yield { on: [], left: halvings + 2 })) return { kind: "no-server" };
  let culprits: readonly string[] = [];
  for (let pool = servers; ; ) {
    let works = 0;
    let fails = pool.length;
    while (fails - works > 1) {
      const middle = (works + fails) >> 1;
      const left = Math.ceil(Math.log2(fails - works)) + 1;
      if (yield { on: [...pool.slice(0, middle), ...culprits], left }) fails = middle;
      else works = middle;
    }
    if (works === 0 && culprits.length === 0 && (yield { on: [], left: 1 })) return { kind: "no-server" };
    culprits = [...pool.slice(fails - 1, fails), ...culprits];
    pool = pool.slice(0, fails - 1);
    if (pool.length === 0 || (yield { on: culprits, left: 1 })) return { kind: "found", servers: culprits };
  }
}

function keyOf(on: readonly string[]): string {
  return JSON.stringify([...on].sort());
}
