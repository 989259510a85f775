/** What running a session again showed: one sentence, and a table of what differs. */
import * as l10n from "@vscode/l10n";
import type { VNode } from "preact";
import type { RerunView } from "../../src/shared/protocol/session-page.ts";
import { Button } from "../parts/widgets.tsx";

/** The sentence with its table, and what can be done with the new result. */
export function RerunNotice(props: {
  readonly rerun: RerunView;
  readonly busy: boolean;
  readonly onSave: () => void;
  readonly onDismiss: () => void;
}): VNode {
  const { rerun, busy, onSave, onDismiss } = props;
  const { summary, isSame, lines, more } = rerun;
  return (
    <section class={`notice rerun ${isSame ? "same" : "differs"}`} aria-label={l10n.t("Run again, compared")}>
      <p role="status">
        <b>{isSame ? l10n.t("✓ Run again: the same.") : l10n.t("≠ Run again: it differs.")}</b> {summary}
      </p>
      {lines.length > 0 && (
        <div class="rerun-lines" role="region" tabIndex={0} aria-label={l10n.t("What differs")}>
          <table>
            <thead>
              <tr>
                <th scope="col">{l10n.t("Where")}</th>
                <th scope="col">{l10n.t("What")}</th>
                <th scope="col">{l10n.t("Stored")}</th>
                <th scope="col">{l10n.t("Now")}</th>
              </tr>
            </thead>
            <tbody>
              {lines.map((line, index) => (
                <tr key={index}>
                  <th scope="row">{line.place}</th>
                  <td>{line.quantity}</td>
                  <td>{line.stored}</td>
                  <td>{line.now}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {more > 0 && <p class="dim">{l10n.t("And {0} more values.", more)}</p>}
      <div class="buttons">
        <Button disabled={busy} onPress={onSave}>
          {l10n.t("Save New Result…")}
        </Button>
        <Button onPress={onDismiss}>{l10n.t("Dismiss")}</Button>
      </div>
      <p class="dim hint">{l10n.t("The file is as it was: sections below show what is stored.")}</p>
    </section>
  );
}
