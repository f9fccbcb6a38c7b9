// Owns: for every alert of message brokers and document stores, series on which it must fire and series on which it must keep quiet.
// Promises: plain data for the stack BROKERS; rules.tools.test.ts has promtool try it.
// Must not: know how the rules are written.
import type { AlertCases, Series } from "./alert-cases.js";
import { KAFKA_CASES } from "./alert-cases-kafka.js";

/** A series of one member of the broker. */
function of(member: number, metric: string, values: string, labels = ""): Series {
  return {
    series: `${metric}{namespace="shop",service="queue",job="queue",pod="queue-${member}"${labels}}`,
    values,
  };
}

const fires = (why: string, series: readonly Series[], at = "50m") => ({
  why,
  series,
  at,
  labels: [{ service: "queue" }],
});
const quiet = (why: string, series: readonly Series[], at = "50m") => ({ why, series, at });

function alarm(metric: string): AlertCases {
  return {
    fires: [fires("one of two members has it", [of(0, metric, "0x20"), of(1, metric, "1x20")], "10m")],
    quiet: [
      quiet("no member has it", [of(0, metric, "0x20"), of(1, metric, "0x20")], "10m"),
      quiet("gone within half a minute", [of(0, metric, "0x3 1 0x20")], "10m"),
    ],
  };
}

function memory(used: number): Series[] {
  return [
    of(0, "rabbitmq_process_resident_memory_bytes", "100x20"),
    of(1, "rabbitmq_process_resident_memory_bytes", `${used}x20`),
    ...[0, 1].map((member) => of(member, "rabbitmq_resident_memory_limit_bytes", "1000x20")),
  ];
}

function growing(metric: string): AlertCases {
  return {
    fires: [
      fires("a hundred more a minute, on two members together", [
        of(0, metric, "0+50x60"),
        of(1, metric, "0+50x60"),
      ]),
    ],
    quiet: [
      quiet("many, but no more than before", [of(0, metric, "5000x60")]),
      quiet("growing, but few", [of(0, metric, "0+10x60")]),
      quiet("growing slowly", [of(0, metric, "10000+10x60")]),
    ],
  };
}

function consumed(waiting: string, consumers: string): Series[] {
  return [
    of(0, "rabbitmq_queue_messages_ready", waiting),
    of(1, "rabbitmq_queue_messages_ready", "0x60"),
    of(0, "rabbitmq_queue_consumers", "0x60"),
    of(1, "rabbitmq_queue_consumers", consumers),
  ];
}

function unroutable(dropped: string, returned: string): Series[] {
  const protocol = ',protocol="amqp091"';
  return [
    of(0, "rabbitmq_global_messages_unroutable_dropped_total", dropped, protocol),
    of(0, "rabbitmq_global_messages_unroutable_returned_total", returned, protocol),
  ];
}

/** A series of MongoDB's exporter. */
function document(metric: string, values: string, labels = ""): Series {
  return { series: `${metric}{namespace="shop",service="documents",job="documents"${labels}}`, values };
}

const tells = (why: string, series: readonly Series[], at = "15m") => ({
  why,
  series,
  at,
  labels: [{ service: "documents" }],
});

function connections(current: number): Series[] {
  return [
    document("mongodb_ss_connections", `${current}x20`, ',conn_type="current"'),
    document("mongodb_ss_connections", `${100 - current}x20`, ',conn_type="available"'),
  ];
}

function cache(metric: string, used: number): Series[] {
  return [
    document(`mongodb_ss_wt_cache_${metric}_in_the_cache`, `${used}x20`),
    document("mongodb_ss_wt_cache_maximum_bytes_configured", "1000x20"),
  ];
}

const waiting = (values: string) => [
  document("mongodb_ss_globalLock_currentQueue", values, ',count_type="total"'),
];

const MONGODB_CASES: Readonly<Record<string, AlertCases>> = {
  MongodbCacheDirty: {
    fires: [tells("a quarter waits to be written", cache("tracked_dirty_bytes", 250))],
    quiet: [quiet("a tenth", cache("tracked_dirty_bytes", 100), "15m")],
  },
  MongodbCacheFull: {
    fires: [tells("97 %", cache("bytes_currently", 970))],
    quiet: [quiet("80 %, where MongoDB keeps it", cache("bytes_currently", 800), "15m")],
  },
  MongodbConnectionsHigh: {
    fires: [tells("90 of 100", connections(90))],
    quiet: [quiet("50 of 100", connections(50), "15m")],
  },
  MongodbCursorsTimingOut: {
    fires: [tells("one a minute", [document("mongodb_ss_metrics_cursor_timedOut", "0+1x70")], "65m")],
    quiet: [quiet("a few long ago", [document("mongodb_ss_metrics_cursor_timedOut", "7x70")], "65m")],
  },
  MongodbNotPrimary: {
    fires: [tells("it recovers", [document("mongodb_rs_myState", "3x20")])],
    quiet: [
      quiet("it is primary", [document("mongodb_rs_myState", "1x20")], "15m"),
      quiet("an election after a restart", [document("mongodb_rs_myState", "2 1x20")], "15m"),
    ],
  },
  MongodbOperationsQueueing: {
    fires: [tells("fifty wait", waiting("50x20"))],
    quiet: [quiet("three wait", waiting("3x20"), "15m"), quiet("for a moment", waiting("50 0x20"), "15m")],
  },
};

export const BROKER_CASES: Readonly<Record<string, AlertCases>> = {
  ...KAFKA_CASES,
  ...MONGODB_CASES,
  RabbitmqBacklogGrowing: growing("rabbitmq_queue_messages_ready"),
  RabbitmqDiskAlarm: alarm("rabbitmq_alarms_free_disk_space_watermark"),
  RabbitmqMemoryAlarm: alarm("rabbitmq_alarms_memory_used_watermark"),
  RabbitmqMemoryHigh: {
    fires: [fires("one member uses 90 %", memory(900), "15m")],
    quiet: [quiet("80 %", memory(800), "15m")],
  },
  RabbitmqMessagesUnroutable: {
    fires: [
      fires("dropped", unroutable("0+1x20", "0x20"), "15m"),
      fires("returned", unroutable("0x20", "0+1x20"), "15m"),
    ],
    quiet: [quiet("all found a queue", unroutable("7x20", "3x20"), "15m")],
  },
  RabbitmqNoConsumers: {
    fires: [fires("messages wait, nobody is there", consumed("5x60", "0x60"))],
    quiet: [
      quiet("a consumer on another member", consumed("5x60", "1x60")),
      quiet("nobody is there, and nothing waits", consumed("0x60", "0x60")),
    ],
  },
  RabbitmqPeerUnreachable: {
    fires: [
      fires(
        "one member misses another",
        [
          of(0, "rabbitmq_unreachable_cluster_peers_count", "1x20"),
          of(1, "rabbitmq_unreachable_cluster_peers_count", "0x20"),
        ],
        "10m",
      ),
    ],
    quiet: [
      quiet("all see all", [of(0, "rabbitmq_unreachable_cluster_peers_count", "0x20")], "10m"),
      quiet(
        "a restart of two minutes",
        [of(0, "rabbitmq_unreachable_cluster_peers_count", "1x2 0x20")],
        "10m",
      ),
    ],
  },
  RabbitmqUnackedGrowing: growing("rabbitmq_queue_messages_unacked"),
};
