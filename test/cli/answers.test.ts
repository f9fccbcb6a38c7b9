// Owns: the flow of questions as pure functions: order, defaults, going back, and the text that comes of it.

import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { readSetting } from "../../src/cli/answer-table.js";
import { answerProblem } from "../../src/cli/answers/check-answers.js";
import { type Draft, dataOf, type FlowContext, labelOf } from "../../src/cli/answers/draft.js";
import { draftText } from "../../src/cli/answers/draft-text.js";
import { draftFromFlags } from "../../src/cli/answers/from-flags.js";
import { quote } from "../../src/cli/answers/missing-answers.js";
import { completeDraft, nextQuestion } from "../../src/cli/answers/next-question.js";
import type { AnswerValue, Question } from "../../src/cli/answers/question.js";
import { parseArguments } from "../../src/cli/parse-arguments.js";
import { BACK } from "../../src/cli/prompts/ask.js";
import { confirmQuestion, interview } from "../../src/cli/prompts/interview.js";
import { processTerminal } from "../../src/cli/terminal.js";
import { parseSpec } from "../../src/index.js";

const EMPTY: Draft = { base: {}, edits: [], decided: [] };
const CONTEXT: FlowContext = { name: "shop", optional: true };

/** Answers by id; what is not named is answered by its default. */
function answer(
  answers: Readonly<Record<string, AnswerValue>>,
  start = EMPTY,
  context = CONTEXT,
): { draft: Draft; asked: string[] } {
  const asked: string[] = [];
  let draft = start;
  for (
    let question = nextQuestion(draft, context);
    question !== undefined;
    question = nextQuestion(draft, context)
  ) {
    const times = asked.filter((id) => id === question?.id).length;
    asked.push(question.id);
    const value = answers[`${question.id}#${times}`] ?? answers[question.id] ?? question.initial;
    draft = question.accept(value);
  }
  return { draft, asked };
}

describe("questions", () => {
  it("begin with the type of the service, and lead to a valid spec", () => {
    const { draft, asked } = answer({});
    expect(asked[0]).toBe("services.*.type");
    expect(asked).toEqual([
      "services.*.type",
      "services.*",
      "services.shop.runtime",
      "services.shop.image",
      "services.shop.ports",
      "services.shop.expose",
      "services.shop.expose.host",
      "services",
      "datastores",
      "environments",
      "environments.dev.domain",
      "environments.prod.domain",
      "name",
      "owner",
      "source.url",
    ]);
    expect(() => parseSpec(draftText(draft, undefined))).not.toThrow();
  });

  it("ask a worker neither for a port nor for a host", () => {
    const { asked } = answer({ "services.*.type": "worker" });
    expect(asked).not.toContain("services.shop.ports");
    expect(asked).not.toContain("services.shop.expose");
  });

  it("ask a gRPC service for no host, and name its port", () => {
    const { asked, draft } = answer({ "services.*.type": "grpc-service" });
    expect(asked).not.toContain("services.shop.expose");
    expect(dataOf(draft)).toMatchObject({ services: { shop: { ports: { grpc: 8080 } } } });
  });

  it("take several services and datastores, and what talks to what", () => {
    const { draft } = answer({
      "services#0": "yes",
      "services.*.type#1": "worker",
      "datastores#0": "redis",
      "datastores#1": "valkey",
      "datastores.valkey.role": "cache",
      "services.shop.uses": ["redis", "valkey"],
    });
    expect(dataOf(draft)).toMatchObject({
      services: { shop: { uses: { redis: {}, valkey: {} } }, worker: { type: "worker" } },
      datastores: { redis: { engine: "redis", role: "store" }, valkey: { engine: "valkey", role: "cache" } },
    });
    expect((dataOf(draft).services as Record<string, object>).worker).not.toHaveProperty("uses");
    expect(() => parseSpec(draftText(draft, undefined))).not.toThrow();
  });

  it("take environments of any name", () => {
    const { draft } = answer({
      environments: "own",
      "environments.*#0": "test",
      "environments.*#1": "live",
      "environments.live.tier": "production",
      "environments.live.domain": "example.org",
      "environments.more#0": "yes",
    });
    expect(dataOf(draft).environments).toEqual({
      test: { tier: "development", domain: "test.example.com" },
      live: { tier: "production", domain: "example.org" },
    });
  });

  it("derive the domain of an environment from the one before", () => {
    const { draft } = answer({ environments: "dev,staging,prod", "environments.dev.domain": "dev.acme.org" });
    expect(dataOf(draft).environments).toMatchObject({
      staging: { domain: "staging.acme.org" },
      prod: { domain: "acme.org" },
    });
  });

  it("do not ask what flags have answered", async () => {
    const args = await parseArguments([
      "shop",
      "--service-type",
      "web-frontend",
      "--image",
      "ghcr.io/o/i:1.0.0",
      "--no-host",
      "--datastore",
      "redis=redis:cache",
      "--environment",
      "live=production:example.org",
      "--owner",
      "us",
    ]);
    const { asked, draft } = answer({}, draftFromFlags(args, {}));
    expect(asked).toEqual([
      "services.*",
      "services.shop.runtime",
      "services.shop.ports",
      "services",
      "name",
      "source.url",
    ]);
    expect(dataOf(draft)).toMatchObject({
      owner: "us",
      services: { shop: { runtime: "nginx", uses: { redis: {} } } },
      datastores: { redis: { role: "cache" } },
    });
  });

  it("ask only what is necessary where defaults are not wanted", () => {
    const { questions } = completeDraft(EMPTY, { ...CONTEXT, optional: false });
    expect(questions.every(({ required }) => required)).toBe(true);
  });

  it.each([
    ["services.*", "Not_Good", /expected a DNS label/],
    ["services.shop.image", "Nope!", /expected an image reference/],
    ["services.shop.ports", "70000", /expected a port number/],
    ["services.shop.expose.host", "-", /expected a DNS name/],
    ["environments.prod.domain", "Example.com", /expected a DNS name/],
    ["name", "", /expected a DNS label/],
    ["source.url", "http://x", /expected a git address/],
  ])("judge %s = %j by the core's own words", (id, value, message) => {
    let question: Question | undefined;
    let draft = EMPTY;
    for (
      question = nextQuestion(draft, CONTEXT);
      question !== undefined && question.id !== id;
      question = nextQuestion(draft, CONTEXT)
    )
      draft = question.accept(question.initial);
    if (question === undefined) throw new Error(`${id} is not asked`);
    expect(answerProblem(question, value, CONTEXT, undefined)).toMatch(message);
    expect(answerProblem(question, String(question.initial), CONTEXT, undefined)).toBeUndefined();
  });

  it("refuse a name that is taken", () => {
    const start = answer({}).draft;
    const again = nextQuestion(
      { ...start, pending: { kind: "services", fields: { type: "worker" } } },
      CONTEXT,
    );
    expect(again?.refuse?.("shop")).toBe("there is a service shop already");
  });
});

