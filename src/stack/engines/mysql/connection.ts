// Owns: how clients are told where a MariaDB or MySQL database is.
// Promises: the names that the usual libraries of each runtime read; TLS to one that runs elsewhere and asks for it.
// Must not: hold a password.

import { type Connection, type EngineInput, PASSWORD } from "../engine.js";

/** JDBC's drivers have words of their own for TLS: "encrypted, whoever signed the certificate" where it is asked for. */
const JDBC = {
  // MySQL's server always has a certificate of its own; with the usual authentication the driver needs it, or the server's key.
  mysql: { required: "sslMode=REQUIRED", usual: "sslMode=PREFERRED" },
  mariadb: { required: "sslMode=trust", usual: "sslMode=disable" },
} as const;

export function connectionOf(engine: "mysql" | "mariadb"): Connection {
  return {
    parts: (input: EngineInput) => {
      const { host, port, database, username, tls } = input;
      const jdbc = JDBC[engine][tls ? "required" : "usual"];
      return {
        host,
        port: String(port),
        database,
        username,
        password: PASSWORD,
        tls: String(tls),
        url: `mysql://${username}:${PASSWORD}@${host}:${port}/${database}`,
        jdbcUrl: `jdbc:${engine}://${host}:${port}/${database}?${jdbc}`,
        connectionString: `Server=${host};Port=${port};Database=${database};User ID=${username};Password='${PASSWORD}';SSL Mode=${tls ? "Required" : "Preferred"}`,
      };
    },
    variables: {
      url: "DATABASE_URL",
      host: "MYSQL_HOST",
      port: "MYSQL_PORT",
      database: "MYSQL_DATABASE",
      username: "MYSQL_USER",
      password: "MYSQL_PASSWORD",
      tls: "MYSQL_TLS",
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
}
