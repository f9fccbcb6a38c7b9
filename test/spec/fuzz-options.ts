// Owns: how often properties are tried.
// Promises: few runs by default; FUZZ_RUNS digs deeper, FUZZ_SEED repeats a failure.
// Must not: know what is tried.

/** How many cases a property runs; `FUZZ_RUNS=1000` digs deeper. */
export const FUZZ_RUNS = Number(process.env.FUZZ_RUNS ?? 25);

/**
 * What fc.assert gets everywhere. A failure prints its seed, which FUZZ_SEED takes back; there is no shrinking, which
 * takes minutes for a whole spec and tells little more.
 */
export function fuzzOptions(share = 1): { numRuns: number; endOnFailure: true; seed?: number } {
  const seed = process.env.FUZZ_SEED;
  const options = { numRuns: Math.max(1, Math.round(FUZZ_RUNS * share)), endOnFailure: true } as const;
  return seed === undefined ? options : { ...options, seed: Number(seed) };
}
