/** What every section of the panel is given. */
import type { PanelState } from "../../src/shared/protocol/panel.ts";
import type { PanelIntent } from "../../src/shared/protocol/panel-intent.ts";
import type { Change } from "../parts/use-ui-state.ts";
import type { SectionId, UiState } from "./ui-state.ts";

/** What every section gets. */
export interface SectionProps {
  readonly state: PanelState;
  readonly ui: UiState;
  readonly open: boolean;
  readonly busy: boolean;
  /** Number of blocks, from the model or, before one is open, from the shown result. */
  readonly blocks: number;
  readonly onToggle: (id: SectionId) => void;
  readonly change: Change<UiState>;
  /** Like `change`, for what is seen already, such as scroll: kept without drawing again. */
  readonly keep: (part: Partial<UiState>) => void;
  readonly post: (intent: PanelIntent) => void;
}

/** Blocks of the model; while it is unknown, as many as the shown results and the range need. */
export function blocksOf(state: PanelState): number {
  if (state.model.blocks > 0) return state.model.blocks;
  const ends = [state.layers.to, state.sweep?.layers.to ?? 0, state.grid?.layers.to ?? 0];
  return Math.max(...ends) + 1;
}
