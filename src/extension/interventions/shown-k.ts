/** The k whose answers are shown. */
import type { Intervention } from "./records.ts";
import type { InterventionStore } from "./intervention-store.ts";

/** The k whose answers are shown: the stepped-to one, else the flip, else the first row there is. */
export function shownK({ k, sweep, grid }: Intervention): number | null {
  if (k !== null) return k;
  return sweep?.flip?.k ?? sweep?.rows[0]?.k ?? grid?.layers.from ?? null;
}

/** Shows the answers of one k in marks and panel. */
export function showK(host: { store: InterventionStore }, intervention: Intervention, k: number): void {
  host.store.update(intervention.id, ({ cell }) => ({ k, cell: cell && { ...cell, k } }));
  host.store.set({ shownId: intervention.id });
}
