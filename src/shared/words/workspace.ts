/** What a workspace cannot do, and whose disk its models are on, in words. */
import * as l10n from "@vscode/l10n";
import { SwapError } from "../errors.ts";

/** Why only the embedded model runs in a workspace: nobody trusts it, or its files are on no disk. */
export type WorkspaceLimit = "untrusted" | "virtual";

/** The limit as a sentence. */
export function limitText(limit: WorkspaceLimit): string {
  switch (limit) {
    case "untrusted":
      return l10n.t("This workspace is not trusted: only the embedded model runs in it.");
    case "virtual":
      return l10n.t("This workspace is virtual: only the embedded model runs in it.");
  }
}

/** Kinds of remote machines by the editor's names for them; written as the editor's own remote indicator writes them. */
const REMOTES: Readonly<Record<string, (host: string) => string>> = {
  "ssh-remote": (host) => `SSH: ${host}`,
  wsl: (host) => `WSL: ${host}`,
  "dev-container": (host) => l10n.t("Container: {0}", host),
  "attached-container": (host) => l10n.t("Container: {0}", host),
  codespaces: (host) => `Codespace: ${host}`,
  tunnel: (host) => l10n.t("Tunnel: {0}", host),
};

/**
 * The machine that runs the extension, so that models come from its disk: `SSH: devbox`.
 *
 * @param remoteName the editor's name for the kind of remote; null where the user sits at the machine itself
 * @param host the machine's name
 * @returns null for the user's own machine
 */
export function remoteMachine(remoteName: string | null, host: string): string | null {
  if (remoteName === null) return null;
  const named = Object.hasOwn(REMOTES, remoteName) ? REMOTES[remoteName] : undefined;
  // Servers such as code-server name their address there, which says less than their own name.
  return named?.(host) ?? host;
}

/** Heading of what is on that machine's disk. */
export function foundOnText(machine: string | null): string {
  return machine === null ? l10n.t("found on this machine") : l10n.t("found on {0}", machine);
}

/** What the model picker asks for, and from whose disk. */
export function pickerText(machine: string | null, limit: WorkspaceLimit | null): string {
  const asked =
    machine === null
      ? l10n.t("A model for this workspace's prompts")
      : l10n.t("A model for this workspace's prompts, from the disk of {0}", machine);
  return limit === null ? asked : limitText(limit);
}

/** Of an editor without processes: what cannot be done there, and where it can. */
export function noEngine(): SwapError {
  return new SwapError(
    "usage",
    l10n.t(
      "No model can run here: this editor is a browser alone. State Swap shows, compares and exports sessions in it.",
    ),
    l10n.t(
      "To run experiments, open the folder in an editor on the desktop, or on a server, in a container or a codespace.",
    ),
  );
}
