/** What the user does in the panel, done. */
import * as l10n from "@vscode/l10n";
import { descriptorOf, smallestK } from "../../shared/condition/condition.ts";
import { changedChoice } from "../../shared/condition/condition-choice.ts";
import type { PanelIntent } from "../../shared/protocol/panel-intent.ts";
import { COMMAND_IDS } from "../ids.ts";
import type { Host } from "../host.ts";
import { setValues } from "../ask/ask-values.ts";
import { chooseVectors } from "../ask/needed-input.ts";
import { sweepRowOf } from "../interventions/grid-beside.ts";
import { pinning, removing, restored, showing } from "../interventions/runs.ts";
import { showK } from "../interventions/shown-k.ts";
import { spanBetween, spansOfPositions } from "../prompt/read-prompt.ts";
import { fittingAlignment, newIntervention } from "../interventions/make-intervention.ts";
import type { Intervention, Setup, Source } from "../interventions/records.ts";
import { openRow, tableAct } from "./many-intents.ts";
import { revealTokens } from "./reveal.ts";

type Side = "source" | "target";

/** Carries out one intent; `ready` is the view's own. */
export async function carryOut(host: Host, intent: Exclude<PanelIntent, { type: "ready" }>): Promise<void> {
  const { store } = host;
  switch (intent.type) {
    case "setLayers": {
      const { from, to } = intent;
      const last = (host.supervisor.model.info?.blocks ?? 0) - 1;
      const isAll = from <= smallestK(setupOf(host).choice.kind) && to === last;
      if (from <= to) store.set({ layers: isAll ? null : { from, to } });
      return;
    }
    case "setCondition":
      store.choose({ choice: changedChoice(setupOf(host).choice, intent.choice) });
      return;
    case "setAnswers":
      store.choose({ answers: { ...setupOf(host).answers, ...intent.answers } });
      return;
    case "continue":
      if (!store.shown) return;
      showK(host, store.shown, intent.k);
      await host.runner.continuation(store.shown, intent.k, intent.tokens);
      return;
    case "setPositions":
      return choosePositions(host, intent.side, intent.positions);
    case "run":
      if (store.shown) actOnRun(host, store.shown, intent);
      return;
    case "restoreRun":
      if (store.shown) store.update(store.shown.id, restored);
      return;
    case "stepTo":
      if (store.shown) showK(host, store.shown, intent.k);
      return runHeldCell(host);
    case "lockCell":
      lockCell(host, { position: intent.position, k: intent.k });
      return runHeldCell(host);
    case "runCell":
      if (store.shown) await host.runner.cell(store.shown);
      return;
    case "unlockCell":
      lockCell(host, null);
      return;
    case "reveal": {
      const read = intent.side === "target" ? store.shown?.target : sourceOf(host)?.read;
      if (read) await revealTokens(host, read, [intent.position]);
      return;
    }
    case "setValues": {
      const read = intent.side === "target" ? store.shown?.target : sourceOf(host)?.read;
      if (read) await setValues(host, read.promptId);
      return;
    }
    case "openRow":
      return openRow(host, intent.id);
    case "table":
      return tableAct(host, intent.act);
    case "dropWaiting":
      host.runner.drop(intent.id);
      return;
    case "dismissError":
      store.set({ error: null });
      return;
    case "command":
      await runCommand(host, intent.command);
  }
}

async function runCommand(
  host: Host,
  command: Extract<PanelIntent, { type: "command" }>["command"],
): Promise<void> {
  // The panel's own intervention, not the one at the editor's cursor.
  const shown = host.store.shown?.id;
  const run = (id: string, argument?: number): Thenable<unknown> =>
    host.vs.commands.executeCommand(id, ...(argument === undefined ? [] : [argument]));
  switch (command) {
    case "runSweep":
      await run(COMMAND_IDS.runAgain, shown);
      return;
    case "runAgain":
    case "runGrid":
    case "runControls":
    case "keepOneBos":
    case "showAttention":
    case "chooseSource":
    case "saveSession":
    case "clearResults":
    case "exportResult":
      await run(COMMAND_IDS[command], shown);
      return;
    case "chooseVectors": {
      const vectors = await chooseVectors(host);
      if (vectors) host.store.choose({ vectors, choice: { ...setupOf(host).choice, kind: "vectors" } });
      return;
    }
    case "cancel":
    case "runDemo":
    case "openSamples":
    case "openWalkthrough":
    case "selectModel":
    case "setHubToken":
    case "showLog":
    case "restartEngine":
      await run(COMMAND_IDS[command]);
      return;
    case "manageTrust":
      await run("workbench.trust.manage");
      return;
    case "openPrompt":
      await openPrompt(host);
  }
}

