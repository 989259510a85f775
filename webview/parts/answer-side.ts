/** Whose answer a token begins. Pure. */
import type { Outcome } from "../../src/shared/experiment/outcome.ts";
import type { PanelSweep } from "../../src/shared/protocol/panel.ts";

/** Which answer a token is the first token of. */
export function answerSide(id: number, answers: PanelSweep["answers"]): Outcome {
  if (id === answers?.target.ids[0]) return "target";
  return id === answers?.source?.ids[0] ? "source" : "neither";
}
