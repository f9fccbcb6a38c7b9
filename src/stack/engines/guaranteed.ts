// Owns: amounts with which a datastore has the quality of service Guaranteed.
// Promises: requests equal limits, so that a datastore is the last to be evicted.
// Must not: say how much an engine needs.

export function guaranteed(cpu: string, memory: string, ephemeralStorage = "256Mi") {
  const amounts = { cpu, memory, "ephemeral-storage": ephemeralStorage };
  return { resources: { requests: amounts, limits: amounts } };
}
