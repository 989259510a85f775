/** What is done with a result, always in reach at the panel's foot. */
import * as l10n from "@vscode/l10n";
import type { VNode } from "preact";
import type { PanelState } from "../../src/shared/protocol/panel.ts";
import type { PanelIntent } from "../../src/shared/protocol/panel-intent.ts";
import { Button } from "../parts/widgets.tsx";

/** Shown once there is something to keep. */
export function Foot(props: {
  readonly state: PanelState;
  readonly post: (intent: PanelIntent) => void;
}): VNode | null {
  const { state, post } = props;
  const hasRows = (state.sweep?.rows.length ?? 0) > 0 || state.grid !== null;
  if (!hasRows || state.stored) return null;
  const button = (command: "saveSession" | "exportResult", name: string): VNode => (
    <Button
      onPress={() => {
        post({ type: "command", command });
      }}
    >
      {name}
    </Button>
  );
  return (
    <footer class="foot">
      {button("saveSession", l10n.t("Save"))}
      {button("exportResult", l10n.t("Export…"))}
    </footer>
  );
}
