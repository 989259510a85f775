/** Walks folders without getting lost: symlinks are followed, each real folder is entered once, depth, number and time are bounded. */
import type { Dirent } from "node:fs";
import * as fs from "node:fs/promises";
import * as path from "node:path";

/** Bounds of a walk. */
export interface WalkLimits {
  readonly signal: AbortSignal;
  /** Levels below the root. */
  readonly depth: number;
  /** Folders that are entered. */
  readonly folders: number;
  /** `Date.now()` after which nothing more is entered. */
  readonly until: number;
}

/** A folder with its files; those behind symlinks too. */
export interface WalkedFolder {
  readonly folder: string;
  /** Names of files and of symlinks to files. */
  readonly files: readonly string[];
}

/** Folders that hold no models, or hold them under names that another folder gives better. */
const SKIPPED = new Set([
  "node_modules",
  ".git",
  ".hg",
  ".svn",
  ".venv",
  "venv",
  "__pycache__",
  ".locks",
  ".no_exist",
]);

/** Entries of a folder that are looked at. */
const MOST_ENTRIES = 20_000;

/** The folders from a root on, parents first. What cannot be read is passed over. */
export async function* walk(root: string, limits: WalkLimits): AsyncGenerator<WalkedFolder> {
  const entered = new Set<string>();
  const queue: { folder: string; depth: number }[] = [{ folder: root, depth: 0 }];
  for (let next = queue.shift(); next; next = queue.shift()) {
    const { signal, until } = limits;
    if (signal.aborted || Date.now() > until || entered.size >= limits.folders) return;
    const real = await fs.realpath(next.folder).catch(() => null);
    if (real === null || entered.has(real)) continue;
    entered.add(real);
    const entries = await listing(next.folder);
    const folders: string[] = [];
    const files: string[] = [];
    for (const entry of entries) {
      const kind = await kindOf(path.join(next.folder, entry.name), entry);
      if (kind === "file") files.push(entry.name);
      else if (kind === "folder" && !isSkipped(next.folder, entry.name)) folders.push(entry.name);
    }
    yield { folder: next.folder, files };
    if (next.depth >= limits.depth) continue;
    for (const name of await inOrder(next.folder, folders)) {
      queue.push({ folder: path.join(next.folder, name), depth: next.depth + 1 });
    }
  }
}

/** Entries by name; none of a folder that cannot be read. Read one by one, so that a huge folder costs no memory. */
async function listing(folder: string): Promise<Dirent[]> {
  const entries: Dirent[] = [];
  try {
    for await (const entry of await fs.opendir(folder)) {
      entries.push(entry);
      if (entries.length >= MOST_ENTRIES) break;
    }
  } catch {
    // Not there, not allowed, or taken away meanwhile.
  }
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function kindOf(full: string, entry: Dirent): Promise<"file" | "folder" | "other"> {
  if (entry.isFile()) return "file";
  if (entry.isDirectory()) return "folder";
  if (!entry.isSymbolicLink()) return "other";
  // Broken links and loops have no stat.
  const stat = await fs.stat(full).catch(() => null);
  return stat?.isFile() ? "file" : stat?.isDirectory() ? "folder" : "other";
}

/** Blobs of a hub cache are the snapshots' files under their hashes. */
function isSkipped(folder: string, name: string): boolean {
  return SKIPPED.has(name) || (name === "blobs" && path.basename(folder).startsWith("models--"));
}

/** Snapshots with the newest first, so that of equal files the newest one counts. */
async function inOrder(folder: string, names: readonly string[]): Promise<readonly string[]> {
  if (path.basename(folder) !== "snapshots") return names;
  const dated = await Promise.all(
    names.map(async (name) => {
      const stat = await fs.stat(path.join(folder, name)).catch(() => null);
      return { name, at: stat?.mtimeMs ?? 0 };
    }),
  );
  return dated.sort((a, b) => b.at - a.at).map(({ name }) => name);
}
