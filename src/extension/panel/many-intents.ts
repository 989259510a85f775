/** What the user does with the table of many prompts. */
import * as l10n from "@vscode/l10n";
import { manyCsv, manyTabbed } from "../../shared/export/many-csv.ts";
import type { Many } from "../../shared/experiment/many.ts";
import type { PanelIntent } from "../../shared/protocol/panel-intent.ts";
import { positionsOf } from "../../shared/prompt/spans.ts";
import type { Host } from "../host.ts";
import { manyOf } from "../interventions/run-many.ts";
import { labelOf } from "../prompt/editor-prompts.ts";
import { revealTokens } from "./reveal.ts";

/** Shows a row's prompt: its result below the table, its tokens in the editor. */
export async function openRow(host: Host, id: number): Promise<void> {
  const { store } = host;
  const entry = store.state.many?.entries.find((one) => one.id === id);
  if (!entry?.made) return;
  // Whatever ran on the prompt since has taken its place in the store: the table's own result is brought back.
  const { made, sweep } = entry;
  if (store.intervention(made.id)) store.set({ shownId: made.id });
  else store.put({ ...made, sweep });
  await revealTokens(host, made.target, made.targets.flatMap(positionsOf));
}

/** Runs what has not run, copies or saves the table, or puts it away. */
export async function tableAct(
  host: Host,
  act: Extract<PanelIntent, { type: "table" }>["act"],
): Promise<void> {
  const { store, vs, runner, notices } = host;
  const { many } = store.state;
  if (!many) return;
  switch (act) {
    case "runRest":
      return runner.many(many);
    case "copy":
      await vs.env.clipboard.writeText(manyTabbed(tableOf(host)!));
      notices.hint(l10n.t("The table is copied: {0} prompts.", many.entries.length));
      return;
    case "save":
      return save(host, manyCsv(tableOf(host)!));
    case "close":
      store.set({ many: null });
  }
}

function tableOf({ store, prompts }: Host): Many | null {
  const { many } = store.state;
  const label = (id: number): string | null => {
    const known = prompts.get(id);
    return known && labelOf(known);
  };
  return many && manyOf(many, (id) => store.intervention(id)?.sweep ?? null, label);
}

async function save({ vs }: Host, csv: string): Promise<void> {
  const [folder] = vs.workspace.workspaceFolders ?? [];
  const uri = await vs.window.showSaveDialog({
    title: l10n.t("Save Table"),
    filters: { CSV: ["csv"] },
    ...(folder && { defaultUri: vs.Uri.joinPath(folder.uri, "swaps.csv") }),
  });
  if (uri) await vs.workspace.fs.writeFile(uri, new TextEncoder().encode(csv));
}
