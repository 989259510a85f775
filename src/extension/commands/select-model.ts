/** The model picker: what is embedded, found on disk, used before, on a hub, or anywhere else; then the choice is made and opened. */
import * as l10n from "@vscode/l10n";
import * as os from "node:os";
import type { QuickPickItem } from "vscode";
import * as v from "valibot";
import { EMBEDDED_TAG } from "../../shared/words/facts.ts";
import { absolute } from "../engine/chosen-model.ts";
import { choiceName } from "../engine/model-choice.ts";
import { modelName } from "../../shared/text/model-name.ts";
import type { Host } from "../host.ts";
import { SETTING_KEYS, SETTING_SECTION } from "../ids.ts";
import { findModels } from "../../engine/discovery/find-models.ts";
import type { FoundModel } from "../../engine/discovery/found-model.ts";
import { HUB_OFFERS } from "../models/hub-list.ts";
import { fetchOffer, fetchOther } from "../models/hub-models.ts";
import type { UsedModel } from "../models/model-memory.ts";
import type { PickerChoice, PickerRow } from "../models/picker-items.ts";
import { pickerRows } from "../models/picker-items.ts";
import { searchedPlaces } from "../models/searched-places.ts";
import { pickerText } from "../../shared/words/workspace.ts";
import { machineName, workspaceLimit } from "../workspace.ts";

/** Models chosen before, kept for all workspaces. */
const RECENT_KEY = "recentModels";
const MOST_RECENT = 6;
/** Rows below the first come together once the disk was searched, or after so long: what moves is hard to hit. */
const FIRST_MS = 600;
/** From then on they come in batches. */
const BATCH_MS = 250;

type Item = QuickPickItem & { readonly choice: PickerChoice | null };

/** Asks for a model, makes it the workspace's, and opens it. */
export async function selectModel(host: Host): Promise<void> {
  const choice = await pick(host);
  if (!choice) return;
  const chosen = await modelOf(host, choice);
  if (!chosen) return;
  if (chosen.path !== "") await remember(host, chosen);
  host.runner.cancelAll();
  host.store.set({ error: null });
  await write(host, chosen);
  // Whoever chooses a model wants to know at once whether it opens.
  await host.supervisor.open();
}

/** Shows the picker; rows of the disk stream in while it is open. */
function pick(host: Host): Promise<PickerChoice | null> {
  const { vs } = host;
  const picker = vs.window.createQuickPick<Item>();
  const abort = new AbortController();
  const found: FoundModel[] = [];
  const limit = workspaceLimit(vs);
  picker.title = l10n.t("Select Model");
  picker.matchOnDescription = true;
  picker.matchOnDetail = true;
  picker.keepScrollPosition = true;
  picker.placeholder = pickerText(machineName(vs), limit);
  const show = (only: "first" | "all"): void => {
    const [active] = picker.activeItems;
    const all = rows(host, found);
    // What is chosen, what the prompt was last run with, the embedded model: there at once, and never moved.
    const headings = all.findIndex(({ choice }) => choice === null);
    const items = all.slice(0, only === "all" ? undefined : headings).map((row) => itemOf(host, row));
    picker.items = items;
    // The row under the user's hand stays where it is in the list.
    const same = active && items.find((item) => isSame(item.choice, active.choice));
    if (same) picker.activeItems = [same];
  };
  show(limit === null ? "first" : "all");
  picker.busy = limit === null;
  const search = async (): Promise<void> => {
    let next = Date.now() + FIRST_MS;
    const late = setTimeout(() => {
      show("all");
    }, FIRST_MS);
    try {
      for await (const model of findModels(searchedPlaces(host), { signal: abort.signal })) {
        found.push(model);
        if (Date.now() < next) continue;
        show("all");
        next = Date.now() + BATCH_MS;
      }
    } finally {
      clearTimeout(late);
      if (!abort.signal.aborted) show("all");
    }
  };
  return new Promise((resolve) => {
    picker.onDidAccept(() => {
      const [item] = picker.selectedItems;
      if (!item?.choice) return;
      resolve(item.choice);
      picker.hide();
    });
    picker.onDidHide(() => {
      abort.abort();
      resolve(null);
      picker.dispose();
    });
    picker.show();
    if (limit !== null) return;
    search()
      .catch((error: unknown) => {
        host.log.warn(`looking for models: ${String(error)}`);
      })
      .finally(() => {
        if (!abort.signal.aborted) picker.busy = false;
      });
  });
}

