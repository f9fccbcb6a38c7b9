// Owns: where to change what the workload capability makes.
// Promises: the same words beside every file.
// Must not: know the files.

export function changeOf(service: string): string {
  return `services.${service} in prod-stack.yaml; for one environment also overlays/ENV/kustomization.yaml`;
}
