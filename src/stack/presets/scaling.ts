// Owns: how fast autoscaling moves where the spec says nothing.
// Promises: quick up, slow down; figures of the Kubernetes docs ("Configurable scaling behavior") and of KEDA's defaults.
// Must not: know services.

/** A burst of a few seconds does not count; then at most double, or four pods, a minute. */
export const PACE_UP = { windowSeconds: 30, percent: 100, pods: 4, periodSeconds: 60 } as const;

/** Five quiet minutes, then a quarter of the pods a minute at most. */
export const PACE_DOWN = { windowSeconds: 300, percent: 25, pods: 2, periodSeconds: 60 } as const;

/** KEDA's own defaults: it looks every half minute, and waits five before it scales to zero. */
export const KEDA_POLLING = "30s";
export const KEDA_COOLDOWN = "5m";

/** Failures in a row after which KEDA stops believing a trigger and goes to the fallback. */
export const FALLBACK_FAILURES = 3;

/** Smallest requests that the vertical autoscaler may set. */
export const VERTICAL_MIN = { cpu: "10m", memory: "32Mi" } as const;
