/** What a session can be exported as, and the text or bytes of each. */
import * as l10n from "@vscode/l10n";
import { SwapError } from "../../shared/errors.ts";
import { gridCsv } from "../../shared/export/grid-csv.ts";
import { htmlPage } from "../../shared/export/html-page.ts";
import type { Look, LookKind } from "../../shared/figure/look.ts";
import { printLook, shownLook } from "../../shared/figure/look.ts";
import type { PictureSubject } from "../../shared/export/pictures.ts";
import { pictureOf, pictureSubjects, svgOf } from "../../shared/export/pictures.ts";
import { pngSize } from "../../shared/figure/png-size.ts";
import { gridJson, sweepJson } from "../../shared/export/result-json.ts";
import { markdownSummary } from "../../shared/export/summary.ts";
import { svgDocument } from "../../shared/figure/svg.ts";
import { sweepCsv } from "../../shared/export/sweep-csv.ts";
import type { Metric } from "../../shared/figure/grid-cells.ts";
import { serializeSession } from "../../shared/session/serialize.ts";
import type { Session } from "../../shared/session/session.ts";
import { readText } from "../files.ts";
import type { ViewerHost } from "../host.ts";
import type { ExportPages, PageKind } from "../export-pages.ts";

/** Kinds of files. */
export type Format = "csv" | "json" | "svg" | "png" | "html" | "md";

/** One file that a session can become. */
export interface ExportChoice {
  readonly format: Format;
  /** For people, within the format: `Strip, print colours`; empty where a format has one file only. */
  readonly part: string;
  /** Part of the file's name: `strip-print`; empty for none. */
  readonly suffix: string;
  readonly content: () => Promise<string | Uint8Array>;
}

/** What exports need beside the session. */
export interface ExportMeans {
  readonly host: ViewerHost;
  readonly pages: ExportPages;
  /** The kind of page that shows the session. */
  readonly shownOn: PageKind;
}

/** Everything that a session has for one format, best first; empty where it has nothing of the kind. */
export function exportChoices(session: Session, format: Format, means: ExportMeans): ExportChoice[] {
  const text = (part: string, suffix: string, content: () => string): ExportChoice => ({
    format,
    part,
    suffix,
    content: () => Promise.resolve(content()),
  });
  const { sweep, grid, target } = session;
  switch (format) {
    case "csv": {
      const tokens = target.tokenization.tokens.map((token) => token.text);
      return [
        ...(sweep ? [text(l10n.t("Sweep, a line for each k"), "sweep", () => sweepCsv(sweep.rows))] : []),
        ...(grid
          ? [text(l10n.t("Grid, a line for each token and k"), "grid", () => gridCsv({ tokens, ...grid }))]
          : []),
      ];
    }
    case "json": {
      const [ofSweep, ofGrid] = [sweepJson(session), gridJson(session)];
      return [
        ...(ofSweep === null
          ? []
          : [text(l10n.t("Sweep, as the command line writes it"), "sweep", () => ofSweep)]),
        ...(ofGrid === null
          ? []
          : [text(l10n.t("Grid, as the command line writes it"), "grid", () => ofGrid)]),
        text(l10n.t("Whole session"), "session", () => serializeSession(session)),
      ];
    }
    case "svg":
    case "png":
      return pictureChoices(session, format, means);
    case "html":
      return [{ format, part: "", suffix: "", content: () => pageText(session, means.host) }];
    case "md":
      return [text("", "", () => markdownSummary(session))];
  }
}

const SUBJECTS: Readonly<Record<PictureSubject, string>> = {
  get strip(): string {
    return l10n.t("Strip");
  },
  get heatmap(): string {
    return l10n.t("Heatmap");
  },
};
function looks(): readonly (readonly [LookKind, string])[] {
  return [
    ["shown", l10n.t("as shown")],
    ["print", l10n.t("print colours")],
  ];
}

function pictureChoices(session: Session, format: "svg" | "png", means: ExportMeans): ExportChoice[] {
  return pictureSubjects(session).flatMap((subject) =>
    looks().map(([kind, name]) => ({
      format,
      part: `${SUBJECTS[subject]}, ${name}`,
      suffix: kind === "print" ? `${subject}-print` : subject,
      content: async () => {
        const { look, metric } = await lookOf(kind, subject, means);
        if (format === "svg") return svgOf(session, subject, metric, look);
        const picture = pictureOf(session, subject, metric, look);
        return means.pages.png(svgDocument(picture), pngSize(picture), means.shownOn);
      },
    })),
  );
}

/** Print colours need no page, but the heatmap's metric is the one that a page shows. */
async function lookOf(
  kind: LookKind,
  subject: PictureSubject,
  { pages, shownOn }: ExportMeans,
): Promise<{ readonly look: Look; readonly metric: Metric }> {
  if (kind === "print" && subject === "strip") return { look: printLook, metric: "outcome" };
  const { palette, metric } = await pages.look(shownOn);
  return { look: kind === "print" ? printLook : shownLook(palette), metric };
}

/** @throws SwapError `file-not-found` when the installation lacks the page's bundle */
async function pageText(session: Session, { vs, context }: ViewerHost): Promise<string> {
  const read = async (name: string): Promise<string> => {
    const text = await readText(vs, vs.Uri.joinPath(context.extensionUri, "dist", name));
    if (text !== null) return text;
    throw new SwapError(
      "file-not-found",
      l10n.t("The file dist/{0} is missing from this installation.", name),
      l10n.t("Install the extension again."),
    );
  };
  const bundle = { script: await read("export.js"), style: await read("export.css") };
  return htmlPage(session, bundle, sha256);
}

/** By the means that Node and browsers share. */
async function sha256(text: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return btoa(String.fromCharCode(...new Uint8Array(hash)));
}
