/** Asks for what a run still needs: the source of a swap or grid, the file of vectors. */
import * as l10n from "@vscode/l10n";
import type { ConditionKind } from "../../shared/condition/condition.ts";
import { descriptorOf } from "../../shared/condition/condition.ts";
import { SwapError } from "../../shared/errors.ts";
import { parseVectors } from "../../shared/condition/vectors-file.ts";
import type { Host } from "../host.ts";
import { withChosenSource } from "../interventions/make-intervention.ts";
import type { Intervention, Setup, VectorsFile } from "../interventions/records.ts";
import { chooseAlignment } from "./choose-alignment.ts";
import { chooseSource } from "./choose-source.ts";

/** The same choices for another condition. */
export function ofKind(setup: Setup, kind: ConditionKind): Setup {
  return { ...setup, choice: { ...setup.choice, kind } };
}

/**
 * An intervention of the store with all that its condition needs, asked for if it is not chosen yet; null when the user
 * left, or cleared it meanwhile.
 */
export async function withWhatItNeeds(host: Host, intervention: Intervention): Promise<Intervention | null> {
  const { kind } = intervention.setup.choice;
  const { takes } = descriptorOf(kind);
  if (takes.source) return withSource(host, intervention);
  if (takes.places !== "given" || intervention.setup.vectors) return intervention;
  const vectors = await chooseVectors(host);
  if (!vectors) return null;
  host.store.set({ setup: { ...host.store.state.setup, vectors } });
  return host.store.update(intervention.id, ({ setup }) => ({ setup: { ...setup, vectors } }));
}

/** An intervention of the store with a source, asked for if it has none; null when the user left or cleared it meanwhile. */
export async function withSource(host: Host, intervention: Intervention): Promise<Intervention | null> {
  if (intervention.source) return intervention;
  const { target, targets, id } = intervention;
  const [span] = targets;
  const source = await chooseSource(host, span ? { read: target, span } : null);
  if (!source) return null;
  const align = await chooseAlignment(host, targets, source.span);
  if (align === undefined) return null;
  host.store.remember(source);
  return host.store.update(id, (now) => withChosenSource(now, source, align));
}

/**
 * Asks for a file of vectors and reads it; null when the user left.
 *
 * @throws SwapError `file-not-found`, `bad-vectors`
 */
export async function chooseVectors({ vs }: Host): Promise<VectorsFile | null> {
  const folder = vs.workspace.workspaceFolders?.[0]?.uri;
  const [uri] =
    (await vs.window.showOpenDialog({
      canSelectMany: false,
      filters: { [l10n.t("Vectors")]: ["json"] },
      openLabel: l10n.t("Use Vectors"),
      title: l10n.t("Vectors File"),
      ...(folder ? { defaultUri: folder } : {}),
    })) ?? [];
  if (!uri) return null;
  const label = uri.path.split("/").at(-1) ?? "";
  try {
    const text = new TextDecoder().decode(await vs.workspace.fs.readFile(uri));
    return { label, entries: parseVectors(text, label) };
  } catch (cause) {
    if (cause instanceof SwapError) throw cause;
    throw new SwapError(
      "file-not-found",
      l10n.t("{0} cannot be read.", label),
      l10n.t("Choose another file."),
      { cause },
    );
  }
}
