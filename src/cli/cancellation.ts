// Owns: turning the signals by which a person or system ends a command into one that its work can heed.
// Promises: the first signal cancels, so that child processes and temporary files go too; a second one ends at once.
// Must not: choose exit codes.

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Work that is cancelled throws a StackError (cancelled) once it has cleaned up. */
export async function cancellable<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  // The listener stays after the first signal: execa's own ends the process where it is the only one.
  const cancel = (name: NodeJS.Signals) => {
    if (!controller.signal.aborted) return controller.abort();
    stopListening();
    process.kill(process.pid, name);
  };
  const stopListening = () => {
    for (const name of SIGNALS) process.removeListener(name, cancel);
  };
  for (const name of SIGNALS) process.on(name, cancel);
  try {
    return await work(controller.signal);
  } finally {
    stopListening();
  }
}
