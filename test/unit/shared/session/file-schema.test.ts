/** The JSON schema that editors check session files by is the one by which they are read. */
import { Ajv } from "ajv";
import fc from "fast-check";
import * as fs from "node:fs";
import * as path from "node:path";
import { describe, expect, it } from "vitest";
import { serializeSession } from "../../../../src/shared/session/serialize.ts";
import { anySession } from "../../../support/session/any-session.ts";
import { goldenFiles, goldenText, schemaText } from "../../../support/session/session-files.ts";
import { sessionSchemaText } from "../../../support/session/session-json-schema.ts";

type Json = Record<string, unknown>;

const ajv = new Ajv({ strict: true, formats: { "date-time": /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/ } });
const isValid = ajv.compile(JSON.parse(schemaText) as Json);

describe("the schema", () => {
  it("is up to date (node tools/session-schema.mjs writes it)", () => {
    expect(schemaText).toBe(sessionSchemaText());
  });

  it("is declared for session files", () => {
    const manifest = fs.readFileSync(path.resolve(import.meta.dirname, "../../../../package.json"), "utf8");
    const { contributes } = JSON.parse(manifest) as { contributes: Json };
    expect(contributes.jsonValidation).toEqual([
      { fileMatch: "*.swap.json", url: "./media/session.schema.json" },
    ]);
  });

  it.each(goldenFiles)("allows $name", ({ text }) => {
    expect(isValid(JSON.parse(text)), JSON.stringify(isValid.errors?.[0])).toBe(true);
  });

  it("allows all that is written, infinities among it", () => {
    fc.assert(
      fc.property(anySession, (session) => {
        expect(isValid(JSON.parse(serializeSession(session))), JSON.stringify(isValid.errors?.[0])).toBe(
          true,
        );
      }),
      { numRuns: 60 },
    );
  });

  it.each<[string, (content: Json) => void]>([
    ["another format", (one) => (one.format = "state-swap/sweep@1")],
    ["another version", (one) => (one.version = 2)],
    ["no model", (one) => delete one.model],
    ["a hash that is none", (one) => ((one.model as Json).sha256 = "abc")],
    ["ids that are texts", (one) => ((one.target as Json).ids = ["1"])],
    ["an unknown outcome", (one) => (((one.sweep as Json).rows as Json[])[0]!.outcome = "maybe")],
    ["an unknown condition", (one) => ((one.sweep as Json).condition = { kind: "magic" })],
    ["numbers as words", (one) => (((one.sweep as Json).rows as Json[])[0]!.targetLogprob = "NaN")],
    ["a row without a k", (one) => delete ((one.sweep as Json).rows as Json[])[0]!.k],
  ])("refuses %s", (_what, change) => {
    const content = JSON.parse(goldenText("swap-and-grid")) as Json;
    change(content);
    expect(isValid(content)).toBe(false);
  });

  it("explains its parts", () => {
    const { title, description, properties } = JSON.parse(schemaText) as {
      title: string;
      description: string;
      properties: Record<string, Json>;
    };
    expect(title).toBe("State Swap session");
    expect(description).not.toBe("");
    for (const part of ["model", "target", "source", "chosen", "setup", "sweep", "grid", "attention"]) {
      expect(properties[part]!.description, part).toBeTypeOf("string");
    }
  });
});
