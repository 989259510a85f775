/** Whose rights a hub is asked with: the user's token for it, else the one that the tools of the field would take. */
import * as fs from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import { xdgCaches } from "../cache-folders.ts";
import { DEFAULT_HUB, hubHost } from "../../shared/protocol/hub.ts";

/**
 * The token for a hub. The environment's and the one that `hf auth login` keeps are for the usual hub and the one in
 * `HF_ENDPOINT`: a mirror that only a setting names is not theirs.
 *
 * @param given what the user entered for this hub
 */
export async function tokenFor(
  host: string,
  given: string | null,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<string | null> {
  if (given !== null) return given;
  if (host !== DEFAULT_HUB && host !== hubHost("", env)) return null;
  const named = env.HF_TOKEN ?? env.HUGGING_FACE_HUB_TOKEN ?? env.HF_ACCESS_TOKEN ?? "";
  if (named.trim() !== "") return named.trim();
  const caches = xdgCaches({ env, home: os.homedir() });
  const file = env.HF_TOKEN_PATH ?? path.join(env.HF_HOME ?? path.join(caches, "huggingface"), "token");
  const kept = await fs.readFile(file, "utf8").catch(() => "");
  return kept.trim() === "" ? null : kept.trim();
}
