// Owns: the schema of what surrounds a service's container: other containers, files, volumes, schedules, cloud identity, models.
// Promises: things with names are maps; a layer may change one field of one of them.
// Must not: hold defaults or rules that look at two fields at once.

import { type TObject, Type } from "typebox";
import { containerFields, PATH_EXPECTED, PathKey } from "./container.js";
import { annotate, Cron, Duration, Image, mapOf, Name, named, quantity } from "./scalars.js";
import { MODEL_FORMATS } from "./words.js";

const closed = { additionalProperties: false } as const;

const objectName = (what: string) => ({
  pattern: "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$",
  expected: `the name of a ${what}`,
});

const Container = Type.Object(
  {
    kind: annotate(Type.Enum(["sidecar", "init"]), {
      description:
        "sidecar: runs beside the service, starts before it and ends after it; init: ends before it starts.",
    }),
    image: annotate(Image, { description: "Image repository; a tag in it seeds the first release." }),
    ...containerFields,
    mounts: Type.Optional(
      mapOf(
        Type.String({ pattern: PathKey, expected: PATH_EXPECTED }),
        "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$",
        "the name of one of the service's volumes",
        { description: "Where the service's volumes stand in this container, by volume." },
      ),
    ),
  },
  { ...closed, description: "A further container in the service's pods.", def: "Container" },
);

const ConfigFile = Type.Object(
  {
    content: Type.Optional(Type.String({ description: "The file itself." })),
    from: Type.Optional(
      Type.String({
        pattern: "^config(/[A-Za-z0-9_-][A-Za-z0-9._-]*)+$",
        expected: "a file below config/, such as config/app.yaml",
        description:
          "A file of yours below config/, which is written once for you to fill; for one environment below config/ENVIRONMENT/.",
      }),
    ),
    containers: Type.Optional(
      Type.Array(annotate(Name, { expected: "the name of a container" }), {
        minItems: 1,
        description: "Containers that see it, by name; the service's own by default.",
      }),
    ),
  },
  { ...closed, def: "ConfigFile" },
);

const Volume = Type.Object(
  {
    mount: Type.Optional(
      Type.String({
        pattern: PathKey,
        expected: PATH_EXPECTED,
        description: "Where it stands in the service's container.",
      }),
    ),
    emptyDir: Type.Optional(quantity(["1Gi"], "Scratch space of this size, which goes with the pod.")),
    claim: Type.Optional(quantity(["10Gi"], "A persistent volume of this size, which outlives the pod.")),
    class: Type.Optional(
      Type.String({
        ...objectName("StorageClass"),
        description: "Storage class of the claim; the cluster's default one without it.",
      }),
    ),
    mode: Type.Optional(
      annotate(Type.Enum(["ReadWriteOnce", "ReadWriteOncePod", "ReadWriteMany", "ReadOnlyMany"]), {
        description: "How many nodes or pods may mount the claim.",
        default: "ReadWriteOnce",
      }),
    ),
    secret: Type.Optional(
      Type.String({
        expected: "the name of an entry of `secrets`",
        description: "A secret, one file a key; it is mounted read-only.",
      }),
    ),
    configMap: Type.Optional(
      Type.String({
        ...objectName("ConfigMap"),
        description: "A ConfigMap that somebody else makes, such as a bundle of certificates; read-only.",
      }),
    ),
    readOnly: Type.Optional(
      Type.Boolean({ description: "The service's container only reads it.", default: false }),
    ),
  },
  { ...closed, description: "One of emptyDir, claim, secret and configMap.", def: "Volume" },
);

const Schedule = Type.Object(
  {
    cron: annotate(Cron, { description: "When it runs." }),
    timeZone: Type.Optional(
      Type.String({
        pattern: "^[A-Za-z_]+(/[A-Za-z0-9_+-]+)*$",
        expected: "an IANA time zone such as Europe/Berlin",
        description: "Time zone of the schedule.",
        default: "Etc/UTC",
      }),
    ),
    args: Type.Optional(Type.Array(Type.String(), { description: "Arguments of this schedule alone." })),
    suspend: Type.Optional(Type.Boolean({ description: "It does not run for now.", default: false })),
    startWithin: Type.Optional(
      annotate(Duration, {
        description: "Time after which a run that was missed is left out.",
        default: "5m",
      }),
    ),
  },
  { ...closed, description: "One CronJob.", def: "RunSchedule" },
);

