/** What the last sweep showed: the verdict first, then the strip with its curve on one axis of layers. */
import * as l10n from "@vscode/l10n";
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { PanelState, PanelSweep } from "../../src/shared/protocol/panel.ts";
import type { SectionProps } from "./section-props.ts";
import { BlockAxis } from "../figures/axis.tsx";
import { Verdict } from "../parts/words.tsx";
import { Curve } from "../figures/curve.tsx";
import { NoSweep } from "./empty-states.tsx";
import { Facts } from "./facts.tsx";
import { sweepNames } from "../../src/shared/figure/grid-cells.ts";
import { LensStrip } from "../figures/lens-row.tsx";
import { StandingNotice } from "./notices.tsx";
import { Notes } from "./notes.tsx";
import { useReadOnly } from "../parts/read-only.ts";
import { comparedOf, othersOf } from "./compared-runs.ts";
import { RemovedRun, RunsList } from "./runs-list.tsx";
import { PlotRow } from "../figures/plot-row.tsx";
import { Strip } from "../figures/strip.tsx";
import { Button } from "../parts/widgets.tsx";
import { useWidth } from "../parts/use-width.ts";

/** The sweep, or what a run would give. */
export function ResultSection(props: SectionProps): VNode | null {
  const { state } = props;
  const { sweep } = state;
  const readOnly = useReadOnly();
  if (!sweep && readOnly) return null;
  return (
    <section class="section section-layers" aria-label={l10n.t("Result")}>
      {sweep ? <SweepBody {...props} sweep={sweep} /> : <NoSweep state={state} />}
      {!sweep && <RemovedRun state={state} post={props.post} />}
    </section>
  );
}

function SweepBody(props: SectionProps & { readonly sweep: PanelSweep }): VNode {
  const { state, ui, sweep, blocks, busy, change, post } = props;
  const { k, runs } = state;
  const [plot, width] = useWidth<HTMLDivElement>();
  const [chosen, compare] = useState<number | null>();
  const compared = comparedOf(runs, chosen);
  const isListed = runs.length > 1;
  const strip = (
    <div ref={plot}>
      <Strip
        sweep={sweep}
        blocks={blocks}
        k={k}
        width={width}
        onStep={(next) => {
          post({ type: "stepTo", k: next });
        }}
      />
    </div>
  );
  return (
    <div class={isListed ? "layers listed" : "layers"}>
      <StandingNotice standing={sweep.standing}>
        {sweep.state === "running" && (
          <Button
            look="primary"
            onPress={() => {
              post({ type: "command", command: "runSweep" });
            }}
          >
            {l10n.t("Cancel and Run Again")}
          </Button>
        )}
      </StandingNotice>
      <Head state={state} sweep={sweep} />
      {isListed ? (
        <RunsList state={state} strip={strip} compared={compared} onCompare={compare} post={post} />
      ) : (
        <>
          <RemovedRun state={state} post={post} />
          <PlotRow name={l10n.t("answer")}>{strip}</PlotRow>
        </>
      )}
      {sweep.lens && (
        <PlotRow name={l10n.t("lens")}>
          <LensStrip sweep={sweep} blocks={blocks} k={k} />
        </PlotRow>
      )}
      <Curve
        sweep={sweep}
        blocks={blocks}
        k={k}
        names={sweepNames(sweep)}
        metric={ui.curve}
        others={isListed ? othersOf(runs, compared) : []}
        onMetric={(curve) => {
          change({ curve });
        }}
      />
      <PlotRow name={l10n.t("layer k")} className="axis-name">
        <BlockAxis
          layers={{ from: 0, to: blocks - 1 }}
          width={width}
          flips={[sweep.flip, runs.find(({ run }) => run === compared)?.flip ?? null]}
        />
      </PlotRow>
      <Notes notes={sweep.notes} busy={busy} post={post} />
    </div>
  );
}

/** The verdict, and on demand the facts without which it cannot be read. */
function Head({ state, sweep }: { readonly state: PanelState; readonly sweep: PanelSweep }): VNode {
  const [open, setOpen] = useState(false);
  return (
    <div class="result-head">
      <Verdict sweep={sweep} />
      <button
        type="button"
        class="icon-button"
        aria-expanded={open}
        aria-controls="facts"
        aria-label={l10n.t("About this result")}
        title={l10n.t("About this result")}
        onClick={() => {
          setOpen(!open);
        }}
      >
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path d="M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13M8 7v4.5M8 4.4v1.2" />
        </svg>
      </button>
      <div id="facts" class="facts-line" hidden={!open}>
        {open && <Facts sweep={sweep} model={state.model} k={state.k} />}
      </div>
    </div>
  );
}
