/** Does the commands; their handlers are loaded with the first one. */
import type { Host } from "../host.ts";
import type { PanelModule } from "../panel/module.ts";
import type { DocumentTracker } from "../prompt/track-documents.ts";
import type { SessionActions } from "../sessions/module.ts";
import type { CommandHandlers, CommandRunner } from "./register.ts";
import { commandRunner } from "./register.ts";

/** What registered commands call. */
export function createCommandRunner(
  host: Host,
  tracker: DocumentTracker,
  sessions: SessionActions,
  panel: PanelModule,
): CommandRunner {
  let handlers: Promise<CommandHandlers> | null = null;
  return commandRunner(host.notices, async (name) => {
    handlers ??= import("./handlers.ts").then(({ commandHandlers }) =>
      commandHandlers(host, sessions, panel),
    );
    const all = await handlers;
    tracker.flush();
    return all[name];
  });
}
