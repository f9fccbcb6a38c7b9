// Owns: by what each cloud marks its spot nodes.
// Promises: labels and taints as the clouds document them.
// Must not: know services.

export interface SpotNodes {
  readonly label: { readonly key: string; readonly value: string };
  /** Undefined where the nodes have no taint unless somebody adds one. */
  readonly taint: { readonly key: string; readonly value: string; readonly effect: string } | undefined;
  /** How long a pod has, at most, between the warning and the end. */
  readonly notice: string;
}

export const SPOT_NODES: Readonly<Record<"gke" | "karpenter" | "eks" | "aks", SpotNodes>> = {
  // cloud.google.com/kubernetes-engine/docs/concepts/spot-vms: label on every Spot node; the taint is the one that its
  // pages have people add, and that Autopilot and node auto-provisioning use.
  gke: {
    label: { key: "cloud.google.com/gke-spot", value: "true" },
    taint: { key: "cloud.google.com/gke-spot", value: "true", effect: "NoSchedule" },
    notice: "15 seconds",
  },
  // karpenter.sh/docs/concepts/scheduling, "Well-Known Labels".
  karpenter: {
    label: { key: "karpenter.sh/capacity-type", value: "spot" },
    taint: undefined,
    notice: "2 minutes",
  },
  // docs.aws.amazon.com/eks/latest/userguide/managed-node-groups.html, "Managed node group capacity types".
  eks: {
    label: { key: "eks.amazonaws.com/capacityType", value: "SPOT" },
    taint: undefined,
    notice: "2 minutes",
  },
  // learn.microsoft.com/azure/aks/spot-node-pool: AKS sets label and taint itself.
  aks: {
    label: { key: "kubernetes.azure.com/scalesetpriority", value: "spot" },
    taint: { key: "kubernetes.azure.com/scalesetpriority", value: "spot", effect: "NoSchedule" },
    notice: "30 seconds",
  },
};