/** Shows, pins or removes one run of the shown prompt. */
function actOnRun(
  { store }: Host,
  { id }: Intervention,
  { run, action }: Extract<PanelIntent, { type: "run" }>,
): void {
  store.update(id, (now) => {
    switch (action) {
      case "show":
        return showing(now, run);
      case "pin":
        return pinning(now, run, true);
      case "unpin":
        return pinning(now, run, false);
      case "remove":
        return removing(now, run);
    }
  });
}

/** Lets the user choose a text file to work in. */
async function openPrompt({ vs }: Host): Promise<void> {
  const chosen = await vs.window.showOpenDialog({
    canSelectMany: false,
    openLabel: l10n.t("Open"),
    title: l10n.t("Open a Prompt"),
  });
  if (chosen?.[0]) await vs.window.showTextDocument(chosen[0]);
}

function setupOf({ store }: Host): Setup {
  return store.shown?.setup ?? store.state.setup;
}

function sourceOf({ store }: Host): Source | null {
  return store.shown?.source ?? store.state.source;
}

/** Chooses tokens for the next run; the result of others is out of date until then. */
async function choosePositions(host: Host, side: Side, positions: readonly number[]): Promise<void> {
  const { store } = host;
  if (positions.length === 0) return;
  const intervention = store.shown;
  if (side === "target") {
    if (!intervention) return;
    const targets = spansOfPositions(intervention.target, positions);
    if (targets.length === 0) return;
    const { choice } = intervention.setup;
    let chosen = intervention;
    // Whoever chooses tokens means them, whatever the rule was before.
    if (descriptorOf(choice.kind).takes.places !== "chosen" && choice.where !== "chosen") {
      const setup = { ...intervention.setup, choice: { ...choice, where: "chosen" as const } };
      store.choose({ choice: setup.choice });
      chosen = { ...intervention, setup };
    }
    rechoose(host, chosen, { targets });
    await revealTokens(host, intervention.target, positions);
    return;
  }
  const source = sourceOf(host);
  if (!source) return;
  const count = source.read.tokenization.tokens.length;
  // A source is one stretch of tokens: a gap in what was chosen is filled.
  const from = Math.min(...positions);
  const to = Math.min(count - 1, Math.max(...positions));
  if (from > to) return;
  const next: Source = { ...source, span: spanBetween(source.read, from, to) };
  if (intervention) rechoose(host, intervention, { source: next });
  else store.set({ source: next });
  await revealTokens(host, source.read, positions);
}

function rechoose(
  { store }: Host,
  intervention: Intervention,
  part: Partial<Pick<Intervention, "targets" | "source">>,
): void {
  const { id, target, targets, source, setup } = { ...intervention, ...part };
  const { sweep, runs, removed, grid, attention, k } = intervention;
  const align = fittingAlignment(intervention.align ?? store.state.align, targets, source?.span ?? null);
  const next = newIntervention({ id, target, targets, source, align, setup });
  store.update(id, () => ({ ...next, sweep, runs, removed, grid, attention, k }));
}

/**
 * Runs the locked cell, for the answers that the grid does not keep of it: once the model of the grid is open, for a look
 * at a stored result opens none.
 */
async function runHeldCell({ store, supervisor, runner, reading }: Host): Promise<void> {
  const { shown } = store;
  if (!shown?.grid || !shown.cell) return;
  const { grid, cell } = shown;
  const isOpen = supervisor.model.state === "ready" && supervisor.model.path === reading().modelKey;
  if (cell.position === sweepRowOf(shown, grid)) return;
  const isThere = grid.held?.position === cell.position && grid.held.row.k === cell.k;
  if (isOpen && !isThere && grid.target.reading.modelKey === reading().modelKey) await runner.cell(shown);
}

/** Locks a cell of the grid; the marks show its k. */
function lockCell({ store }: Host, cell: Intervention["cell"]): void {
  if (!store.shown) return;
  store.update(store.shown.id, () => ({ cell, ...(cell ? { k: cell.k } : {}) }));
}
