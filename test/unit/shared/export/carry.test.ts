/** What an exported file carries is the session, whole: read back from SVG and HTML it is the same. */
import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CARRIED_ID, sessionFromExport } from "../../../../src/shared/export/carry.ts";
import { htmlPage } from "../../../../src/shared/export/html-page.ts";
import { printLook } from "../../../../src/shared/figure/look.ts";
import { pictureSubjects, svgOf } from "../../../../src/shared/export/pictures.ts";
import { serializeSession } from "../../../../src/shared/session/serialize.ts";
import { parseSession } from "../../../../src/shared/session/parse.ts";
import type { Session } from "../../../../src/shared/session/session.ts";
import {
  DEMO_SESSION,
  hostileSession,
  HOSTILE_TOKENS,
  promptOfTokens,
  randomSession,
} from "../../../support/session/session-of-results.ts";
import { RANDOM_STATE } from "../../../support/panel/snapshots.ts";
import { errorOf } from "../../../support/error-of.ts";
import { xmlElements } from "../../../support/export-xml.ts";

const sha256 = (text: string): string => createHash("sha256").update(text, "utf8").digest("base64");
const bundle = { script: 'document.title = "</script>";', style: "body { color: red; }" };
const html = (session: Session): Promise<string> =>
  htmlPage(session, bundle, (text) => Promise.resolve(sha256(text)));
const random = randomSession(RANDOM_STATE.sweep!.rows, RANDOM_STATE.sweep!.answers);

/** What a file can hold of a session: the format itself decides on numbers such as -0. */
const filed = (session: Session): Session => parseSession(serializeSession(session));

/** Text with everything that breaks careless writers among ordinary letters. */
const text = fc
  .array(fc.oneof(fc.constantFrom(...HOSTILE_TOKENS), fc.string({ unit: "binary" })), { maxLength: 4 })
  .map((parts) => parts.join(""));

/** Sessions of every shape that a picture or page can be drawn of. */
const session = fc
  .record({
    base: fc.constantFrom(DEMO_SESSION, random, hostileSession()),
    label: text,
    name: text,
    tokens: fc.array(text, { minLength: 26, maxLength: 26 }),
    answer: text,
    has: fc.constantFrom("sweep", "grid", "both"),
    policy: fc.constantFrom("auto" as const, "on" as const, "off" as const),
    numbers: fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 4, maxLength: 4 }),
  })
  .map(({ base, label, name, tokens, answer, has, policy, numbers }): Session => {
    const target = promptOfTokens(label, tokens);
    const { sweep, grid } = base;
    const keepsGrid = grid !== null && has !== "sweep" && grid.columns.length === 26;
    return {
      ...base,
      label,
      model: { ...base.model, name },
      target: { ...target, tokenization: { ...target.tokenization, bos: { policy, added: false } } },
      sweep:
        has === "grid" && keepsGrid
          ? null
          : {
              ...sweep!,
              rows: sweep!.rows.map((row, i) => ({
                ...row,
                top: row.top.map((one) => ({ ...one, text: answer })),
                targetLogprob: numbers[i % 4]!,
              })),
              answers: { ...sweep!.answers!, target: { ...sweep!.answers!.target, text: answer } },
            },
      grid: keepsGrid ? grid : null,
      view: { k: null, cell: null },
    };
  });

describe("a session in an export", () => {
  it("comes back the same from SVG and from HTML, whatever its texts and numbers", async () => {
    await fc.assert(
      fc.asyncProperty(session, async (made) => {
        const expected = filed(made);
        for (const subject of pictureSubjects(made)) {
          const svg = svgOf(made, subject, "outcome", printLook);
          xmlElements(svg);
          expect(sessionFromExport(svg)).toEqual(expected);
        }
        expect(sessionFromExport(await html(made))).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  it("comes back from an SVG that another program wrote again: quotes escaped, CDATA, a prefix, line ends of Windows", () => {
    const svg = svgOf(DEMO_SESSION, "strip", "outcome", printLook);
    const [whole, start, inner, end] = /(<session[^>]*>)([^<]*)(<\/session>)/.exec(svg)!;
    const again = [
      svg.replace(whole, () => start! + inner!.replaceAll('"', "&quot;") + end!),
      svg.replace(whole, () => start! + inner!.replaceAll('"', "&#x22;") + end!),
      svg.replace(whole, () => `${start!.replace("<session", "<swap:session")}${inner!}</swap:session>`),
      svg.replaceAll("\n", "\r\n"),
      `\uFEFF<?xml version="1.0"?>\n${svg}`,
    ];
    for (const text of again) expect(sessionFromExport(text)).toEqual(filed(DEMO_SESSION));
  });

  it.each(["&#x110000;", "&#1114112;", `&#${"9".repeat(400)};`])(
    "is refused in words where a character reference is beyond Unicode: %s",
    (reference) => {
      const svg = svgOf(DEMO_SESSION, "strip", "outcome", printLook);
      const damaged = svg.replace(/(<session[^>]*>)\{/, (_, start: string) => start + reference);
      expect(damaged).not.toBe(svg);
      expect(() => sessionFromExport(damaged)).toThrow(/damaged/);
    },
  );

  it("cannot end the element that it stands in, nor start a comment or a script", async () => {
    const page = await html(hostileSession());
    const carried = page.split(`id="${CARRIED_ID}">`)[1]!.split("</script>")[0]!;
    expect(carried).not.toMatch(/[<>&]/);
    expect(JSON.parse(carried)).toEqual(JSON.parse(serializeSession(hostileSession())));
    expect(page.match(/<script\b/g)).toHaveLength(2);
    expect(page.match(/<\/script>/g)).toHaveLength(2);
    expect(page).not.toContain("<!--");
  });

  it("is refused with a sentence where there is none, where it is damaged, and where it is newer", () => {
    expect(errorOf(() => sessionFromExport("<svg></svg>")).code).toBe("not-a-session");
    expect(errorOf(() => sessionFromExport("")).code).toBe("not-a-session");
    const svg = svgOf(DEMO_SESSION, "strip", "outcome", printLook);
    expect(errorOf(() => sessionFromExport(svg.replace('"rows"', '"rovs"'))).code).toBe("session-damaged");
    expect(errorOf(() => sessionFromExport(svg.replace(/"version": \d+/, '"version": 99'))).code).toBe(
      "session-newer",
    );
    expect(errorOf(() => sessionFromExport(svg.slice(0, svg.indexOf("</session>") - 40))).code).toBe(
      "not-a-session",
    );
  });
});

describe("an exported page", () => {
  it("allows its own script and style by hash and nothing else", async () => {
    const page = await html(DEMO_SESSION);
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)![1]!;
    expect(policy).toMatch(/^default-src 'none'; script-src 'sha256-[^ ]+'; style-src /);
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    const script = /<script>([\s\S]*?)<\/script>/.exec(page)![1]!;
    const style = /<style>([\s\S]*?)<\/style>/.exec(page)![1]!;
    expect(policy).toContain(sha256(script));
    expect(policy).toContain(sha256(style));
    expect(script).toBe('document.title = "<\\/script>";');
  });

  it("holds the drawn pictures for print and for readers without script", async () => {
    const page = await html(DEMO_SESSION);
    expect(page.match(/<svg\b/g)).toHaveLength(2);
    expect(page).not.toContain("<metadata>");
    const outside = page.match(/https?:\/\/[^"'\s)]+/g) ?? [];
    expect(new Set(outside)).toEqual(new Set(["http://www.w3.org/2000/svg"]));
  });
});
