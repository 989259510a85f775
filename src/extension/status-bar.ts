/** The status bar item: model, numeric mode, running or idle. */
import type { MarkdownString } from "vscode";
import { verdict } from "../shared/outcome.ts";
import { embeddedTag, modelName } from "./engine/model-choice.ts";
import type { ModelStatus } from "./engine/supervisor.ts";
import type { Host } from "./host.ts";
import { commandIds } from "./ids.ts";
import { outcomeRow } from "./marks/after-text.ts";
import { commandLink, escaped } from "./marks/markdown.ts";
import type { Disposable } from "./signal.ts";
import type { Work } from "./swap/records.ts";
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
 */
export function statusText(model: ModelStatus, chosenPath: string | null, work: Work | null): StatusText {
  const isOpen = model.info !== null && model.path === chosenPath;
  const name = modelName(isOpen ? model.info.path : (chosenPath ?? "")) || "State Swap";
  const facts = isOpen ? `${name} · ${model.info.numeric}` : name;
  const doing = ((): string => {
    if (work && work.total > 0) return `${work.done} of ${work.total}`;
    if (work) return "running";
    if (model.state === "opening") return "opening";
    return model.state === "failed" && model.path === chosenPath ? "not opened" : "";
  })();
  const isBusy = work !== null || model.state === "opening";
  const icon = isBusy ? "$(loading~spin)" : doing === "not opened" ? "$(warning)" : "$(arrow-swap)";
  const tail = doing === "" || doing === "opening" || doing === "running" ? "" : ` · ${doing}`;
  return {
    text: `${icon} ${facts}${tail}`,
    label: `State Swap model ${facts}, ${doing === "" ? "idle" : doing}`,
  };
}

/** Shows the item; a click opens the model picker. */
export function createStatusBar(host: Host): Disposable {
  const { vs } = host;
  const item = vs.window.createStatusBarItem("model", vs.StatusBarAlignment.Right, 100);
  item.name = "State Swap Model";
  item.command = commandIds.selectModel;
  const update = (): void => {
    const { store, supervisor, chosen } = host;
    const { text, label } = statusText(supervisor.model, chosen.current?.path ?? null, store.state.work);
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
  const lines = [`**State Swap** ${escaped(modelName(model.info?.path ?? current?.path ?? ""))}`];
  if (current?.embedded) lines.push(`${embeddedTag.label}: ${embeddedTag.description}`);
  if (model.info) {
    const { architecture, blocks, width, numeric, cut, selfTest } = model.info;
    lines.push(
      `${escaped(architecture)}, ${blocks} blocks of width ${width}, ${escaped(numeric)}, ${escaped(cut)}`,
    );
    const difference =
      selfTest.maxAbsDiff === null ? escaped(selfTest.note) : selfTest.maxAbsDiff.toExponential(1);
    lines.push(`Self\\-test at opening: ${selfTest.passed ? "passed" : "failed"} (${difference})`);
  }
  if (residentBytes > 0) lines.push(`Engine memory ${Math.round(residentBytes / 1e6)} MB`);
  if (model.failure) lines.push(`${escaped(model.failure.message)} ${escaped(model.failure.hint)}`);
  const said = lastVerdict(host);
  if (said !== "") lines.push(escaped(said));
  lines.push(
    [
      commandLink("Select Model", commandIds.selectModel, [], "Choose another model"),
      commandLink("Open Panel", commandIds.openPanel, [], "Open the side panel"),
      commandLink("Restart Engine", commandIds.restartEngine, [], "End the engine process and start another"),
      commandLink("Show Log", commandIds.showLog, [], "Open the log"),
    ].join(" · "),
  );
  const content = new host.vs.MarkdownString(lines.join("\n\n"));
  const { selectModel, openPanel, restartEngine, showLog } = commandIds;
  content.isTrusted = { enabledCommands: [selectModel, openPanel, restartEngine, showLog] };
  return content;
}

/** The shown sweep in a sentence. */
function lastVerdict({ store, supervisor }: Host): string {
  const sweep = store.shown?.sweep;
  if (sweep?.state !== "complete") return "";
  const { rows, inputs } = sweep;
  const blocks = supervisor.model.info?.blocks ?? sweep.layers.to + 1;
  const said = verdict(rows.map(outcomeRow), blocks, inputs.condition.kind);
  return sweep.runMs === null ? said : `${said} ${rows.length} rows in ${(sweep.runMs / 1000).toFixed(1)} s.`;
}
