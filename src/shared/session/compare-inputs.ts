/** What two sessions were made from, and where that differs. */
import type { Answer, NamedAnswers } from "../experiment/experiment.ts";
import * as l10n from "@vscode/l10n";
import type { InputDifference } from "./comparison.ts";
import { sameModel } from "../experiment/same-model.ts";
import type { Session, SessionModel, SessionPrompt } from "./session.ts";
import { keptHashes, modelPartName, partHash } from "../words/model.ts";

interface Input {
  readonly what: string;
  readonly harmless: boolean;
  /** Null: the session does not say, so that nothing differs. */
  readonly of: (session: Session) => unknown;
}

function inputs(): readonly Input[] {
  return [
    input(l10n.t("architecture"), ({ model }) => model.architecture),
    input(l10n.t("number of layers"), ({ model }) => model.blocks),
    input(l10n.t("width"), ({ model }) => model.width),
    input(l10n.t("vocabulary"), ({ model }) => model.vocab),
    input(l10n.t("numeric mode"), ({ model }) => model.numeric),
    input(l10n.t("convention"), ({ convention }) => convention),
    input(l10n.t("token ids of the target"), ({ target }) => target.tokenization.ids),
    input(l10n.t("token ids of the source"), ({ source }) => source?.tokenization.ids ?? l10n.t("none")),
    input(l10n.t("condition of the sweep"), ({ sweep }) => sweep?.condition ?? null),
    input(l10n.t("range of k of the sweep"), ({ sweep }) => sweep?.layers ?? null),
    input(l10n.t("answers of the sweep"), ({ sweep }) => sweep && asked(sweep.request)),
    input(l10n.t("source positions of the grid"), ({ grid }) => grid?.sourcePositions ?? null),
    input(
      l10n.t("source layer of the grid"),
      ({ grid }) => grid && (grid.sourceLayer ?? l10n.t("locked to k")),
    ),
    input(l10n.t("strength of the grid"), ({ grid }) => grid?.strength ?? null),
    input(l10n.t("positions of the grid"), ({ grid }) => grid?.asked ?? null),
    input(l10n.t("range of k of the grid"), ({ grid }) => grid?.layers ?? null),
    input(l10n.t("answers of the grid"), ({ grid }) => grid && asked(grid.request)),
    input(l10n.t("BOS of the target"), ({ target }) => bosOf(target), true),
    input(l10n.t("BOS of the source"), ({ source }) => source && bosOf(source), true),
    input(l10n.t("model name"), ({ model }) => model.name, true),
    input(l10n.t("how the model is cut"), ({ model }) => model.cut, true),
    input(l10n.t("runtime"), ({ model }) => model.runtime ?? null, true),
    input(l10n.t("product version"), ({ product }) => product, true),
  ];
}

/** Without the texts of first tokens, which older files lack: the ids say the same. */
function asked<Request extends NamedAnswers>(request: Request): Request {
  const bare = (answer: Answer | null): Answer | null => answer && { ids: answer.ids, text: answer.text };
  return { ...request, target: bare(request.target), source: bare(request.source) };
}

/** Inputs of two sessions that differ, the ones that change numbers first. */
export function inputDifferences(before: Session, after: Session): InputDifference[] {
  const others = inputs().flatMap(({ what, harmless, of }): InputDifference[] => {
    const [a, b] = [of(before), of(after)];
    // A part that only one of the two has is no input that differs: its cells are not compared.
    if (a === null || b === null) return [];
    const [textA, textB] = [textOf(a), textOf(b)];
    return textA === textB ? [] : [{ what, before: textA, after: textB, harmless }];
  });
  return [...modelDifferences(before.model, after.model), ...others];
}

function modelDifferences(before: SessionModel, after: SessionModel): InputDifference[] {
  const agreement = sameModel(before, after);
  if (agreement.kind === "differs") {
    return agreement.parts.map((part) => ({
      what: modelPartName(part),
      before: partHash(before, part),
      after: partHash(after, part),
      // Token ids are compared for themselves.
      harmless: part === "template",
    }));
  }
  const isHalfKnown = agreement.kind === "same-file" && Boolean(before.identity) !== Boolean(after.identity);
  if (!isHalfKnown) return [];
  return [
    {
      what: l10n.t("hashes of the model"),
      before: keptHashes(before),
      after: keptHashes(after),
      harmless: true,
    },
  ];
}

function input(what: string, of: Input["of"], harmless = false): Input {
  return { what, harmless, of };
}

function bosOf({ tokenization }: SessionPrompt): string {
  const { policy, added } = tokenization.bos;
  return added ? l10n.t("{0}, added", policy) : l10n.t("{0}, not added", policy);
}

/** Fields in one order, whoever made the object. */
function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  return JSON.stringify(value, (_key, field: unknown) =>
    typeof field === "object" && field !== null && !Array.isArray(field)
      ? Object.fromEntries(Object.entries(field).sort(([a], [b]) => (a < b ? -1 : 1)))
      : field,
  );
}
