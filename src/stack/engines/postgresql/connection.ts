// Owns: how clients are told where a PostgreSQL database is.
// Promises: the names that the usual libraries of each runtime read; TLS wherever the server has it.
// Must not: hold a password.

import { type Connection, type EngineInput, PASSWORD } from "../engine.js";

/** CloudNativePG's servers have a certificate, one's own StatefulSet has none; a managed one says it in `tls`. */
function hasTls({ mode, tls }: EngineInput): boolean {
  return tls || mode === "operator";
}

export const connection: Connection = {
  parts: (input) => {
    const { host, port, database, username } = input;
    const sslmode = hasTls(input) ? "require" : "disable";
    return {
      host,
      port: String(port),
      database,
      username,
      password: PASSWORD,
      url: `postgresql://${username}:${PASSWORD}@${host}:${port}/${database}?sslmode=${sslmode}`,
      jdbcUrl: `jdbc:postgresql://${host}:${port}/${database}?sslmode=${sslmode}`,
      connectionString: `Host=${host};Port=${port};Database=${database};Username=${username};Password='${PASSWORD}';SSL Mode=${hasTls(input) ? "Require" : "Disable"}`,
    };
  },
  // libpq's own names, which Python and Node.js read too, and the one that frameworks agree on.
  variables: {
    url: "DATABASE_URL",
    host: "PGHOST",
    port: "PGPORT",
    database: "PGDATABASE",
    username: "PGUSER",
    password: "PGPASSWORD",
  },
  byRuntime: {
    "spring-boot": {
      jdbcUrl: "SPRING_DATASOURCE_URL",
      username: "SPRING_DATASOURCE_USERNAME",
      password: "SPRING_DATASOURCE_PASSWORD",
    },
    dotnet: { connectionString: "ConnectionStrings__Default" },
  },
};
