/** Boxes of source and target tokens: a ground in the colour of their line, of results that stand. */
import { expect, it } from "vitest";
import { makeDecorationTypes } from "../../../../src/extension/marks/decoration-types.ts";
import type { VsCode } from "../../../../src/extension/vs.ts";

it("source and target boxes have a ground, stale ones and the last token's line have none", () => {
  let key = 0;
  const vs = {
    ThemeColor: class {
      constructor(readonly id: string) {}
    },
    Uri: { joinPath: () => "" },
    DecorationRangeBehavior: {},
    OverviewRulerLane: {},
    window: { createTextEditorDecorationType: (options: object) => ({ ...options, key: String(key++) }) },
  } as unknown as VsCode;
  const types = makeDecorationTypes(vs, "" as never);
  const grounds = [types.source, types.target, types.washed, types.staleTarget, types.last].map((type) => {
    const { backgroundColor } = type as unknown as { readonly backgroundColor?: { readonly id: string } };
    return backgroundColor?.id ?? null;
  });
  expect(grounds).toEqual([
    "stateSwap.sourceBackground",
    "stateSwap.replacedBackground",
    "stateSwap.replacedBackground",
    null,
    null,
  ]);
});
