/** The answers at the chosen k, with buttons that step through k. */
import * as l10n from "@vscode/l10n";
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { Answers } from "./answers.tsx";
import type { SectionProps } from "./section-props.ts";
import { ContinuationBlock } from "./continuation.tsx";
import { Dropdown } from "../parts/widgets.tsx";
import { normText } from "../../src/shared/text/format.ts";
import { answerNames } from "../../src/shared/figure/grid-cells.ts";
import { Section } from "./section.tsx";
import { rowsAt } from "../../src/shared/figure/strip-cells.ts";
import { useKept } from "../parts/use-kept.ts";

/** Shown once there is a sweep to step through. */
export function AnswersSection(props: SectionProps): VNode | null {
  const { state, ui, busy, open, onToggle, change, post } = props;
  const { sweep, k } = state;
  const [chosenSeed, chooseSeed] = useState<string | null>(null);
  const [newestK, keepK] = useKept(k);
  if (!sweep || k === null) return null;
  const rows = rowsAt(sweep, k);
  const row = rows.find((one) => String(one.seed) === chosenSeed) ?? rows[0];
  const { from, to } = sweep.layers;
  const step = (by: number, name: string, path: string): VNode => (
    <button
      type="button"
      class="icon-button"
      aria-label={name}
      title={name}
      disabled={k + by < from || k + by > to}
      onClick={() => {
        const next = (newestK() ?? k) + by;
        if (next < from || next > to) return;
        keepK(next);
        post({ type: "stepTo", k: next });
      }}
    >
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path d={path} />
      </svg>
    </button>
  );
  return (
    <Section
      id="answers"
      title={l10n.t("Answers at k = {0}", k)}
      fact={
        <>
          {row && (
            <span title={l10n.t("Length of (put in − replaced), L2")}>‖Δh‖ {normText(row.deltaNorm)}</span>
          )}
          {step(-1, l10n.t("Previous k"), "M10 3L5 8l5 5")}
          {step(1, l10n.t("Next k"), "M6 3l5 5-5 5")}
        </>
      }
      open={open}
      onToggle={onToggle}
    >
      {rows.length > 1 && row?.seed !== undefined && (
        <Dropdown
          label={l10n.t("Seed whose answers are shown")}
          value={String(row.seed)}
          options={rows.map((one) => [String(one.seed), l10n.t("Seed {0}", one.seed!)] as const)}
          onChange={chooseSeed}
        />
      )}
      <Answers
        sweep={sweep}
        row={row}
        names={answerNames(state)}
        showBaseline={ui.showBaseline}
        onBaseline={(showBaseline) => {
          change({ showBaseline });
        }}
      />
      <ContinuationBlock sweep={sweep} k={k} busy={busy} post={post} />
    </Section>
  );
}
