/** `state-swap doctor`: what runs here and what does not, as text for a report. */
import * as os from "node:os";
import { findModels } from "../../engine/discovery/find-models.ts";
import { folderBytes } from "../../engine/discovery/folder-bytes.ts";
import { modelPlaces } from "../../engine/discovery/places.ts";
import { toErrorData } from "../../shared/errors.ts";
import type { Installation } from "../../shared/words/diagnostics.ts";
import { PLACE_NAMES } from "../../shared/words/found-model.ts";
import { diagnosticsText, networkVariables } from "../../shared/words/diagnostics.ts";
import { openParams, withEngine } from "../engine.ts";
import type { Messages } from "../messages.ts";
import type { OptionsOf } from "../options/commands.ts";
import { writeText } from "../output.ts";
import { CACHE_FOLDER } from "../paths.ts";

/** Runs the command; what does not work is part of what it prints. */
export async function doctorCommand(options: OptionsOf<"doctor">, messages: Messages): Promise<void> {
  const asked = openParams(options);
  let diagnosis: Installation["diagnosis"] = { failure: "" };
  let runtime = null;
  let failure: string | null = null;
  try {
    await withEngine(messages, async (request) => {
      diagnosis = await request("diagnose", {});
      messages.progress(`opening ${asked.path}`);
      ({ runtime } = await request("open", asked));
    });
  } catch (error) {
    failure = toErrorData(error).message;
    if ("failure" in diagnosis) diagnosis = { failure };
  }
  messages.progress("looking for models");
  const found = [];
  for await (const { place, name } of findModels(places(), { signal: new AbortController().signal })) {
    found.push({ place: PLACE_NAMES[place], name });
  }
  messages.endProgress();
  const text = diagnosticsText({
    programs: [],
    diagnosis,
    model: { path: asked.path, runtime, failure },
    found,
    caches: await caches(),
    network: networkVariables(process.env),
    home: os.homedir(),
  });
  writeText(text, null);
}

async function caches(): Promise<Installation["caches"]> {
  if (CACHE_FOLDER === null) return [];
  return [{ what: "hashes", folder: CACHE_FOLDER, bytes: await folderBytes(CACHE_FOLDER) }];
}

function places(): ReturnType<typeof modelPlaces> {
  return modelPlaces({
    workspaceFolders: [process.cwd()],
    modelFolders: [],
    cache: null,
    env: process.env,
    home: os.homedir(),
    platform: process.platform,
  });
}
