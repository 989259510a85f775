/** Answers the extension's questions for exports: which colours are shown, and how a picture looks as PNG. */
import * as l10n from "@vscode/l10n";
import type { ExportReply, ExportRequest } from "../../src/shared/protocol/export-page.ts";
import type { VsCodeApi } from "../panel/host.ts";
import { readPalette } from "../parts/theme.ts";
import { readUiState } from "../panel/ui-state.ts";

/** Listens for as long as the page lives. */
export function answerExports(api: VsCodeApi): void {
  window.addEventListener("message", (event: MessageEvent<unknown>) => {
    const request = event.data;
    if (!isRequest(request)) return;
    void replyTo(request, api).then((reply) => {
      api.postMessage(reply);
    });
  });
}

async function replyTo(request: ExportRequest, api: VsCodeApi): Promise<ExportReply> {
  const { id } = request;
  try {
    if (request.type === "exportPng") return { type: "exportPngReply", id, base64: await drawn(request) };
    const { metric } = readUiState(api.getState());
    return { type: "exportLookReply", id, palette: mutable(readPalette()), metric };
  } catch (error) {
    return { type: "exportFailed", id, message: error instanceof Error ? error.message : String(error) };
  }
}

/** Draws a picture on a canvas. The picture refers to nothing outside, so that the canvas may be read. */
async function drawn({ svg, width, height }: Extract<ExportRequest, { type: "exportPng" }>): Promise<string> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d");
  if (!context) throw new Error(l10n.t("The browser gives no canvas of that size."));
  context.drawImage(image, 0, 0, width, height);
  const prefix = "data:image/png;base64,";
  const url = canvas.toDataURL("image/png");
  // What browsers give for a canvas that is too large for them.
  if (!url.startsWith(prefix)) throw new Error(l10n.t("The browser could not draw a picture of that size."));
  return url.slice(prefix.length);
}

type Reply = Extract<ExportReply, { type: "exportLookReply" }>["palette"];

function mutable(palette: ReturnType<typeof readPalette>): Reply {
  const { source, target, neither, foreground, background, focus, highContrast } = palette;
  return {
    source: [...source],
    target: [...target],
    neither: [...neither],
    foreground: [...foreground],
    background: [...background],
    focus: [...focus],
    highContrast,
  };
}

/** The host is the extension itself; this only tells its questions from other messages. */
function isRequest(data: unknown): data is ExportRequest {
  return (
    typeof data === "object" &&
    data !== null &&
    "type" in data &&
    (data.type === "exportLook" || data.type === "exportPng")
  );
}
