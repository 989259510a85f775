/** Where the command line finds the rest of the product, relative to its bundle, `dist/cli.mjs`; and where it keeps hashes. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import { ownCache } from "../engine/cache-folders.ts";
import { SwapError } from "../shared/errors.ts";

const BUNDLE_FOLDER = path.dirname(fileURLToPath(import.meta.url));

/** The engine's bundle, started as a process of its own. */
export const ENGINE_SCRIPT = path.join(BUNDLE_FOLDER, "engine.mjs");

/** Where hashes of models are kept from one call to the next; null: nowhere. */
export const CACHE_FOLDER = ownCache({ env: process.env, home: os.homedir(), platform: process.platform });

/** Holds one folder: the embedded model. */
const EMBEDDED_MODELS = path.join(BUNDLE_FOLDER, "..", "media", "models");

/**
 * The model that runs when none is named.
 *
 * @throws SwapError `file-not-found` when the product was installed without it
 */
export function embeddedModel(): string {
  const entries = fs.existsSync(EMBEDDED_MODELS)
    ? fs.readdirSync(EMBEDDED_MODELS, { withFileTypes: true })
    : [];
  const [only, another] = entries.filter((entry) => entry.isDirectory());
  if (!only || another) {
    throw new SwapError(
      "file-not-found",
      `The embedded model is missing: ${path.normalize(EMBEDDED_MODELS)} does not hold exactly one folder.`,
      "Name a model with --model.",
    );
  }
  return path.join(EMBEDDED_MODELS, only.name);
}
