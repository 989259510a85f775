/** Asks before a grid that takes its time: how long all of it takes, and what parts of it do. */
import * as l10n from "@vscode/l10n";
import type { Alignment } from "../../shared/condition/parts.ts";
import type { LayerRange } from "../../shared/experiment/experiment.ts";
import type { GridExtent } from "../../shared/experiment/grid-extent.ts";
import { everyNth, layersAround, sentencePositions } from "../../shared/experiment/grid-extent.ts";
import { LONG_RUN_MS } from "../../shared/experiment/run-time.ts";
import { rangeText } from "../../shared/text/ranges.ts";
import { durationText } from "../../shared/words/duration.ts";
import type { Host } from "../host.ts";
import type { GridChoice } from "../interventions/grid-request.ts";
import { gridParams } from "../interventions/grid-request.ts";
import { layersFor, parseLayerRange } from "../interventions/layers.ts";
import type { Intervention, Source } from "../interventions/records.ts";

/** Patched runs from which on a grid of unknown time is asked about. */
const MANY_RUNS = 3000;
/** Of these, the first that makes the grid short is offered; the last where none does. */
const STEPS = [2, 4, 8, 16, 32];

interface ExtentItem {
  readonly label: string;
  readonly description: string;
  /** Null: the user types a range of k. */
  readonly extent: GridExtent | null;
}

/** How much of the grid is run: all of it where that is quick, else what the user chooses. Undefined when the user left. */
export async function chooseGridExtent(
  host: Host,
  intervention: Intervention,
  source: Source,
  align: Alignment | null,
): Promise<GridChoice | undefined> {
  const { blocks } = await host.supervisor.open();
  const { target, targets, sweep } = intervention;
  const count = target.tokenization.ids.length;
  const layers = layersFor(host.store.state.layers, blocks);
  const expected = (extent: GridExtent): Promise<number | null> =>
    expectedGridMs(host, intervention, source, align, extent);
  const whole: GridExtent = { positions: everyNth(count, 1, []), layers };
  const wholeMs = await expected(whole);
  if (wholeMs === null ? runsOf(whole) < MANY_RUNS : wholeMs < LONG_RUN_MS) return { align };
  const item = async (label: string, extent: GridExtent): Promise<ExtentItem> => ({
    label,
    description: extentText(extent, await expected(extent)),
    extent,
  });
  const chosen = targets.flatMap(({ from, to }) => everyNth(to + 1, 1, []).slice(from));
  const sentence = sentencePositions(target.tokenization, chosen);
  const step = await fittingStep(async (n) => expected({ positions: everyNth(count, n, chosen), layers }));
  const flip = sweep?.flip && layersAround(sweep.flip.k, blocks, layers);
  const items = [
    await item(l10n.t("Whole Grid"), whole),
    ...(sentence.length < count
      ? [await item(l10n.t("This Sentence"), { positions: sentence, layers })]
      : []),
    await item(l10n.t("One Token in {0}", step), { positions: everyNth(count, step, chosen), layers }),
    ...(flip ? [await item(l10n.t("Layers at the Flip"), { ...whole, layers: flip })] : []),
    { label: l10n.t("Range of Layers…"), description: l10n.t("k from–to, every token"), extent: null },
  ];
  const picked = await host.vs.window.showQuickPick(items, {
    title: wholeMs === null ? l10n.t("Run Grid") : l10n.t("Run Grid: {0}", durationText(wholeMs)),
    placeHolder: l10n.t("All of it, or less of it"),
    ignoreFocusOut: true,
  });
  if (!picked) return undefined;
  if (picked.extent === whole) return { align };
  if (picked.extent) return { align, ...picked.extent };
  const range = await typedLayers(host, blocks, layers);
  return range && { align, layers: range };
}

async function expectedGridMs(
  { supervisor }: Host,
  intervention: Intervention,
  source: Source,
  align: Alignment | null,
  { positions, layers }: GridExtent,
): Promise<number | null> {
  const named = { target: null, source: null };
  const grid = gridParams(intervention, source, { align, positions }, layers, named);
  return (await supervisor.request("plan", { sweep: null, grid })).expectedMs;
}

async function fittingStep(expected: (n: number) => Promise<number | null>): Promise<number> {
  for (const n of STEPS) {
    const ms = await expected(n);
    if (ms === null) return 4;
    if (ms < LONG_RUN_MS) return n;
  }
  return STEPS.at(-1)!;
}

function runsOf({ positions, layers }: GridExtent): number {
  return positions.length * (layers.to - layers.from + 1);
}

/** `24 tokens × k 0–29, about 20 s`; without a time before the model's first run. */
function extentText(extent: GridExtent, ms: number | null): string {
  const { from, to } = extent.layers;
  const size = l10n.t("{0} tokens × k {1}", extent.positions.length, rangeText(from, to));
  return ms === null ? size : `${size}, ${durationText(ms)}`;
}

async function typedLayers(
  { vs }: Host,
  blocks: number,
  { from, to }: LayerRange,
): Promise<LayerRange | undefined> {
  const text = await vs.window.showInputBox({
    title: l10n.t("Run Grid: Range of Layers"),
    prompt: l10n.t("k from–to, 0 to {0} (k = layer whose input is replaced, 0 = embeddings)", blocks - 1),
    value: `${from}-${to}`,
    ignoreFocusOut: true,
    validateInput: (value) => {
      const parsed = parseLayerRange(value, blocks);
      return typeof parsed === "string" ? parsed : null;
    },
  });
  const layers = text === undefined ? "" : parseLayerRange(text, blocks);
  return typeof layers === "string" ? undefined : layers;
}
