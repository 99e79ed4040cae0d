export const MUTANTS = [];
export function mutation() {
  return [];
}
