/** Moves the panel's view to the secondary side bar, so that the explorer stays where it is. */
import type { VsCode } from "../vs.ts";
import { PANEL_VIEW_ID, SECONDARY_CONTAINER_ID } from "../ids.ts";

/** The first VS Code (1.x) in which an extension may have a place of its own in the secondary side bar. */
const FIRST_MINOR = 106;

/**
 * Puts the view into its place in the secondary side bar, where the editor keeps it from then on. An older editor has no
 * such place: it asks where the view shall go, the secondary side bar among the answers.
 */
export async function movePanel({ version, commands }: Pick<VsCode, "version" | "commands">): Promise<void> {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > 1 || minor >= FIRST_MINOR) {
    await commands.executeCommand("vscode.moveViews", {
      viewIds: [PANEL_VIEW_ID],
      destinationId: `workbench.view.extension.${SECONDARY_CONTAINER_ID}`,
    });
  }
  await commands.executeCommand(`${PANEL_VIEW_ID}.focus`);
  if (major === 1 && minor < FIRST_MINOR) await commands.executeCommand("workbench.action.moveFocusedView");
}
