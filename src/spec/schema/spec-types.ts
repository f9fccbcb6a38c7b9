// Owns: what the rest of the code sees of the schema: its types and a few words.
// Promises: no import of the schema library at run time.
// Must not: repeat the schema.

export type {
  ClusterSpec,
  DatastoreSpec,
  EnvironmentSpec,
  EnvValueSpec,
  PlatformSpec,
  PreviewsSpec,
  ServiceSpec,
  StackSpec,
  TierName,
} from "./stack-spec.js";
export {
  API_VERSION,
  ENGINES,
  PREVIEWS,
  RUNTIMES,
  SERVICE_TYPES,
  SWITCHABLE_CAPABILITIES,
  TIERS,
} from "./words.js";
