/** The open pages as a drawing board: asks whichever is shown for its colours, or for a picture as PNG. */
import * as l10n from "@vscode/l10n";
import * as v from "valibot";
import type { Webview } from "vscode";
import type { Palette } from "../shared/figure/color-scale.ts";
import { SwapError } from "../shared/errors.ts";
import type { ExportReply, ExportRequest } from "../shared/protocol/export-page.ts";
import { exportReplySchema, isExportReply } from "../shared/protocol/export-page.ts";
import type { Metric } from "../shared/figure/grid-cells.ts";

/** Which kind of page. */
export type PageKind = "panel" | "session";

/** A hidden page drops what it is sent: asked again after so long. */
const AGAIN_MS = 400;
/** After so long without an answer, all pages are asked, and one is opened. */
const ALONE_MS = 800;
const TIMEOUT_MS = 20_000;

/** A request without its id. */
type Question = ExportRequest extends infer R ? (R extends ExportRequest ? Omit<R, "id"> : never) : never;

/** Owner of the pages that can be asked. */
export class ExportPages {
  readonly #pages = new Map<Webview, PageKind>();
  readonly #waiting = new Map<number, (reply: ExportReply) => void>();
  readonly #openOne: () => Promise<void>;
  #nextId = 1;

  /** @param openOne shows a page where none is shown */
  constructor(openOne: () => Promise<void>) {
    this.#openOne = openOne;
  }

  /** Adds a page; it is forgotten once it cannot be sent to. */
  attach(webview: Webview, kind: PageKind): void {
    this.#pages.set(webview, kind);
    webview.onDidReceiveMessage((message: unknown) => {
      if (!isExportReply(message)) return;
      const parsed = v.safeParse(exportReplySchema, message);
      if (parsed.success) this.#waiting.get(parsed.output.id)?.(parsed.output);
    });
  }

  /**
   * The colours and the heatmap's metric as they are shown.
   *
   * @param preferred the kind of page that is asked first
   * @throws SwapError `engine-timeout` when no page answers
   */
  async look(preferred: PageKind): Promise<{ readonly palette: Palette; readonly metric: Metric }> {
    const reply = await this.#ask({ type: "exportLook" }, preferred);
    if (reply.type !== "exportLookReply") throw noAnswer();
    return reply;
  }

  /**
   * A picture as the bytes of a PNG.
   *
   * @param size in device pixels
   * @throws SwapError `engine-timeout`; `internal` when the page cannot draw it
   */
  async png(
    svg: string,
    size: { readonly width: number; readonly height: number },
    preferred: PageKind,
  ): Promise<Uint8Array> {
    const reply = await this.#ask({ type: "exportPng", svg, ...size }, preferred);
    if (reply.type === "exportPngReply")
      return Uint8Array.from(atob(reply.base64), (letter) => letter.charCodeAt(0));
    if (reply.type === "exportFailed") {
      throw new SwapError(
        "internal",
        l10n.t("The picture could not be drawn: {0}", reply.message),
        l10n.t("Export it as SVG."),
      );
    }
    throw noAnswer();
  }

  async #ask(question: Question, preferred: PageKind): Promise<ExportReply> {
    const request = { ...question, id: this.#nextId++ } as ExportRequest;
    const reply = new Promise<ExportReply>((resolve) => this.#waiting.set(request.id, resolve));
    const start = Date.now();
    let isOpened = false;
    try {
      while (Date.now() - start < TIMEOUT_MS) {
        const isAlone = Date.now() - start >= ALONE_MS || ![...this.#pages.values()].includes(preferred);
        for (const [page, kind] of this.#pages) if (isAlone || kind === preferred) this.#send(page, request);
        const first = await Promise.race([reply, after(AGAIN_MS)]);
        if (first) return first;
        if (isAlone && !isOpened) {
          isOpened = true;
          await this.#openOne();
        }
      }
      throw noAnswer();
    } finally {
      this.#waiting.delete(request.id);
    }
  }

  #send(page: Webview, request: ExportRequest): void {
    try {
      page.postMessage(request).then(undefined, () => this.#pages.delete(page));
    } catch {
      // A page that was closed.
      this.#pages.delete(page);
    }
  }
}

function after(ms: number): Promise<null> {
  return new Promise((resolve) => {
    setTimeout(() => {
      resolve(null);
    }, ms);
  });
}

function noAnswer(): SwapError {
  return new SwapError(
    "engine-timeout",
    l10n.t("The panel, which draws pictures, does not answer."),
    l10n.t("Open the panel and export again, or choose print colours as SVG, which needs no panel."),
  );
}
