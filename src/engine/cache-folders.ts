/** Where programs keep what can be made again, by the rule of each system. */
import * as path from "node:path";

/** What the folders depend on. */
export interface CacheSystem {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly platform: NodeJS.Platform;
}

/** The folder that Linux programs take, and on every system those that were written for it. */
export function xdgCaches({ env, home }: Pick<CacheSystem, "env" | "home">): string {
  return env.XDG_CACHE_HOME ?? path.join(home, ".cache");
}

/** The system's folder for the caches of a user's programs; null where it names none. */
export function userCaches(system: CacheSystem): string | null {
  const { env, home, platform } = system;
  if (platform === "darwin") return path.join(home, "Library", "Caches");
  if (platform === "win32") return env.LOCALAPPDATA ?? null;
  return xdgCaches(system);
}

/**
 * The command line's own: hashes and paces of models, nothing else. Null where the system names no folder, or one that depends on
 * where a command is called.
 */
export function ownCache(system: CacheSystem): string | null {
  const caches = userCaches(system);
  return caches !== null && path.isAbsolute(caches) ? path.join(caches, "state-swap") : null;
}