describe("an interview", () => {
  async function talk(
    answers: (AnswerValue | typeof BACK)[],
  ): Promise<{ draft: Draft | undefined; asked: string[]; offered: AnswerValue[] }> {
    const asked: string[] = [];
    const offered: AnswerValue[] = [];
    const draft = await interview(EMPTY, {
      terminal: processTerminal(),
      context: CONTEXT,
      problem: () => undefined,
      confirm: async (answered) => confirmQuestion(answered, "Write?"),
      ask: async (question) => {
        asked.push(question.id);
        offered.push(question.initial);
        return answers.shift() ?? question.initial;
      },
    });
    return { draft, asked, offered };
  }

  it("goes back one question at a time, and offers what was answered", async () => {
    const { draft, asked, offered } = await talk(["web-frontend", "site", BACK, BACK, "worker"]);
    expect(asked.slice(0, 6)).toEqual([
      "services.*.type",
      "services.*",
      "services.site.runtime",
      "services.*",
      "services.*.type",
      "services.*",
    ]);
    expect(offered.slice(3, 5)).toEqual(["site", "web-frontend"]);
    expect(dataOf(draft ?? EMPTY)).toMatchObject({ services: { shop: { type: "worker" } } });
  });

  it("goes back from the confirmation, and ends without a draft on no", async () => {
    const defaults = answer({}).asked.length;
    const { asked } = await talk([
      ...Array<string>(defaults)
        .fill("")
        .map((_, index) => answerAt(index)),
      BACK,
    ]);
    expect(asked.slice(defaults, defaults + 2)).toEqual(["confirm", "source.url"]);
    const { draft } = await talk([
      ...Array<string>(defaults)
        .fill("")
        .map((_, index) => answerAt(index)),
      "no",
    ]);
    expect(draft).toBeUndefined();
  });

  function answerAt(index: number): AnswerValue {
    return completeDraft(EMPTY, CONTEXT).questions[index]?.initial ?? "";
  }
});

describe("text", () => {
  it("keeps a file of the user's, with one entry for what is new", () => {
    const base = "name: a # keep\n\nservices:\n  # first\n  x: { type: worker, image: ghcr.io/o/x }\n";
    const draft: Draft = {
      base: parse(base),
      edits: [
        { path: ["services", "y"], value: { type: "worker" } },
        { path: ["services", "y", "image"], value: "ghcr.io/o/y" },
        { path: ["services", "x", "env", "A"], value: "1" },
      ],
      decided: [],
    };
    const text = draftText(draft, base);
    expect(text).toContain("name: a # keep\n\nservices:\n  # first\n");
    expect(text).toContain("  y:\n    type: worker\n    image: ghcr.io/o/y\n");
    expect(parse(text).services.x.env).toEqual({ A: "1" });
  });

  it.each(["__proto__", "constructor", "toString"])("does not mind the name %s", (name) => {
    const draft: Draft = { ...EMPTY, edits: [{ path: ["services", name, "image"], value: "x" }] };
    expect(Object.keys(dataOf(draft).services as object)).toEqual([name]);
    expect(({} as Record<string, unknown>).image).toBeUndefined();
  });
});

describe("small words", () => {
  it.each([
    ["My Shop!", "my-shop"],
    ["42", "my-stack"],
    ["a".repeat(60), "a".repeat(40)],
    ["été", "t"],
  ])("makes %s the label %s", (text, label) => {
    expect(labelOf(text)).toBe(label);
  });

  it.each([
    ["a", "a"],
    ["a b", "'a b'"],
    ["it's", "'it'\\''s'"],
    ["$(id)", "'$(id)'"],
  ])("quotes %s for a shell", (word, quoted) => {
    expect(quote(word)).toBe(quoted);
  });

  it.each([
    ["a.b=c", ["a", "b"], "c"],
    ['registries."docker.io"=x', ["registries", "docker.io"], "x"],
    ["services.a.env.X=a=b", ["services", "a", "env", "X"], "a=b"],
  ])("reads the setting %s", (text, path, value) => {
    expect(readSetting(text)).toEqual({ path, value });
  });
});
