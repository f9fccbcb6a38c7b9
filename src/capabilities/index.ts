// Owns: the list of capabilities, in the order in which docs name them.
// Promises: to add a capability is to add its file here and its folder in templates/.
// Must not: hold logic.

import { access } from "./access.js";
import { autoscaling, eventScaling } from "./autoscaling.js";
import { backup } from "./backup.js";
import type { Capability, Index } from "./capability.js";
import { catalog } from "./catalog.js";
import { checklistPage } from "./checklist-page.js";
import { clusterMesh } from "./cluster-mesh.js";
import { datastore } from "./datastore.js";
import { delivery } from "./delivery.js";
import { documentation } from "./documentation.js";
import { exposure } from "./exposure.js";
import { gitops } from "./gitops.js";
import { imageScanning } from "./image-scanning.js";
import { kustomizations } from "./kustomizations.js";
import { mesh } from "./mesh.js";
import { monitoring } from "./monitoring.js";
import { namespace } from "./namespace.js";
import { networkPolicy } from "./network-policy.js";
import { platform } from "./platform.js";
import { platformPages } from "./platform-pages.js";
import { policy } from "./policy.js";
import { previews } from "./previews.js";
import { repository } from "./repository.js";
import { runbook } from "./runbook.js";
import { scheduling } from "./scheduling.js";
import { secrets } from "./secrets.js";
import { upkeep } from "./upkeep.js";
import { verticalScaling } from "./vertical-scaling.js";
import { workload } from "./workload.js";

export const capabilities: readonly Capability[] = [
  workload,
  datastore,
  secrets,
  access,
  autoscaling,
  eventScaling,
  verticalScaling,
  exposure,
  networkPolicy,
  mesh,
  clusterMesh,
  backup,
  monitoring,
  runbook,
  delivery,
  imageScanning,
  upkeep,
  namespace,
  platform,
  scheduling,
  policy,
  platformPages,
  documentation,
  repository,
];

/** Capabilities that describe what the others yield; each sees those before it, so the page that names them all comes last. */
export const indexes: readonly Index[] = [gitops, previews, kustomizations, checklistPage, catalog];
