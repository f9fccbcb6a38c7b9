/**
 * Holds that the table of pinned images and actions has the shape that its readers rely on:
 * full hashes, a recorded source or a stated reason for every entry, and no entry twice.
 */
import { describe, expect, it } from "vitest";
import { actions, images, type PinSource } from "../../src/stack/images.js";

const pins = [
  ...images.map((pin) => ({ ...pin, hash: pin.digest, kind: "image" })),
  ...actions.map((pin) => ({ ...pin, hash: pin.sha, kind: "action" })),
];

function duplicates(values: readonly string[]): string[] {
  return values.filter((value, index) => values.indexOf(value) !== index);
}

function expectLocated(source: PinSource): void {
  expect(source.repository).toMatch(/^[\w.-]+\/[\w.-]+$/);
  expect(source.path).toMatch(/^[^/\s][^\s]*$/);
  expect(source.commit).toMatch(/^[0-9a-f]{40}$/);
}

describe.each(pins)("$kind $name", (pin) => {
  it("has a hash with sources, or a reason why not", () => {
    expect(pin.hash === undefined).toBe(pin.exception !== undefined);
    expect(pin.sources.length > 0).toBe(pin.hash !== undefined);
    pin.sources.forEach(expectLocated);
  });

  it("was seen by two files at least", () => {
    if (pin.exception === undefined) {
      expect(pin.sources.length + pin.alsoSeen).toBeGreaterThanOrEqual(2);
    }
  });
});

describe("images", () => {
  it.each(images)("$name is pinned by full name, exact tag and whole digest", (image) => {
    expect(image.repository).toMatch(/^[a-z0-9.-]+\.[a-z]+\/[a-z0-9_-]+\/[a-z0-9_.-]+$/);
    expect(image.tag).toMatch(/^v?\d+\.\d+(\.\d+)?(-[a-z0-9.]+)*$/);
    expect(image.digest ?? `sha256:${"0".repeat(64)}`).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  it("are listed once each", () => {
    expect(duplicates(images.map((image) => image.name))).toEqual([]);
    expect(duplicates(images.map((image) => image.repository))).toEqual([]);
    expect(duplicates(images.map((image) => image.digest ?? image.name))).toEqual([]);
  });
});

describe("actions", () => {
  it.each(actions.filter((action) => action.sha))(
    "$name is pinned by a whole SHA and an exact release",
    (action) => {
      expect(action.action).toMatch(/^[\w-]+\/[\w-]+$/);
      expect(action.sha).toMatch(/^[0-9a-f]{40}$/);
      expect(action.tag).toMatch(/^v\d+\.\d+\.\d+$/);
    },
  );

  it("are listed once each", () => {
    expect(duplicates(actions.map((action) => action.action))).toEqual([]);
    expect(duplicates(actions.map((action) => action.sha ?? action.name))).toEqual([]);
  });
});
