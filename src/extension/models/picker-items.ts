/** The rows of the model picker, as data: what is offered, in which order, under which headings. */
import * as l10n from "@vscode/l10n";
import type { UsedModel } from "./model-memory.ts";
import type { HubOffer } from "./hub-list.ts";
import type { FoundModel } from "../../engine/discovery/found-model.ts";
import type { PlaceKind } from "../../shared/words/found-model.ts";
import { PLACE_NAMES, problemText } from "../../shared/words/found-model.ts";
import { sizeText } from "../../shared/text/format.ts";
import type { WorkspaceLimit } from "../../shared/words/workspace.ts";
import { foundOnText, limitText } from "../../shared/words/workspace.ts";

/** What choosing a row does. */
export type PickerChoice =
  | { readonly kind: "model"; readonly path: string; readonly name: string }
  | { readonly kind: "offer"; readonly offer: HubOffer }
  | { readonly kind: "other-hub" | "file" | "folder" | "trust" };

/** A row, or a heading when it has no choice. */
export interface PickerRow {
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
  readonly choice: PickerChoice | null;
}

/** What the rows are made from. */
export interface PickerFacts {
  /** Path that is chosen now; empty for the embedded model. */
  readonly current: string;
  /** Name of the model that is chosen now. */
  readonly currentName: string;
  /** Path of the model that could not be opened just now; null while nothing is wrong. */
  readonly failed: string | null;
  readonly embedded: { readonly name: string; readonly label: string; readonly description: string };
  /** What the prompt in the editor was last run with; null when that is not known or is chosen now. */
  readonly usedBefore: UsedModel | null;
  readonly found: readonly FoundModel[];
  /** Chosen before, in any workspace. */
  readonly recent: readonly UsedModel[];
  readonly offers: readonly HubOffer[];
  /** Name of the hub's host. */
  readonly host: string;
  readonly limit: WorkspaceLimit | null;
  /** The machine whose disk was searched; null for the user's own. */
  readonly machine: string | null;
  /** The user's home folder, written `~`. */
  readonly home: string;
}

const WORKSPACE: readonly PlaceKind[] = ["workspace"];

/** All rows. */
export function pickerRows(facts: PickerFacts): PickerRow[] {
  const { current, currentName, failed, embedded, usedBefore, found, recent } = facts;
  const { offers, host, limit, machine, home } = facts;
  const shown = (path: string): string => shownPath(path, home);
  const mark = (path: string): string => (path === current ? l10n.t("current") : "");
  const embeddedRow: PickerRow = {
    label: `$(beaker) ${l10n.t("Embedded Model")}`,
    description: joined([embedded.label, mark("")]),
    detail: embedded.description,
    choice: { kind: "model", path: "", name: embedded.name },
  };
  if (limit !== null) {
    const trustRow: PickerRow = {
      label: `$(shield) ${l10n.t("Manage Workspace Trust…")}`,
      detail: limitText(limit),
      choice: { kind: "trust" },
    };
    return limit === "untrusted" ? [embeddedRow, trustRow] : [embeddedRow];
  }
  const wrongWith = ({ path, problem }: FoundModel): string =>
    problem ? problemText(problem) : path === failed ? l10n.t("could not be opened") : "";
  const rowOf = (model: FoundModel): PickerRow => ({
    // What cannot be opened has its name in the dim part of the row.
    label: wrongWith(model) === "" ? `$(package) ${model.name}` : "$(warning)",
    description: joined([
      wrongWith(model) === "" ? "" : model.name,
      model.quantisation ?? "",
      mark(model.path),
      wrongWith(model),
    ]),
    detail: joined([
      model.kind === "gguf" ? "GGUF" : "ONNX",
      model.architecture ?? "",
      sizeText(model.bytes),
      l10n.t("about {0} of memory", sizeText(model.memoryBytes)),
      WORKSPACE.includes(model.place) ? "" : PLACE_NAMES[model.place],
      shown(model.path),
    ]),
    choice: { kind: "model", path: model.path, name: model.name },
  });
  const currentFound = found.find(({ path }) => path === current);
  const currentRow = currentFound
    ? rowOf(currentFound)
    : {
        label: `$(package) ${currentName}`,
        description: mark(current),
        detail: shown(current),
        choice: { kind: "model" as const, path: current, name: currentName },
      };
  const others = found.filter(({ path }) => path !== current);
  const readable = others.filter((model) => wrongWith(model) === "");
  const here = readable.filter(({ place }) => WORKSPACE.includes(place));
  const elsewhere = readable.filter(({ place }) => !WORKSPACE.includes(place));
  const listed = new Set(["", current, ...found.map(({ path }) => path)]);
  const before = recent.filter(({ path }) => !listed.has(path));
  const arrived = (offer: HubOffer): boolean =>
    found.some(
      ({ place, path }) =>
        place === "downloaded" &&
        slashes(path).includes(`/${offer.id}/`) &&
        slashes(path).endsWith(`/${offer.file}`),
    );
  return [
    ...(current === "" ? [embeddedRow] : [currentRow]),
    ...(usedBefore
      ? [
          {
            label: `$(history) ${usedBefore.name}`,
            description: l10n.t("This prompt was last run with it. Use it?"),
            detail: shown(usedBefore.path),
            choice: { kind: "model" as const, ...usedBefore },
          },
        ]
      : []),
    ...(current === "" ? [] : [embeddedRow]),
    ...section(l10n.t("this workspace"), here.map(rowOf)),
    ...section(foundOnText(machine), elsewhere.map(rowOf)),
    ...section(
      l10n.t("used before"),
      before.map(({ path, name }) => ({
        label: `$(package) ${name}`,
        detail: shown(path),
        choice: { kind: "model" as const, path, name },
      })),
    ),
    ...section(l10n.t("download from {0}", host), [
      ...offers
        .filter((offer) => !arrived(offer))
        .map((offer) => ({
          label: `$(cloud-download) ${offer.id}`,
          description: l10n.t("about {0}", sizeText(offer.bytes)),
          detail: joined([offer.about, l10n.t("licence {0}", offer.licence), offer.file]),
          choice: { kind: "offer" as const, offer },
        })),
      {
        label: `$(cloud-download) ${l10n.t("Other Hub Model…")}`,
        description: l10n.t("by its id"),
        choice: { kind: "other-hub" as const },
      },
    ]),
    ...section(l10n.t("browse"), [
      {
        label: `$(file) ${l10n.t("Model File…")}`,
        description: l10n.t("GGUF or ONNX"),
        choice: { kind: "file" as const },
      },
      {
        label: `$(folder) ${l10n.t("Model Folder…")}`,
        description: l10n.t("a folder as model hubs lay it out, with tokenizer.json"),
        choice: { kind: "folder" as const },
      },
    ]),
    ...section(
      l10n.t("found, but not to be opened"),
      others.filter((model) => wrongWith(model) !== "").map(rowOf),
    ),
  ];
}

function section(heading: string, rows: readonly PickerRow[]): PickerRow[] {
  return rows.length === 0 ? [] : [{ label: heading, choice: null }, ...rows];
}

/** A path for people: short below their home, and empty for a blob, whose path says nothing. */
function shownPath(path: string, home: string): string {
  if (/[\\/]blobs[\\/]sha256/.test(path)) return "";
  const isBelow = path.startsWith(home) && /^[\\/]/.test(path.slice(home.length));
  return isBelow ? `~${path.slice(home.length)}` : path;
}

function slashes(path: string): string {
  return path.replaceAll("\\", "/");
}

function joined(parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join(" · ");
}
