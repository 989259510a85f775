/** SVG files of a session. */
import type { Metric } from "../figure/grid-cells.ts";
import { sessionPanel } from "../session/session-panel.ts";
import type { Session } from "../session/session.ts";
import { carriedMetadata } from "./carry.ts";
import { heatmapPicture } from "../figure/heatmap-picture.ts";
import type { Look } from "../figure/look.ts";
import { stripPicture } from "../figure/strip-picture.ts";
import type { Picture } from "../figure/svg.ts";
import { svgDocument } from "../figure/svg.ts";
import { sessionCaption } from "./words.ts";

/** What can be drawn. */
export type PictureSubject = "strip" | "heatmap";

/** What a session has to draw: parts of which at least something has run. */
export function pictureSubjects(session: Session): PictureSubject[] {
  const { sweep, grid } = sessionPanel(session);
  return [...(sweep ? (["strip"] as const) : []), ...(grid ? (["heatmap"] as const) : [])];
}

/**
 * One picture.
 *
 * @param metric of the heatmap
 * @throws Error when the session has nothing of that kind; `pictureSubjects` tells
 */
export function pictureOf(session: Session, subject: PictureSubject, metric: Metric, look: Look): Picture {
  const panel = sessionPanel(session);
  const { sweep, grid, target } = panel;
  const caption = sessionCaption(session);
  if (subject === "strip" && sweep) return stripPicture({ ...panel, sweep }, caption, look);
  if (subject === "heatmap" && grid && target) {
    return heatmapPicture({ ...panel, grid, target }, caption, metric, look);
  }
  throw new Error(`The session has no ${subject}.`);
}

/** The SVG file of one picture, with the session inside. */
export function svgOf(session: Session, subject: PictureSubject, metric: Metric, look: Look): string {
  return svgDocument(pictureOf(session, subject, metric, look), carriedMetadata(session));
}
