/**
 * Owns the third-party container images and GitHub actions that generated repositories refer to.
 * Promises that every digest and SHA was read in a public repository, which is recorded beside it.
 * Must not hold a digest or SHA that was guessed or completed; what could not be read has an `exception`.
 */

/** A public file in which a tag and its digest (or SHA) were read side by side. */
export interface PinSource {
  /** GitHub repository, `owner/name`. */
  readonly repository: string;
  readonly path: string;
  /** The commit at which the file was read. */
  readonly commit: string;
}

interface Pin {
  /** Key by which templates ask for the pin. */
  readonly name: string;
  /** Where the pin was read; one at least, unless there is an `exception`. */
  readonly sources: readonly PinSource[];
  /** At least this many other public files were seen with the same pin. */
  readonly alsoSeen: number;
  /** Why there is no digest or SHA. Exactly one of the two is present. */
  readonly exception?: string;
}

/** An image pinned by exact tag and by the digest of its multi-platform index. */
export interface ImagePin extends Pin {
  /** Full name with registry, as Kustomize's `images[].name` takes it. */
  readonly repository: string;
  readonly tag: string;
  /** `sha256:` and 64 hexadecimal digits. */
  readonly digest?: string;
}

/** A GitHub action pinned by full commit SHA, with the release it belongs to. */
export interface ActionPin extends Pin {
  /** `owner/name`, as `uses:` takes it. */
  readonly action: string;
  readonly tag: string;
  /** 40 hexadecimal digits. */
  readonly sha?: string;
}

function source(repository: string, path: string, commit: string): PinSource {
  return { repository, path, commit };
}

const adpulseAws = source(
  "jugalkkt/adpulse",
  "infra/terraform/envs/aws/variables.tf",
  "f689eec9eb805b9182be9e1fe9398de34d0fcf7c",
);
const adpulseLocal = source(
  "jugalkkt/adpulse",
  "infra/terraform/envs/local/variables.tf",
  "ec6237dcc6f1870cf3e416957b93dcdb5bebb3b4",
);
const adpulseCi = source(
  "jugalkkt/adpulse",
  ".github/workflows/ci.yml",
  "172fd68797ad80ed52f90d17248477528bf84321",
);
const macroContainers = source(
  "macro-inc/macro",
  "infra/stacks/observability/nixos/containers.nix",
  "c983592ec22e3775b92a52837d022afc55fb503f",
);

