/** Whether two sessions are of one model: by all that both keep, and no further. */
import { describe, expect, it } from "vitest";
import type { SessionModel } from "../../../../src/shared/session/session.ts";
import { passesFor, sameModel } from "../../../../src/shared/experiment/same-model.ts";
import { hashText, keptHashes, modelPartName, partHash } from "../../../../src/shared/words/model.ts";

type Hashes = Pick<SessionModel, "sha256" | "identity">;

const hash = (letter: string): string => letter.repeat(64);
const identity = { weights: hash("1"), tokenizer: hash("2"), template: hash("3") };
const whole: Hashes = { sha256: hash("a"), identity };
const old: Hashes = { sha256: hash("a") };
const unknown: Hashes = { sha256: null };

describe("two models", () => {
  it.each([
    ["with the same hashes", whole, whole, { kind: "same" }],
    [
      "with other weights behind the same graph",
      whole,
      { ...whole, identity: { ...identity, weights: hash("9") } },
      { kind: "differs", parts: ["weights"] },
    ],
    [
      "with another tokenizer and no template",
      whole,
      { ...whole, identity: { ...identity, tokenizer: hash("9"), template: null } },
      { kind: "differs", parts: ["tokenizer", "template"] },
    ],
    ["of which one is described otherwise", whole, { ...whole, sha256: hash("b") }, { kind: "same" }],
    ["of which one keeps the file's hash only", whole, old, { kind: "same-file" }],
    ["of which both do", old, old, { kind: "same-file" }],
    ["with other files", whole, { sha256: hash("b") }, { kind: "differs", parts: ["file"] }],
    ["of which one has no hash", whole, unknown, { kind: "unknown" }],
    ["without hashes", unknown, unknown, { kind: "unknown" }],
  ] as const)("%s", (_, a, b, agreement) => {
    expect(sameModel(a, b)).toEqual(agreement);
    expect(sameModel(b, a)).toEqual(agreement);
    expect(passesFor(a, b)).toBe(agreement.kind === "same" || agreement.kind === "same-file");
  });
});

describe("in words", () => {
  it("a session says which hashes it keeps", () => {
    expect(hashText(whole)).toBe("weights 111111111111");
    expect(hashText(old)).toBe("sha256 aaaaaaaaaaaa");
    expect(hashText(unknown)).toBe("sha256 not known");
    expect([whole, old].map(keptHashes)).toEqual([
      "weights, tokenizer and chat template",
      "the model file’s only",
    ]);
  });

  it("a part has a name and a hash", () => {
    expect(modelPartName("template")).toBe("chat template");
    expect(partHash({ ...whole, identity: { ...identity, template: null } }, "template")).toBe("none");
    expect(partHash(old, "file")).toBe(hash("a"));
  });
});
