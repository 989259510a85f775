/** Show Diagnostics: what runs here and what does not, as a text to paste into a report. */
import * as os from "node:os";
import * as l10n from "@vscode/l10n";
import { findModels } from "../../engine/discovery/find-models.ts";
import { folderBytes } from "../../engine/discovery/folder-bytes.ts";
import { toErrorData } from "../../shared/errors.ts";
import type { Installation } from "../../shared/words/diagnostics.ts";
import { PLACE_NAMES } from "../../shared/words/found-model.ts";
import { diagnosticsText, networkVariables } from "../../shared/words/diagnostics.ts";
import { packageTarget } from "../engine/wrong-target.ts";
import type { Host } from "../host.ts";
import { searchedPlaces } from "../models/searched-places.ts";
import { workspaceLimit } from "../workspace.ts";

/** Opens the text in an editor of its own; nothing is sent anywhere. */
export async function showDiagnostics(host: Host): Promise<void> {
  const { vs } = host;
  const content = await vs.window.withProgress(
    { location: vs.ProgressLocation.Window, title: l10n.t("Looking at this installation") },
    () => diagnosticsOf(host),
  );
  await vs.window.showTextDocument(await vs.workspace.openTextDocument({ content, language: "plaintext" }));
}

async function diagnosticsOf(host: Host): Promise<string> {
  const { vs, supervisor, chosen, hub, context } = host;
  const { model } = supervisor;
  const path = model.path ?? chosen.current?.path;
  return diagnosticsText({
    programs: [
      [vs.env.appName, vs.version],
      ["remote", vs.env.remoteName ?? "no"],
      ["package", packageTarget(context) ?? "none, a checkout"],
    ],
    diagnosis: await supervisor
      .diagnose()
      .catch((error: unknown) => ({ failure: toErrorData(error).message })),
    model:
      path === undefined
        ? null
        : { path, runtime: model.info?.runtime ?? null, failure: model.failure?.message ?? null },
    found: await found(host),
    caches: [
      { what: "downloads", folder: hub.cache, bytes: await folderBytes(hub.cache) },
      ...(context.storageUri
        ? [
            {
              what: "results",
              folder: context.storageUri.fsPath,
              bytes: await folderBytes(context.storageUri.fsPath),
            },
          ]
        : []),
    ],
    network: [...networkSettings(host), ...networkVariables(process.env)],
    home: os.homedir(),
  });
}

async function found(host: Host): Promise<Installation["found"]> {
  if (workspaceLimit(host.vs) !== null) return [];
  const models = [];
  for await (const { place, name } of findModels(searchedPlaces(host), {
    signal: new AbortController().signal,
  })) {
    models.push({ place: PLACE_NAMES[place], name });
  }
  return models;
}

/** VS Code's own settings that downloads follow. */
function networkSettings({ vs }: Host): Installation["network"] {
  const http = vs.workspace.getConfiguration("http");
  return ["proxy", "noProxy", "proxyStrictSSL", "systemCertificates"].map((name) => {
    const value = http.inspect(name);
    const set = value?.workspaceFolderValue ?? value?.workspaceValue ?? value?.globalValue;
    return [`http.${name}`, typeof set === "string" || set === undefined ? set : JSON.stringify(set)];
  });
}