const partial = <O extends TObject>(schema: O, def: string) => Type.Partial(schema, { ...closed, def });

const FILE_PATH = "^(/[A-Za-z0-9_-][A-Za-z0-9._-]*|/\\.[A-Za-z0-9_-][A-Za-z0-9._-]*)+$";

const filesOf = <S extends TObject>(schema: S) =>
  Type.Optional(
    mapOf(schema, FILE_PATH, "an absolute path such as /etc/app.yaml", {
      description: "Configuration files, by their path in the container; a change rolls the pods.",
      examples: [{ "/etc/app.yaml": { from: "config/app.yaml" } }],
    }),
  );

export const podFields = {
  containers: Type.Optional(named(Container, { description: "Sidecars and init containers, by name." })),
  files: filesOf(ConfigFile),
  volumes: Type.Optional(
    named(Volume, {
      description: "Volumes, by name.",
      examples: [{ cache: { emptyDir: "1Gi", mount: "/cache" } }],
    }),
  ),
  identity: Type.Optional(
    Type.Object(
      {
        aws: Type.Optional(
          Type.String({
            pattern: "^arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]+$",
            expected: "the ARN of an IAM role",
            description: "IAM role of AWS (IRSA).",
          }),
        ),
        azure: Type.Optional(
          Type.String({
            pattern: "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$",
            expected: "the client id of a managed identity",
            description: "Client id of a managed identity of Azure (Workload Identity).",
          }),
        ),
        gcp: Type.Optional(
          Type.String({
            pattern: "^[a-z0-9-]+@[a-z0-9.:-]+\\.iam\\.gserviceaccount\\.com$",
            expected: "the address of a Google service account",
            description: "Service account of Google Cloud (Workload Identity Federation for GKE).",
          }),
        ),
      },
      { ...closed, description: "Identity at a cloud, so that no key needs to be kept." },
    ),
  ),
  schedules: Type.Optional(
    named(Schedule, {
      description: "When a scheduled-job runs: one CronJob each.",
      examples: [{ daily: { cron: "0 2 * * *", timeZone: "Europe/Berlin" } }],
      flag: "schedule",
      question: "When does it run?",
    }),
  ),
  deadline: Type.Optional(annotate(Duration, { description: "Time after which a run of a job is ended." })),
  retries: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 20,
      expected: "a whole number up to 20",
      description: "How often a run of a job is tried again.",
    }),
  ),
  before: Type.Optional(
    Type.Array(annotate(Name, { expected: "the name of a service" }), {
      description: "Services that start only when this job is done, such as after a migration.",
    }),
  ),
  serving: Type.Optional(
    annotate(Type.Enum(["kserve", "deployment"]), {
      description: "Who serves a model: KServe, or an image of your own.",
      flag: "serving",
      question: "Who serves the model?",
    }),
  ),
  framework: Type.Optional(
    annotate(Type.Enum(MODEL_FORMATS), {
      description: "Format of a model, by KServe's names.",
      flag: "framework",
      question: "Which framework is the model of?",
    }),
  ),
  storage: Type.Optional(
    Type.String({
      pattern: "^(s3|gs|https|hf|pvc)://[^\\s]+$",
      expected: "an address of s3://, gs://, https://, hf:// or pvc://",
      description: "Where a model lies.",
      flag: "model-storage",
      question: "Where does the model lie?",
    }),
  ),
  storageSecret: Type.Optional(
    Type.String({
      expected: "the name of an entry of `secrets`",
      description: "Secret with the credentials of the model's storage, where `identity` gives none.",
    }),
  ),
};

/** What a layer may change of them: any single field. */
export const podOverrides = {
  containers: Type.Optional(named(partial(Container, "ContainerOverrides"))),
  files: filesOf(ConfigFile),
  schedules: Type.Optional(named(partial(Schedule, "RunScheduleOverrides"))),
};
