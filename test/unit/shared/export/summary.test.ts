/** Exported text: the Markdown summary, and the command lines in it. */
import { describe, expect, it } from "vitest";
import type { Condition } from "../../../../src/shared/condition/condition.ts";
import { gridCommandLine, sweepCommandLine } from "../../../../src/shared/export/command-line.ts";
import { gridCsv } from "../../../../src/shared/export/grid-csv.ts";
import { shellWord } from "../../../../src/shared/text/shell.ts";
import { markdownSummary } from "../../../../src/shared/export/summary.ts";
import type { Session } from "../../../../src/shared/session/session.ts";
import { DEMO_SESSION, hostileSession, promptOfTokens } from "../../../support/session/session-of-results.ts";

const withCondition = (condition: Condition, part: Partial<Session> = {}): Session => ({
  ...DEMO_SESSION,
  ...part,
  sweep: { ...DEMO_SESSION.sweep!, condition },
});
const swap = { kind: "swap", align: null, sourceLayer: null, strength: 1 } as const;
const words = (session: Session): string => sweepCommandLine(session)!.replaceAll(/ \\\n {2}/g, " ");

describe("the summary", () => {
  const markdown = markdownSummary(DEMO_SESSION);

  it("has the set-up, the verdict, a row for each k, and how to run it again", () => {
    for (const said of [
      "# Italy over France",
      "| Model | SmolLM2-135M-Instruct (llama, 30 layers, width 576, vocabulary 49152) |",
      `| SHA-256 | \`${"0f1e2d3c".repeat(8)}\` |`,
      "| Replaced | `'␣France' @21` |",
      "| Read from the source | `'␣Italy' @2` |",
      "| Beginning of sequence | BOS: none (policy auto) |",
      "| Convention | k = 0-based layer whose input is replaced |",
      "**Rome for k 0–23, Paris for k 24–29: flips at k = 24 of 30 (80 %).**",
      "| 24 | target | `␣Paris` |",
      "arXiv:2409.03621",
      "state-swap sweep",
      "State Swap 0.1.0",
    ])
      expect(markdown).toContain(said);
    expect(markdown.match(/^\| \d+ \| (source|target|neither) \|/gm)).toHaveLength(30);
  });

  it("has as many cells in each row of a table as its head, whatever the tokens", () => {
    for (const session of [DEMO_SESSION, hostileSession()]) {
      let width = 0;
      for (const line of outsideBlocks(markdownSummary(session))) {
        const cells = line.replaceAll("\\|", "").split("|").length;
        if (!line.startsWith("|")) width = 0;
        else if (width === 0) width = cells;
        else expect(cells, line).toBe(width);
      }
    }
  });

  it("has no markup of a token outside code", () => {
    const lines = outsideBlocks(markdownSummary(hostileSession()));
    const outside = lines.map((line) => line.replace(/(?<![`\\])(`+)(?!`).*?(?<!`)\1(?!`)/g, ""));
    expect(outside.filter((line) => /(?<!\\)[<`]/.test(line))).toEqual([]);
    expect(outside.filter((line) => line.startsWith("|"))).not.toHaveLength(0);
  });
});

/** Lines that are not in a block of code; every block must end. */
function outsideBlocks(markdown: string): string[] {
  let fence = "";
  const lines = markdown.split("\n").filter((line) => {
    const start = /^`{3,}(?=\w+$)/.exec(line)?.[0] ?? "";
    if (fence === "") {
      fence = start;
      return start === "";
    }
    if (line === fence) fence = "";
    return false;
  });
  expect(fence, "every block of code ends").toBe("");
  return lines;
}

describe("the command line", () => {
  it("names model, prompts, tokens, range and what stood beside", () => {
    expect(words(DEMO_SESSION)).toBe(
      "state-swap sweep --model SmolLM2-135M-Instruct.Q4_1.gguf " +
        "--target $'Q: What is the capital of Spain? \\n A: Madrid \\n Q: What is the capital of France? \\n A:' " +
        "--source 'The country Italy' --swap @21 --with @2 --layers 0..29 --lens",
    );
    expect(gridCommandLine(DEMO_SESSION)).toContain("--with @2 \\\n  --swap @21 \\\n  --layers 0..29");
  });

  it("says swaps of several tokens by spans that give the same pairs", () => {
    const pairs = (...list: [number, number[]][]): { target: number; source: number[] }[] =>
      list.map(([target, source]) => ({ target, source }));
    expect(words(withCondition({ ...swap, pairs: pairs([3, [1]], [4, [2]]) }))).toContain(
      "--swap @3..4 --with @1..2 ",
    );
    expect(words(withCondition({ ...swap, pairs: pairs([3, [2]], [7, [2]]) }))).toContain(
      "--swap @3 --swap @7 --with @2 ",
    );
    expect(
      words(withCondition({ ...swap, align: "mean", pairs: pairs([3, [1, 2]], [4, [1, 2]]) })),
    ).toContain("--swap @3..4 --with @1..2 --align mean");
    expect(words(withCondition({ ...swap, align: "last", pairs: pairs([4, [2]]) }))).toContain(
      "--swap @4 --with @2 --align last",
    );
    expect(
      words(withCondition({ ...swap, sourceLayer: 7, strength: 0.5, pairs: pairs([4, [2]]) })),
    ).toContain("--source-layer 7 --strength 0.5");
    expect(sweepCommandLine(withCondition({ ...swap, pairs: pairs([3, [2]], [4, [1]]) }))).toBeNull();
    expect(sweepCommandLine(withCondition({ ...swap, pairs: pairs([3, [0, 2]]) }))).toBeNull();
  });

  it("says positions, seeds and BOS as the command line takes them", () => {
    const all = Array.from({ length: 25 }, (_, position) => position);
    const withBos = { target: { ...DEMO_SESSION.target, startsWithBos: true } };
    const seeded = { kind: "random", seeds: [3, 4, 5], strength: 1 } as const;
    expect(words(withCondition({ ...seeded, positions: all }))).toContain(
      "--condition random --seed 3 --seeds 3 --layers",
    );
    expect(words(withCondition({ ...seeded, positions: [0, 2, 3, 4] }))).toContain("--positions @0,2..4 ");
    expect(words(withCondition({ ...seeded, positions: all.slice(1) }, withBos))).toContain("--exclude-bos");
    expect(words(withCondition({ ...seeded, positions: all.slice(1) }))).toContain("--positions @1..24");
    expect(
      words(withCondition({ kind: "mean", positions: [3], over: all.slice(1), strength: 1 }, withBos)),
    ).toContain("--condition mean --positions @3 --exclude-bos");
    expect(words(withCondition({ ...seeded, kind: "angle", angle: 45, positions: all }))).toContain(
      "--condition angle --angle 45 --seed 3 --seeds 3 --layers",
    );
    expect(words(withCondition({ kind: "skip-attention" }))).toContain("--condition skip-attention --layers");
    expect(sweepCommandLine(withCondition({ ...seeded, seeds: [1, 3], positions: all }))).toBeNull();
    expect(sweepCommandLine(withCondition({ kind: "vectors", entries: [], strength: 1 }))).toBeNull();
  });

  it("quotes words for a shell", () => {
    expect(shellWord("a.gguf")).toBe("a.gguf");
    expect(shellWord("it's")).toBe("'it'\\''s'");
    expect(shellWord('$HOME `x` "y"')).toBe("'$HOME `x` \"y\"'");
    expect(shellWord("a\n'\\\u0007")).toBe("$'a\\n\\'\\\\\\x07'");
    expect(shellWord("")).toBe("''");
  });
});

describe("CSV of a grid", () => {
  it("leaves out what has not run, and quotes tokens", () => {
    const [first] = DEMO_SESSION.grid!.columns;
    const csv = gridCsv({
      tokens: promptOfTokens("", ['a,"b"', "c"]).tokenization.tokens.map(({ text }) => text),
      layers: { from: 0, to: 29 },
      columns: [first!, null],
      texts: DEMO_SESSION.grid!.texts,
    });
    const lines = csv.trimEnd().split("\n");
    expect(lines).toHaveLength(31);
    expect(lines[1]).toMatch(/^0,"a,""b""",0,target,/);
  });
});
