// Owns: which services of a view can be reached from outside.
// Promises: the exposure is there.
// Must not: know gateways.

import type { Exposure, Service } from "./service.js";
import type { View } from "./stack.js";

export type Exposed = Service & { readonly exposure: Exposure };

export function exposedIn({ services }: Pick<View, "services">): Exposed[] {
  return services.filter((service): service is Exposed => service.exposure !== undefined);
}
