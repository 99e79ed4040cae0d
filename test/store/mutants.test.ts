/** What `npm run test:faults` takes out of the writer is there to be taken out; a row that fits nothing proves nothing. */
import { expect, test } from "vitest";

type Mutant = { readonly name: string; readonly replace: string };

const place: string = "../faults/mutants.js";
const { MUTANTS, mutate }: { MUTANTS: readonly Mutant[]; mutate: (mutant: Mutant) => string } = await import(place);

test.each(MUTANTS.map((mutant) => [mutant.name, mutant] as const))("%s", (_, mutant) => {
  expect(mutate(mutant)).toContain(mutant.replace);
});
