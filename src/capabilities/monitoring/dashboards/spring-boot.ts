// Owns: the dashboard of Spring Boot services: requests by path, heap, threads, log events.
// Promises: metrics of Micrometer as Spring Boot 3.4 and later exports them.
// Must not: repeat what the services dashboard shows.

import { badFrom, type Dashboard, INSTANCE, JOB, timeseries } from "../dashboard.js";

const OF = 'namespace="$namespace", job=~"$job", instance=~"$instance"';
const REQUESTS = `${OF}, uri!~"/actuator.*"`;

export const springBoot: Dashboard = {
  name: "spring-boot",
  title: "Spring Boot",
  description: "Requests by path, heap, garbage collection, threads and log events of Spring Boot services.",
  variables: [JOB, INSTANCE],
  panels: [
    timeseries("Requests by path", "Requests a second, by method and path template.", "reqps", [
      [
        `sum by (method, uri) (rate(http_server_requests_seconds_count{${REQUESTS}}[$__rate_interval]))`,
        "{{method}} {{uri}}",
      ],
    ]),
    timeseries("Responses by status", "Requests a second, by status code.", "reqps", [
      [
        `sum by (status) (rate(http_server_requests_seconds_count{${REQUESTS}}[$__rate_interval]))`,
        "{{status}}",
      ],
    ]),
    timeseries("Latency by path, 95 %", "Time under which 95 % of the requests to a path stay.", "s", [
      [
        `histogram_quantile(0.95, sum by (uri, le) (rate(http_server_requests_seconds_bucket{${REQUESTS}}[$__rate_interval])))`,
        "{{uri}}",
      ],
    ]),
    timeseries("Exceptions", "Requests a second that ended in an exception, by its class.", "reqps", [
      [
        `sum by (exception) (rate(http_server_requests_seconds_count{${REQUESTS}, exception!="none"}[$__rate_interval]))`,
        "{{exception}}",
      ],
    ]),
    timeseries(
      "Heap",
      "Heap in use, against the most that the JVM may take; garbage collection draws the saw teeth.",
      "bytes",
      [
        [`sum by (instance) (jvm_memory_used_bytes{${OF}, area="heap"})`, "{{instance}} used"],
        [`sum by (instance) (jvm_memory_max_bytes{${OF}, area="heap"} > 0)`, "{{instance}} max"],
      ],
    ),
    timeseries(
      "Garbage collection",
      "Share of the time that collections stop the process.",
      "percentunit",
      [[`sum by (instance) (rate(jvm_gc_pause_seconds_sum{${OF}}[$__rate_interval]))`, "{{instance}}"]],
      { thresholds: badFrom(0.1) },
    ),
    timeseries(
      "Memory outside of the heap",
      "Metaspace, code cache and others; it counts towards the container's limit too.",
      "bytes",
      [[`sum by (instance) (jvm_memory_used_bytes{${OF}, area="nonheap"})`, "{{instance}}"]],
    ),
    timeseries(
      "Threads",
      "Threads of the JVM, by state; many blocked ones hint at a lock or a slow datastore.",
      "short",
      [[`sum by (state) (jvm_threads_states_threads{${OF}})`, "{{state}}"]],
    ),
    timeseries("Log events", "Lines a second in the log, of level error and warn.", "short", [
      [
        `sum by (level) (rate(logback_events_total{${OF}, level=~"error|warn"}[$__rate_interval]))`,
        "{{level}}",
      ],
    ]),
    timeseries("CPU of the process", "Share of the cores that the JVM sees.", "percentunit", [
      [`process_cpu_usage{${OF}}`, "{{instance}}"],
    ]),
  ],
};
