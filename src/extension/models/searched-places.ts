/** Where this window looks for models. */
import * as os from "node:os";
import type { Place } from "../../engine/discovery/found-model.ts";
import { modelPlaces } from "../../engine/discovery/places.ts";
import type { Settings } from "../settings.ts";
import type { VsCode } from "../vs.ts";
import { isOnDisk } from "../workspace.ts";
import type { Hub } from "./hub-access.ts";

/** Workspace, chosen folders, the product's own and other programs' caches; those that are there. */
export function searchedPlaces(host: { vs: VsCode; settings: () => Settings; hub: Hub }): Place[] {
  return modelPlaces({
    // Other schemes (virtual workspaces) have no files on this machine.
    workspaceFolders: (host.vs.workspace.workspaceFolders ?? [])
      .filter(({ uri }) => isOnDisk(uri))
      .map(({ uri }) => uri.fsPath),
    modelFolders: host.settings().modelFolders,
    cache: host.hub.cache,
    env: process.env,
    home: os.homedir(),
    platform: process.platform,
  });
}
