/**
 * What the extension asks of an open page for an export, and the page's answers: the colours that it shows, and
 * pictures as PNG, which only a browser can draw.
 */
import * as v from "valibot";
import { MAP_METRICS } from "../experiment/metrics.ts";

/** Host to page; every page that is shown answers, the first answer counts. */
export type ExportRequest =
  | { readonly type: "exportLook"; readonly id: number }
  | {
      readonly type: "exportPng";
      readonly id: number;
      readonly svg: string;
      /** Of the PNG, device pixels. */
      readonly width: number;
      readonly height: number;
    };

const channel = v.pipe(v.number(), v.minValue(0), v.maxValue(255));
const rgba = v.tuple([channel, channel, channel, v.pipe(v.number(), v.minValue(0), v.maxValue(1))]);
const id = v.pipe(v.number(), v.integer());

/** Page to host; validated on arrival. */
export const exportReplySchema = v.variant("type", [
  v.object({
    type: v.literal("exportLookReply"),
    id,
    palette: v.object({
      source: rgba,
      target: rgba,
      neither: rgba,
      foreground: rgba,
      background: rgba,
      focus: rgba,
      highContrast: v.boolean(),
    }),
    metric: v.picklist(MAP_METRICS),
  }),
  v.object({ type: v.literal("exportPngReply"), id, base64: v.pipe(v.string(), v.base64()) }),
  v.object({ type: v.literal("exportFailed"), id, message: v.string() }),
]);

/** A page's answer. */
export type ExportReply = v.InferOutput<typeof exportReplySchema>;

const TYPES: readonly unknown[] = ["exportLookReply", "exportPngReply", "exportFailed"];

/** Tells answers of exports from a page's other messages. */
export function isExportReply(message: unknown): boolean {
  return typeof message === "object" && message !== null && "type" in message && TYPES.includes(message.type);
}
