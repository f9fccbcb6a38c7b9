// Owns: running one action as the scaffolder does, on a workspace of its own.
// Promises: what it said, put out and wrote comes back as plain values.
// Must not: assert.

import { createMockDirectory } from "@backstage/backend-test-utils";
import type { TemplateAction } from "@backstage/plugin-scaffolder-node";
import { createMockActionContext } from "@backstage/plugin-scaffolder-node-test-utils";

export interface Outcome {
  readonly output: Readonly<Record<string, unknown>>;
  readonly log: string;
  readonly error: Error | undefined;
}

export type Checkpoints = Map<string, unknown>;

// biome-ignore lint/suspicious/noExplicitAny: actions differ in their inputs, and a test gives wrong ones too.
type AnyAction = TemplateAction<any, any, any>;

/** Never throws; `checkpoints` outlives a run, as the database of a real task does. */
export async function runAction(
  action: AnyAction,
  workspacePath: string,
  input: Record<string, unknown>,
  { checkpoints = new Map() }: { checkpoints?: Checkpoints } = {},
): Promise<Outcome> {
  const log: string[] = [];
  const output: Record<string, unknown> = {};
  const note = (text: unknown) => log.push(String(text));
  const logger = { info: note, warn: note, error: note, debug: note, child: () => logger };
  const context = {
    ...createMockActionContext({ input: input as never, workspacePath, logger: logger as never }),
    output: (name: string, value: unknown) => {
      output[name] = value;
    },
    checkpoint: async ({ key, fn }: { key: string; fn: () => Promise<unknown> }) => {
      if (!checkpoints.has(key)) checkpoints.set(key, JSON.parse(JSON.stringify((await fn()) ?? {})));
      return checkpoints.get(key);
    },
  };
  try {
    await action.handler(context as never);
    return { output, log: log.join("\n"), error: undefined };
  } catch (error) {
    return { output, log: log.join("\n"), error: error as Error };
  }
}

export const newWorkspace = (
  content: Parameters<ReturnType<typeof createMockDirectory>["setContent"]>[0] = {},
) => {
  const directory = createMockDirectory();
  directory.setContent(content);
  return directory;
};
