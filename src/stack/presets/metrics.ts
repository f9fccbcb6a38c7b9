// Owns: series that are not worth their price, by what exports them.
// Promises: names that exist (test/evidence/metrics), each with the reason; dropped before they are stored.
// Must not: drop what an alert, a recording rule or a dashboard asks for; a test holds that.

export interface DroppedMetrics {
  /** Regular expression over the whole series name. */
  readonly regex: string;
  readonly reason: string;
}

/** By runtime of a service. */
export const RUNTIME_DROPS: Readonly<Record<string, readonly DroppedMetrics[]>> = {
  "spring-boot": [
    {
      regex: "lettuce_command_(completion|firstresponse)_seconds_(count|sum|max)",
      reason: "its label `local` is a new port with every connection",
    },
    {
      regex: "http_server_requests_active_seconds_.+",
      reason: "requests under way are seen well enough by their durations",
    },
  ],
  nodejs: [
    {
      regex: "nodejs_(active_handles|active_requests|active_resources)",
      reason: "one series per type; the totals stay",
    },
  ],
  go: [{ regex: "go_memstats_(mspan|mcache|buck_hash|gc|other)_.+", reason: "internals of the allocator" }],
};