/** The images, by what they are for: datastores, exporters, backup, monitoring, small helpers, proxies. */
export const images: readonly ImagePin[] = [
  {
    name: "redis",
    repository: "docker.io/library/redis",
    tag: "7.4.11-alpine",
    digest: "sha256:858f009f9709ce576febc734aa78b8f6d624b82571f9ddb6bda4377c833b3499",
    sources: [
      source(
        "clear48/campus-resource-platform",
        "deploy/scripts/Test-Deploy04Rollback.ps1",
        "42b39a1854777f79846fc98228e1873b6dbc8e86",
      ),
    ],
    alsoSeen: 12,
  },
  {
    name: "valkey",
    repository: "docker.io/valkey/valkey",
    tag: "8.1.10-alpine",
    digest: "sha256:081c2f5cb575efc901aa80ff9cdbd1ec6a301682fd35e1ebb4b0990a4a4a8507",
    sources: [
      source("youssefsiam38/opnform-railway", "UPSTREAM.md", "4f66a8627e4d1bf44b92c8b0eae9b62947602915"),
    ],
    alsoSeen: 6,
  },
  {
    name: "postgres",
    repository: "docker.io/library/postgres",
    tag: "17.11-alpine",
    digest: "sha256:18cfe3ef5e6815560c98237d6216d1e5119702fb0f3894c8785dd58b8bbe5d73",
    sources: [
      source(
        "hakopod/hakopod",
        "internal/cluster/backup_management.go",
        "7c57a681e8a794c278a63a6fa9c791225ca4e50e",
      ),
    ],
    alsoSeen: 8,
  },
  {
    name: "mongodb",
    repository: "docker.io/library/mongo",
    tag: "8.0.28",
    digest: "sha256:98605bfa1bb2a15dd82109e1d78ad31527a9a744909fab4606076fa71a0ae515",
    sources: [
      source(
        "docker-library/repo-info",
        "repos/mongo/remote/8.0.28.md",
        "05a154fe6714d09f0ce806727ff0733c483f3d09",
      ),
    ],
    alsoSeen: 5,
  },
  {
    name: "mongodb-exporter",
    repository: "docker.io/percona/mongodb_exporter",
    tag: "0.53.0",
    sources: [],
    alsoSeen: 0,
    exception: "no public file was found that names the tag together with its digest",
  },
  {
    name: "mariadb",
    repository: "docker.io/library/mariadb",
    tag: "11.8.9",
    digest: "sha256:2d2f4095530294735a857cfe22bb101e19b0849b416911c796ec4aa81b164a62",
    sources: [
      source(
        "docker-library/repo-info",
        "repos/mariadb/remote/11.8.9.md",
        "28b7129f06fb1aa51ff238e2fe58f8c05fda7147",
      ),
    ],
    alsoSeen: 9,
  },
  {
    name: "mysql",
    repository: "docker.io/library/mysql",
    tag: "8.4.11",
    digest: "sha256:85b9bf2e29cf836ecb8c2a15a935d4ba0c606631dff1dd79531a11983c638f2a",
    sources: [
      source(
        "docker-library/repo-info",
        "repos/mysql/remote/8.4.11.md",
        "0f0c69aaf7d364b2fd5a00f9141c6b51de83f2cb",
      ),
    ],
    alsoSeen: 9,
  },
  {
    name: "mysqld-exporter",
    repository: "docker.io/prom/mysqld-exporter",
    tag: "v0.19.0",
    sources: [],
    alsoSeen: 3,
    exception: "its digest was seen in public files, but in none that can be named",
  },
  {
    name: "rabbitmq",
    repository: "docker.io/library/rabbitmq",
    tag: "4.3.6-management-alpine",
    digest: "sha256:ff7352f631348acca9d202c3b69dc06998c4ee1a769febc08f59aaa9f117130b",
    sources: [
      source(
        "docker-library/repo-info",
        "repos/rabbitmq/remote/4.3.6-management-alpine.md",
        "086a37361be33e72cbcdab3c3a08b02266176bb9",
      ),
    ],
    alsoSeen: 1,
  },
  {
    // Images of CloudNativePG for its clusters; "standard" is the variant with the extensions of PostgreSQL itself.
    name: "cloudnative-pg-postgresql",
    repository: "ghcr.io/cloudnative-pg/postgresql",
    tag: "17.11-standard-trixie",
    sources: [],
    alsoSeen: 2,
    exception: "its digest was seen in public files, but in none that can be named",
  },
  {
    name: "redis-exporter",
    repository: "docker.io/oliver006/redis_exporter",
    tag: "v1.90.0",
    digest: "sha256:a129504e65b87c54f79bc92f1afc403475e8ff646a3d7512de469904ceddf986",
    sources: [
      source("n8n-io/terraform-google-n8n", "variables_gcp.tf", "34e49eda17d65c99ea2e9aed7b5c94298d18d7d3"),
    ],
    alsoSeen: 4,
  },
  {
    name: "postgres-exporter",
    repository: "quay.io/prometheuscommunity/postgres-exporter",
    tag: "v0.20.1",
    digest: "sha256:ac5ec343104fae0e2d84a27bb8d69b38430a11910c5382cad85d478d2bab713e",
    sources: [adpulseAws, adpulseLocal],
    alsoSeen: 7,
  },
  {
    name: "blackbox-exporter",
    repository: "docker.io/prom/blackbox-exporter",
    tag: "v0.28.0",
    digest: "sha256:e753ff9f3fc458d02cca5eddab5a77e1c175eee484a8925ac7d524f04366c2fc",
    sources: [
      source(
        "teo-garcia/observability-template-stack",
        "Makefile",
        "08e37b6201c08b71429e96d55f99a3bdb850d579",
      ),
    ],
    alsoSeen: 12,
  },
  {
    name: "rclone",
    repository: "docker.io/rclone/rclone",
    tag: "1.75.1",
    digest: "sha256:45401ad7410db1d67ffdb58e19059ad20b0d8e0285a60e38bbec55cc1019c7a5",
    sources: [source("Ruakij/csi-rclone", "Dockerfile", "4e2945827440e5bd4257b1a73bd92c9b2a806ef2")],
    alsoSeen: 8,
  },
  {
    name: "aws-cli",
    repository: "docker.io/amazon/aws-cli",
    tag: "2.37.5",
    digest: "sha256:fb7ccfc7b4e3a05017e6c9ded4ba959b99af622130e211fb976c68c2f4d3f224",
    sources: [
      source(
        "VladyslavHaina/logweir",
        "e2e/compose/profile-smoke.sh",
        "023f1af345efae3e7a772fa6524024e142395bdc",
      ),
    ],
    alsoSeen: 2,
  },
  {
    name: "prometheus",
    repository: "docker.io/prom/prometheus",
    tag: "v3.15.0",
    digest: "sha256:efd719c99d83b060d9daefdcf00360461adf279f45ef5391f8d111892118753e",
    sources: [adpulseAws, macroContainers],
    alsoSeen: 16,
  },
  {
    name: "alertmanager",
    repository: "docker.io/prom/alertmanager",
    tag: "v0.34.1",
    digest: "sha256:e9733bafb1bdef9b00e25a21f8f99dc26a22224bf16641ad754d1649f4c3357a",
    sources: [adpulseAws],
    alsoSeen: 10,
  },
  {
    name: "grafana",
    repository: "docker.io/grafana/grafana",
    tag: "13.2.3",
    digest: "sha256:b28bae15e219c998fb0e0424ed724930cc61b1f61fb404d47c862f9a23f9e572",
    sources: [adpulseAws, macroContainers],
    alsoSeen: 10,
  },
  {
    name: "busybox",
    repository: "docker.io/library/busybox",
    tag: "1.38.0",
    digest: "sha256:fd8d9aa63ba2f0982b5304e1ee8d3b90a210bc1ffb5314d980eb6962f1a9715d",
    sources: [
      source(
        "grafana/grafana",
        "devenv/frontend-service/docker-compose.yaml",
        "0aff354e847331158a17a497ff48aa41b20e68b5",
      ),
    ],
    alsoSeen: 2,
  },
  {
    name: "curl",
    repository: "docker.io/curlimages/curl",
    tag: "8.22.0",
    digest: "sha256:58adaa4e8dca9c988bae2aba4ab3434a0bb2da16bbe3f92dec39ec7785166777",
    sources: [
      source(
        "ni/python-actions",
        "check-project-links/action.yml",
        "1ef1d05b52e55c8c90bcf4f6fb29af299b8d791b",
      ),
      source("mikluko/nats-operator", "hack/e2e/metrics.go", "5c3e32af82172cb2f908d5d99de9eecd904b1e06"),
    ],
    alsoSeen: 7,
  },
  {
    name: "grype",
    repository: "ghcr.io/anchore/grype",
    tag: "v0.116.0",
    digest: "sha256:fd4ab4d1042b522c896e73bdf09ab8bf384fa417df99d6dd0d6e1008c7e7c821",
    sources: [source("psyb0t/rankrat", "Makefile", "08bf77fe316617c131573506fd1f25d67bcdd5d0")],
    alsoSeen: 8,
  },
  {
    name: "nginx-unprivileged",
    repository: "docker.io/nginxinc/nginx-unprivileged",
    tag: "1.30.5-alpine",
    digest: "sha256:15c994d10d6d78658721c3bcafff14cb281fba2a4bdf9d5ba92c416a472516e3",
    sources: [adpulseAws, adpulseLocal],
    alsoSeen: 3,
  },
  {
    name: "envoy",
    repository: "docker.io/envoyproxy/envoy",
    tag: "v1.39.1",
    digest: "sha256:57e14a549d7bd43c8d3f6d03e8cfa653e037d4b38e133acd9b54f38c524401b4",
    sources: [
      source(
        "AndrewDryga/coop",
        "internal/networkgateway/envoy_test.go",
        "54be0974f188ba40707cc3772855c7f25b6c6d09",
      ),
    ],
    alsoSeen: 8,
  },
];

