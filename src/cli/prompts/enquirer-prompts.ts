// Owns: the part of enquirer that is used, as types (its own leave the prompt classes out), loaded when the first question comes.
// Promises: nothing of enquirer is loaded by a run that asks nothing.
// Must not: know questions.

/** What the keys of a terminal are to enquirer. */
export interface Key {
  readonly name?: string;
  readonly ctrl?: boolean;
  readonly sequence?: string;
}

export interface Prompt {
  input: string;
  cursor: number;
  readonly state: { submitted: boolean; cancelled?: boolean; closed?: boolean };
  readonly styles: Readonly<Record<string, (text: string) => string>>;
  keypress(input: string | undefined, key: Key): Promise<unknown>;
  format(value?: unknown): string | Promise<string>;
  cursorHide(): void;
  cursorShow(): void;
  /** Empties the line. */
  reset?(): Promise<void>;
  render(): Promise<void>;
  close(): Promise<void>;
  cancel(): Promise<void>;
  run(): Promise<unknown>;
  emit(event: string, value: unknown): boolean;
}

type PromptClass = new (options: object) => Prompt;

export interface PromptClasses {
  readonly Input: PromptClass;
  readonly Select: PromptClass;
  readonly MultiSelect: PromptClass;
}

export async function loadPrompts(): Promise<PromptClasses> {
  const { default: enquirer } = await import("enquirer");
  return enquirer as unknown as PromptClasses;
}
