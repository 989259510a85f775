/** What a session's page itself owns, and what the panel leaves to its host: the chosen k and the locked cell too. */
import { useCallback, useRef, useState } from "preact/hooks";
import type { CellRef } from "../../src/shared/figure/grid-cells.ts";
import type { SessionHost } from "./session-host.ts";
import type { UiState } from "../panel/ui-state.ts";
import { readUiState } from "../panel/ui-state.ts";

/** Kept across hiding the page. */
export interface ViewState extends UiState {
  /** Null until the reader chooses one. */
  readonly k: number | null;
  /** Null until the reader locks one. */
  readonly cell: CellRef | null;
  /** Addresses of the two files of a comparison, for the host after a reload of the window. */
  readonly files?: readonly [string, string];
}

/** The state, a function that changes it, and one that keeps a change without drawing again. */
export function useViewState(
  host: Pick<SessionHost<unknown>, "getState" | "setState">,
): readonly [ViewState, (part: Partial<ViewState>) => void, (part: Partial<ViewState>) => void] {
  const [state, setState] = useState<ViewState>(() => readViewState(host.getState()));
  const kept = useRef(state);
  const keep = useCallback(
    (part: Partial<ViewState>) => {
      kept.current = { ...kept.current, ...part };
      host.setState(kept.current);
    },
    [host],
  );
  const change = useCallback(
    (part: Partial<ViewState>) => {
      keep(part);
      setState(kept.current);
    },
    [keep],
  );
  return [state, change, keep];
}

function readViewState(kept: unknown): ViewState {
  const { k = null, cell = null } = (kept ?? {}) as Partial<ViewState>;
  return { ...readUiState(kept), k: Number.isInteger(k) ? k : null, cell: isCell(cell) ? cell : null };
}

function isCell(cell: CellRef | null): boolean {
  return cell !== null && Number.isInteger(cell.position) && Number.isInteger(cell.k);
}
