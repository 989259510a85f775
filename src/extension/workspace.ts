/** The open workspace: what it cannot do, and which machine the extension runs on. */
import * as os from "node:os";
import type { Uri } from "vscode";
import type { WorkspaceLimit } from "../shared/words/workspace.ts";
import { remoteMachine } from "../shared/words/workspace.ts";
import type { VsCode } from "./vs.ts";

/** True for what has a path on the machine that runs the extension; virtual file systems have other schemes. */
export function isOnDisk({ scheme }: Pick<Uri, "scheme">): boolean {
  return scheme === "file" || scheme === "vscode-remote";
}

/** Why only the embedded model runs in the workspace; null where every model does. */
export function workspaceLimit({ workspace }: Pick<VsCode, "workspace">): WorkspaceLimit | null {
  if (!workspace.isTrusted) return "untrusted";
  const folders = workspace.workspaceFolders ?? [];
  return folders.length > 0 && !folders.some(({ uri }) => isOnDisk(uri)) ? "virtual" : null;
}

/** The machine whose disk models are looked for on, for people; null when it is the user's own. */
export function machineName({ env }: Pick<VsCode, "env">): string | null {
  const distribution = env.remoteName === "wsl" ? process.env.WSL_DISTRO_NAME : undefined;
  return remoteMachine(env.remoteName ?? null, distribution ?? os.hostname());
}
