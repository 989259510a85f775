/** Fetching a model from a hub, step by step with the user: nothing is asked of the network before they agree. */
import * as l10n from "@vscode/l10n";
import { ProxyPasswordError } from "../../engine/hub/failure.ts";
import type { HubProgress } from "../../engine/hub/hub-client.ts";
import { SwapError } from "../../shared/errors.ts";
import type { HubAccess, HubGraph, HubPlan } from "../../shared/protocol/hub.ts";
import { bytesOf, filesOfGraph } from "../../shared/protocol/hub.ts";
import { modelName } from "../../shared/text/model-name.ts";
import type { Hub } from "./hub-access.ts";
import { askProxyLogin, hubAccess } from "./hub-access.ts";
import type { HubOffer } from "./hub-list.ts";
import { sizeText } from "../../shared/text/format.ts";

/** A size that is this many times the known one is asked about again. */
const TOLERATED = 1.2;

/**
 * Fetches a model of the list after the user agreed to its size and licence.
 *
 * @returns path of the file to open; null when the user declined
 * @throws SwapError of the download; `cancelled`
 */
export async function fetchOffer(hub: Hub, offer: HubOffer): Promise<string | null> {
  const { id, licence, bytes, file } = offer;
  if (!(await agreed(hub, { id, licence, bytes }, true))) return null;
  const plan = await planFor(hub, id);
  const graph = plan.graphs.find((one) => one.file === file);
  if (!graph) {
    throw new SwapError(
      "hub-refused",
      l10n.t("{0} no longer has {1}.", id, file),
      l10n.t("Choose another of its files with Other Hub Model…."),
    );
  }
  const real = { id, licence: plan.licence, bytes: bytesOf(filesOfGraph(plan, graph)) };
  const isOther = real.bytes > bytes * TOLERATED || (plan.licence !== null && plan.licence !== licence);
  if (isOther && !(await agreed(hub, real, false))) return null;
  return fetchGraph(hub, plan, graph);
}

/**
 * Asks for a model's id, shows its files, and fetches one after the user agreed to its size and licence.
 *
 * @returns path of the file to open; null when the user declined
 * @throws SwapError of the hub; `cancelled`
 */
export async function fetchOther(hub: Hub): Promise<string | null> {
  const { vs } = hub;
  const id = await vs.window.showInputBox({
    title: l10n.t("Other Hub Model"),
    prompt: l10n.t(
      "Enter asks {0} for the model's files, sizes and licence. Nothing is downloaded yet.",
      hostName(hub),
    ),
    placeHolder: "owner/name",
    validateInput: (text) =>
      /^[\w][\w.-]*\/[\w][\w.-]*$/.test(text.trim()) ? undefined : l10n.t("Write it as owner/name."),
  });
  if (id === undefined) return null;
  const plan = await planFor(hub, id.trim());
  const graph = await choose(hub, plan);
  if (!graph) return null;
  const bytes = bytesOf(filesOfGraph(plan, graph));
  if (!(await agreed(hub, { id: plan.id, licence: plan.licence, bytes }, false))) return null;
  return fetchGraph(hub, plan, graph);
}

async function choose({ vs }: Hub, plan: HubPlan): Promise<HubGraph | undefined> {
  const [only, another] = plan.graphs;
  if (!another) return only;
  const items = plan.graphs.map((graph) => ({
    label: graph.file,
    description: sizeText(bytesOf(filesOfGraph(plan, graph))),
    graph,
  }));
  const title = l10n.t("Files of {0}", plan.id);
  const placeHolder = l10n.t("The file to download");
  return (await vs.window.showQuickPick(items, { title, placeHolder, ignoreFocusOut: true }))?.graph;
}

interface Agreement {
  readonly id: string;
  readonly licence: string | null;
  readonly bytes: number;
}

async function agreed(hub: Hub, { id, licence, bytes }: Agreement, isAbout: boolean): Promise<boolean> {
  const detail = [
    isAbout ? l10n.t("Size: about {0}", sizeText(bytes)) : l10n.t("Size: {0}", sizeText(bytes)),
    licence === null
      ? l10n.t("Licence: the repository declares none; look at the model's page")
      : l10n.t("Licence: {0}", licence),
    l10n.t("From: {0}", hostName(hub)),
    l10n.t("To: {0}", hub.cache),
  ].join("\n");
  const message = l10n.t("Download {0}?", id);
  const download = l10n.t("Download");
  return (
    (await hub.vs.window.showInformationMessage(message, { modal: true, detail }, download)) === download
  );
}

async function planFor(hub: Hub, id: string): Promise<HubPlan> {
  const { askHub } = await import("../../engine/hub/hub-client.ts");
  const title = l10n.t("Asking {0} about {1}", hostName(hub), id);
  return withLogin(hub, (access) =>
    withProgress(hub, title, (signal) => askHub(hub.process(), { host: hub.host, access }, id, signal)),
  );
}

async function fetchGraph(hub: Hub, plan: HubPlan, graph: HubGraph): Promise<string> {
  const { fetchFromHub } = await import("../../engine/hub/hub-client.ts");
  const title = l10n.t("Downloading {0}", modelName(plan.id));
  const { host, cache } = hub;
  return withLogin(hub, (access) =>
    withProgress(hub, title, (signal, onProgress) =>
      fetchFromHub(hub.process(), { host, access, cache, plan, graph, signal, onProgress }),
    ),
  );
}

/** Does work again with name and password for the proxy that asked for them, as long as the user gives some. */
async function withLogin<T>(hub: Hub, work: (access: HubAccess) => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work(await hubAccess(hub));
    } catch (error) {
      if (!(error instanceof ProxyPasswordError) || !(await askProxyLogin(hub, error))) throw error;
    }
  }
}

/** Runs work under a notification with a bar and a Cancel button. */
async function withProgress<T>(
  { vs }: Hub,
  title: string,
  work: (signal: AbortSignal, report: (at: HubProgress) => void) => Promise<T>,
): Promise<T> {
  const location = vs.ProgressLocation.Notification;
  return vs.window.withProgress({ location, title, cancellable: true }, async (progress, token) => {
    const abort = new AbortController();
    token.onCancellationRequested(() => {
      abort.abort();
    });
    let shown = 0;
    return work(abort.signal, ({ done, total, cuts }) => {
      const percent = (100 * done) / Math.max(1, total);
      const sizes = [sizeText(done), sizeText(total)] as const;
      progress.report({
        increment: percent - shown,
        message:
          cuts === 0
            ? l10n.t("{0} of {1}", ...sizes)
            : l10n.t("{0} of {1}. The connection was cut, and the download went on.", ...sizes),
      });
      shown = percent;
    });
  });
}

function hostName({ host }: Hub): string {
  return new URL(host).host;
}