function rows(host: Host, found: readonly FoundModel[]): PickerRow[] {
  const { vs, chosen, modelMemory, hub, supervisor } = host;
  const { current } = chosen;
  const path = !current || current.embedded ? "" : current.path;
  const uri = vs.window.activeTextEditor?.document.uri.toString();
  const used = uri === undefined ? null : modelMemory.usedBy(uri);
  return pickerRows({
    current: path,
    currentName: choiceName(current),
    failed: supervisor.model.state === "failed" ? supervisor.model.path : null,
    embedded: { name: "", ...EMBEDDED_TAG },
    usedBefore: used && used.path !== path ? used : null,
    found,
    recent: recentModels(host),
    offers: HUB_OFFERS,
    host: new URL(hub.host).host,
    limit: workspaceLimit(vs),
    machine: machineName(vs),
    home: os.homedir(),
  });
}

function itemOf({ vs }: Host, { label, description, detail, choice }: PickerRow): Item {
  return {
    label,
    choice,
    ...(choice === null ? { kind: vs.QuickPickItemKind.Separator } : {}),
    ...(description === undefined ? {} : { description }),
    ...(detail === undefined ? {} : { detail }),
  };
}

function isSame(a: PickerChoice | null, b: PickerChoice | null): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** The model of a choice, fetched or browsed for where needed; null when the user gives up. */
async function modelOf(host: Host, choice: PickerChoice): Promise<UsedModel | null> {
  const named = (path: string | null): UsedModel | null =>
    path === null ? null : { path, name: modelName(path) };
  switch (choice.kind) {
    case "model":
      return { path: choice.path, name: choice.name };
    case "offer":
      return named(await fetchOffer(host.hub, choice.offer));
    case "other-hub":
      return named(await fetchOther(host.hub));
    case "file":
    case "folder":
      return named(await browse(host, choice.kind));
    case "trust":
      await host.vs.commands.executeCommand("workbench.trust.manage");
      return null;
  }
}

async function browse(host: Host, kind: "file" | "folder"): Promise<string | null> {
  const current = host.settings().model;
  const folder = host.vs.workspace.workspaceFolders?.[0]?.uri;
  const start = current === "" ? folder : host.vs.Uri.file(absolute(current, folder?.fsPath ?? null));
  const chosen = await host.vs.window.showOpenDialog({
    canSelectFiles: kind === "file",
    canSelectFolders: kind === "folder",
    canSelectMany: false,
    ...(kind === "file"
      ? { filters: { [l10n.t("Models")]: ["gguf", "onnx"], [l10n.t("All Files")]: ["*"] } }
      : {}),
    ...(start ? { defaultUri: start } : {}),
    openLabel: l10n.t("Select Model"),
    title: kind === "file" ? l10n.t("Model File") : l10n.t("Model Folder"),
  });
  return chosen?.[0]?.fsPath ?? null;
}

/** Earlier versions kept paths alone. */
function recentModels({ context }: Host): UsedModel[] {
  const entry = v.union([v.string(), v.object({ path: v.string(), name: v.string() })]);
  const parsed = v.safeParse(v.array(entry), context.globalState.get(RECENT_KEY));
  if (!parsed.success) return [];
  return parsed.output.map((one) => (typeof one === "string" ? { path: one, name: modelName(one) } : one));
}

async function remember(host: Host, { path, name }: UsedModel): Promise<void> {
  const others = recentModels(host).filter((other) => other.path !== path);
  await host.context.globalState.update(RECENT_KEY, [{ path, name }, ...others].slice(0, MOST_RECENT));
}

/**
 * Makes the choice the workspace's, in its own storage. Where the workspace's settings name a model already, they go on
 * to do so; without a workspace it is the user's setting.
 */
async function write({ vs, chosen, modelMemory, settings }: Host, { path, name }: UsedModel): Promise<void> {
  const configuration = vs.workspace.getConfiguration(SETTING_SECTION);
  const known = configuration.inspect(SETTING_KEYS.model);
  if (known?.workspaceValue !== undefined || known?.workspaceFolderValue !== undefined) {
    await modelMemory.choose(null);
    await configuration.update(SETTING_KEYS.model, path, vs.ConfigurationTarget.Workspace);
  } else if ((vs.workspace.workspaceFolders ?? []).length === 0) {
    const value = path === "" ? undefined : path;
    await modelMemory.choose(null);
    await configuration.update(SETTING_KEYS.model, value, vs.ConfigurationTarget.Global);
  } else await modelMemory.choose({ path, name, setting: settings().model });
  await chosen.resolve();
}
