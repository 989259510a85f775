/** Tokens of bytes: what they say together. */
import { describe, expect, it } from "vitest";
import * as fc from "fast-check";
import { bytePlaces, joinedTokens } from "../../../../src/shared/text/token-bytes.ts";

const named = (byte: number): string => `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`;

describe("tokens of bytes", () => {
  it("are the characters that they make, and keep their names where they make none", () => {
    expect(joinedTokens(["<0xE6>", "<0x84>", "<0x8F>", "大", "<0xE5><0x88>", "<0xA9>", " is"])).toBe(
      "意大利 is",
    );
    expect(joinedTokens(["<0x84>", "<0xE6>", "<0x84>"])).toBe("<0x84><0xE6><0x84>");
    expect(joinedTokens([" Italy", "<s>"])).toBe(" Italy<s>");
  });

  it("each have their place in a character", () => {
    expect(bytePlaces(["a", "<0xE6>", "<0x84>", "<0x8F>", "<0xE5>", "<0xF0><0x9F>", "<0x98><0x80>"])).toEqual(
      [
        null,
        { character: "意", part: 0, parts: 3 },
        { character: "意", part: 1, parts: 3 },
        { character: "意", part: 2, parts: 3 },
        null,
        { character: "😀", part: 0, parts: 2 },
        { character: "😀", part: 1, parts: 2 },
      ],
    );
  });

  it("say any text, however it is cut", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 3 })),
        (text, cuts) => {
          const bytes = [...new TextEncoder().encode(text)];
          const tokens: string[] = [];
          for (let at = 0, i = 0; at < bytes.length; i++) {
            const length = cuts[i] ?? 1;
            tokens.push(
              bytes
                .slice(at, at + length)
                .map(named)
                .join(""),
            );
            at += length;
          }
          expect(joinedTokens(tokens)).toBe(
            new TextDecoder("utf-8", { ignoreBOM: true }).decode(Uint8Array.from(bytes)),
          );
        },
      ),
    );
  });
});