/** The actions that generated workflows use. */
export const actions: readonly ActionPin[] = [
  {
    name: "checkout",
    action: "actions/checkout",
    tag: "v7.0.1",
    sha: "3d3c42e5aac5ba805825da76410c181273ba90b1",
    sources: [
      adpulseCi,
      source(
        "hakopod/templates",
        ".github/workflows/validate.yml",
        "c8ee105bb083f2509884ebe4afe530c1d03dd1e3",
      ),
    ],
    alsoSeen: 6,
  },
  {
    name: "setup-node",
    action: "actions/setup-node",
    tag: "v6.5.0",
    sha: "249970729cb0ef3589644e2896645e5dc5ba9c38",
    sources: [
      source("jurplel/install-qt-action", "CONTRIBUTING.md", "92704d2469caf2f5b700003110fb9c9e6951349e"),
    ],
    alsoSeen: 8,
  },
  {
    name: "cache",
    action: "actions/cache",
    tag: "v6.1.0",
    sha: "55cc8345863c7cc4c66a329aec7e433d2d1c52a9",
    sources: [
      source(
        "leynos/shared-actions",
        ".github/actions/install-mdtablefix/README.md",
        "0061e8836a1dea7cc0e63c6542f8dc48d3013d77",
      ),
    ],
    alsoSeen: 14,
  },
  {
    name: "upload-artifact",
    action: "actions/upload-artifact",
    tag: "v7.0.2",
    sha: "cf430e030ddbb5b0abf93d22962f4752f3646cd9",
    sources: [adpulseCi],
    alsoSeen: 5,
  },
  {
    name: "create-github-app-token",
    action: "actions/create-github-app-token",
    tag: "v2.2.1",
    sha: "29824e69f54612133e76f7eaac726eef6c875baf",
    sources: [
      source(
        "Ito-Ryu/til",
        "github/github_actions/create-github-app-token.md",
        "7f9c859e5be8a0651e2c1386cca9bf816a8a93b4",
      ),
    ],
    alsoSeen: 4,
  },
  {
    name: "setup-kubectl",
    action: "azure/setup-kubectl",
    tag: "v4",
    sources: [],
    alsoSeen: 0,
    exception: "No public file was found that names a release together with its full SHA; do not use it.",
  },
];
