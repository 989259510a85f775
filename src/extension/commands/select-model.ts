/** The model picker: the embedded model, models used before, a file or a folder. */
import type { QuickPickItem } from "vscode";
import { absolute } from "../engine/chosen-model.ts";
import { embeddedTag, modelName } from "../engine/model-choice.ts";
import type { Host } from "../host.ts";
import { settingKeys, settingSection } from "../ids.ts";

/** Paths of models chosen before, kept for all workspaces. */
const RECENT_KEY = "recentModels";
const MOST_RECENT = 6;

type ModelItem = QuickPickItem & { readonly choice: Choice };
type Choice = { readonly kind: "path"; readonly path: string } | { readonly kind: "file" | "folder" };

/** Asks for a model and writes the setting; the next run opens it. */
export async function selectModel(host: Host): Promise<void> {
  const { vs, context } = host;
  const current = host.settings().model;
  const recent = context.globalState.get<readonly string[]>(RECENT_KEY, []);
  const named = [...new Set([...(current === "" ? [] : [current]), ...recent])];
  const items: ModelItem[] = [
    {
      label: "$(beaker) Embedded Model",
      description: `${embeddedTag.label}${current === "" ? " (chosen)" : ""}`,
      detail: embeddedTag.description,
      choice: { kind: "path", path: "" },
    },
    ...named.map((path): ModelItem => {
      const isChosen = path === current ? "chosen" : "used before";
      return {
        label: `$(package) ${modelName(path)}`,
        description: isChosen,
        detail: path,
        choice: { kind: "path", path },
      };
    }),
    {
      label: "$(file) Model File…",
      description: "GGUF or ONNX",
      choice: { kind: "file" },
    },
    {
      label: "$(folder) Model Folder…",
      description: "a folder as model hubs lay it out, with tokenizer.json",
      choice: { kind: "folder" },
    },
  ];
  const picked = await vs.window.showQuickPick(items, { title: "Select Model", matchOnDetail: true });
  if (!picked) return;
  const path = picked.choice.kind === "path" ? picked.choice.path : await browse(host, picked.choice.kind);
  if (path === undefined) return;
  if (path !== "") {
    await context.globalState.update(
      RECENT_KEY,
      [path, ...recent.filter((other) => other !== path)].slice(0, MOST_RECENT),
    );
  }
  await write(host, path);
  // Whoever chooses a model wants to know at once whether it opens.
  await host.supervisor.open();
}

async function browse(host: Host, kind: "file" | "folder"): Promise<string | undefined> {
  const current = host.settings().model;
  const folder = host.vs.workspace.workspaceFolders?.[0]?.uri;
  const start = current === "" ? folder : host.vs.Uri.file(absolute(current, folder?.fsPath ?? null));
  const chosen = await host.vs.window.showOpenDialog({
    canSelectFiles: kind === "file",
    canSelectFolders: kind === "folder",
    canSelectMany: false,
    ...(kind === "file" ? { filters: { Models: ["gguf", "onnx"] } } : {}),
    ...(start ? { defaultUri: start } : {}),
    openLabel: "Select Model",
    title: kind === "file" ? "Model File" : "Model Folder",
  });
  return chosen?.[0]?.fsPath;
}

/** Writes where the value comes from now, so that the choice takes effect. */
async function write({ vs }: Host, path: string): Promise<void> {
  const configuration = vs.workspace.getConfiguration(settingSection);
  const known = configuration.inspect(settingKeys.model);
  const isWorkspaces = known?.workspaceValue !== undefined || known?.workspaceFolderValue !== undefined;
  const target = isWorkspaces ? vs.ConfigurationTarget.Workspace : vs.ConfigurationTarget.Global;
  await configuration.update(settingKeys.model, path === "" && !isWorkspaces ? undefined : path, target);
}
