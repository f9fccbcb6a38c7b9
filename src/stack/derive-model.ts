// Owns: how a model reaches an image of the user's own: an init container that downloads it.
// Promises: the user's image finds the files below /mnt/models, where KServe puts them too.
// Must not: know credentials; the service's own variables and cloud identity are what the download uses.

import type { Container, FurtherContainer, Mount, Resources, Volume } from "./container.js";
import { type Derivation, pinnedImage } from "./derivation.js";
import type { EffectiveService } from "./effective.js";
import { kindOf } from "./presets/service-types.js";
import { bytes, formatBytes } from "./quantity.js";

export const MODEL_PATH = "/mnt/models";
/** Volume of the model; one of this name of the user's takes its place, with another size or as a claim. */
export const MODEL_VOLUME = "model";
const MODEL_SIZE = "5Gi";

const RESOURCES: Resources = {
  requests: { cpu: "100m", memory: "128Mi", ephemeralStorage: "16Mi" },
  limits: { cpu: "1", memory: "512Mi", ephemeralStorage: "6Gi" },
};

interface Download {
  readonly container: FurtherContainer;
  readonly mount: Mount;
  /** Undefined where the user has declared it. */
  readonly volume: Volume | undefined;
}

/** The download of a model that an image of the user's serves; undefined where KServe or nobody fetches one. */
export function downloadOf(
  service: EffectiveService,
  main: Container,
  { effective }: Derivation,
): Download | undefined {
  const { storage, type } = service;
  if (type !== "model" || kindOf(service) !== "Deployment" || storage === undefined) return undefined;
  const command = rcloneArguments(storage);
  if (command === undefined) return undefined;
  const mount: Mount = { volume: MODEL_VOLUME, path: MODEL_PATH, file: undefined, readOnly: false };
  const container: FurtherContainer = {
    ...main,
    name: "model-download",
    kind: "init",
    isRelease: false,
    image: pinnedImage("rclone", effective),
    command: [],
    args: command,
    ports: [],
    resources: RESOURCES,
    probes: { startup: undefined, readiness: undefined, liveness: undefined },
    mounts: [mount],
    capabilities: [],
  };
  const volume: Volume = {
    name: MODEL_VOLUME,
    kind: "emptyDir",
    size: formatBytes(bytes(MODEL_SIZE)),
    storageClass: undefined,
    mode: "ReadWriteOnce",
    source: "",
  };
  return {
    container,
    mount: { ...mount, readOnly: true },
    volume: service.volumes?.[MODEL_VOLUME] === undefined ? volume : undefined,
  };
}

/** rclone docs, "Connection strings": a remote without a configuration file; credentials come from the environment. */
function rcloneArguments(storage: string): string[] | undefined {
  const [, scheme, place = ""] = /^([a-z0-9]+):\/\/(.*)$/.exec(storage) ?? [];
  const quiet = ["--config=/dev/null", "--log-level=INFO", "--use-json-log"];
  if (scheme === "s3") return ["copy", `:s3,provider=AWS,env_auth=true:${place}`, MODEL_PATH, ...quiet];
  if (scheme === "gs")
    return ["copy", `:gcs,env_auth=true,bucket_policy_only=true:${place}`, MODEL_PATH, ...quiet];
  if (scheme === "https") return ["copyurl", storage, MODEL_PATH, "--auto-filename", ...quiet];
  return undefined;
}
