/** How large a PNG of a picture is: twice its size for sharp print, less where browsers could not draw it. */
import * as l10n from "@vscode/l10n";
import { SwapError } from "../errors.ts";
import type { Picture } from "./svg.ts";

/** Device pixels per CSS pixel. */
const SCALE = 2;
/** Longest side and most pixels that canvases of all browsers in use take. */
const MOST_SIDE = 16_000;
const MOST_PIXELS = 64e6;

/**
 * Width and height in device pixels.
 *
 * @throws SwapError `usage` for pictures that would have to be drawn smaller than they are
 */
export function pngSize({ width, height }: Pick<Picture, "width" | "height">): {
  width: number;
  height: number;
} {
  const most = Math.min(MOST_SIDE / Math.max(width, height), Math.sqrt(MOST_PIXELS / (width * height)));
  const scale = Math.min(SCALE, most);
  if (scale >= 1) return { width: Math.round(width * scale), height: Math.round(height * scale) };
  throw new SwapError(
    "usage",
    l10n.t("The picture is too large for a PNG: {0} × {1} pixels.", Math.round(width), Math.round(height)),
    l10n.t("Export it as SVG, or run the grid over fewer layers or a shorter prompt."),
  );
}
