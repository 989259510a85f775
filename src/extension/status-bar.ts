/** The status bar item: model, running or idle, in few characters. */
import * as l10n from "@vscode/l10n";
import type { MarkdownString } from "vscode";
import { EMBEDDED_TAG } from "../shared/words/facts.ts";
import { textOf } from "../shared/words/parts.ts";
import { verdictFacts } from "./interventions/facts.ts";
import { tokenizerTag } from "../shared/words/model.ts";
import { runtimeText } from "../shared/words/runtime.ts";
import { verdict } from "../shared/words/verdict.ts";
import { choiceName } from "./engine/model-choice.ts";
import { modelName } from "../shared/text/model-name.ts";
import type { ModelStatus } from "./engine/supervisor.ts";
import type { Host } from "./host.ts";
import { COMMAND_IDS } from "./ids.ts";
import { limitText } from "../shared/words/workspace.ts";
import { workspaceLimit } from "./workspace.ts";
import { commandLink, escaped } from "./markdown.ts";
import type { Disposable } from "./signal.ts";
import type { Work } from "./interventions/records.ts";
import { throttled } from "./throttle.ts";

const FRAME_MS = 100;

/** What the item says. */
export interface StatusText {
  readonly text: string;
  /** For screen readers. */
  readonly label: string;
}

/**
 * The item's text.
 *
 * @param chosenPath the chosen model; null until it is known
 * @param chosenName its name where the path does not tell
 */
export function statusText(
  model: ModelStatus,
  chosenPath: string | null,
  work: Work | null,
  chosenName?: string,
): StatusText {
  const isOpen = model.info !== null && model.path === chosenPath;
  const name = (chosenName ?? modelName(isOpen ? model.info.path : (chosenPath ?? ""))) || "State Swap";
  const facts = isOpen ? `${name} · ${model.info.numeric}` : name;
  const hasFailed = model.state === "failed" && model.path === chosenPath;
  const isBusy = work !== null || model.state === "opening";
  const counted = work !== null && work.total > 0 ? `${work.done}/${work.total}` : null;
  const icon = isBusy ? "$(loading~spin)" : hasFailed ? "$(warning)" : "$(arrow-swap)";
  const told = counted ?? (hasFailed && !isBusy ? l10n.t("not opened") : null);
  const idle = work ? l10n.t("running") : isBusy ? l10n.t("opening") : l10n.t("idle");
  return {
    // Short: VS Code drops other items for a long one. The rest is in the tooltip.
    text: `${icon} ${shortName(name)}${told === null ? "" : ` ${told}`}`,
    label: l10n.t("State Swap model {0}, {1}", facts, told ?? idle),
  };
}

/** Characters of a name that leave room for a count within 180 px. */
const LONGEST_NAME = 14;

/** `SmolLM2-135M` of `SmolLM2-135M-Instruct.Q4_1`: what tells models apart at a glance. */
export function shortName(name: string): string {
  const short = name.replace(/[-_.](?:i?q\d|f16|f32|bf16|fp16|int8|instruct|chat|it\b|onnx)[\w.-]*$/i, "");
  return short.length <= LONGEST_NAME ? short : `${short.slice(0, LONGEST_NAME - 1)}…`;
}

/** Shows the item; a click opens the model picker. */
export function createStatusBar(host: Host): Disposable {
  const { vs } = host;
  const item = vs.window.createStatusBarItem("model", vs.StatusBarAlignment.Right, 100);
  item.name = l10n.t("State Swap Model");
  item.command = COMMAND_IDS.selectModel;
  const update = (): void => {
    const { store, supervisor, chosen } = host;
    const { path = null, name } = chosen.current ?? {};
    const { text, label } = statusText(supervisor.model, path, store.state.work, name);
    item.text = text;
    item.accessibilityInformation = { label: `${label}. ${lastVerdict(host)}`, role: "button" };
    item.tooltip = tooltip(host);
  };
  const frames = throttled(update, FRAME_MS);
  const request = (): void => {
    frames.request();
  };
  const subscriptions: Disposable[] = [
    host.store.changed.on(request),
    host.supervisor.changed.on(request),
    host.chosen.changed.on(request),
    vs.workspace.onDidGrantWorkspaceTrust(request),
    vs.workspace.onDidChangeWorkspaceFolders(request),
    frames,
    item,
  ];
  update();
  item.show();
  return {
    dispose: () => {
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}

function tooltip(host: Host): MarkdownString {
  const { model, residentBytes } = host.supervisor;
  const { current } = host.chosen;
  const lines = [`**State Swap** ${escaped(choiceName(current))}`];
  if (current?.embedded) lines.push(`${EMBEDDED_TAG.label}: ${EMBEDDED_TAG.description}`);
  const limit = workspaceLimit(host.vs);
  if (limit) lines.push(limitText(limit));
  if (model.info) {
    const { architecture, blocks, width, numeric, cut, selfTest } = model.info;
    lines.push(
      l10n.t(
        "{0}, {1} layers of width {2}, {3}, {4}",
        escaped(architecture),
        blocks,
        width,
        escaped(numeric),
        escaped(cut),
      ),
    );
    const difference = selfTest.maxAbsDiff === null ? selfTest.note : selfTest.maxAbsDiff.toExponential(1);
    lines.push(
      escaped(
        selfTest.passed
          ? l10n.t("Self-test at opening: passed ({0})", difference)
          : l10n.t("Self-test at opening: failed ({0})", difference),
      ),
    );
  }
  if (model.info) lines.push(escaped(runtimeText(model.info.runtime)));
  if (model.info?.tokenizer !== undefined)
    lines.push(escaped(tokenizerTag(model.info.tokenizer).description));
  if (residentBytes > 0) lines.push(l10n.t("Engine memory {0} MB", Math.round(residentBytes / 1e6)));
  if (model.failure) lines.push(`${escaped(model.failure.message)} ${escaped(model.failure.hint)}`);
  const said = lastVerdict(host);
  if (said !== "") lines.push(escaped(said));
  lines.push(
    [
      commandLink(l10n.t("Select Model"), COMMAND_IDS.selectModel, [], l10n.t("Choose another model")),
      commandLink(l10n.t("Open Panel"), COMMAND_IDS.openPanel, [], l10n.t("Open the side panel")),
      commandLink(
        l10n.t("Restart Engine"),
        COMMAND_IDS.restartEngine,
        [],
        l10n.t("End the engine process and start another"),
      ),
      commandLink(l10n.t("Show Log"), COMMAND_IDS.showLog, [], l10n.t("Open the log")),
      commandLink(
        l10n.t("Show Diagnostics"),
        COMMAND_IDS.showDiagnostics,
        [],
        l10n.t("What runs here and what does not, to paste into a report"),
      ),
    ].join(" · "),
  );
  const content = new host.vs.MarkdownString(lines.join("\n\n"));
  const { selectModel, openPanel, restartEngine, showLog, showDiagnostics } = COMMAND_IDS;
  content.isTrusted = { enabledCommands: [selectModel, openPanel, restartEngine, showLog, showDiagnostics] };
  return content;
}

/** The shown sweep in a sentence. */
function lastVerdict({ store }: Host): string {
  const sweep = store.shown?.sweep;
  if (sweep?.state !== "complete") return "";
  const { rows } = sweep;
  const said = textOf(verdict(rows, verdictFacts(sweep)));
  return sweep.runMs === null
    ? said
    : l10n.t("{0} {1} rows in {2} s.", said, rows.length, (sweep.runMs / 1000).toFixed(1));
}
