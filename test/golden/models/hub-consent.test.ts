/** Fetching with the user: what is asked, in which order, and that the network is left alone before they agree. The download is the real one. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { HubOffer } from "../../../src/extension/models/hub-list.ts";
import type { Hub } from "../../../src/extension/models/hub-models.ts";
import { fetchOffer, fetchOther } from "../../../src/extension/models/hub-models.ts";
import type { VsCode } from "../../../src/extension/vs.ts";
import type { FakeHub } from "../../support/models/fake-hub.ts";
import { startFakeHub } from "../../support/models/fake-hub.ts";

const root = path.resolve(import.meta.dirname, "../../..");
const id = "tiny/llama";
const offer: HubOffer = { id, file: "onnx/model.onnx", bytes: 2e6, licence: "apache-2.0", about: "" };

/** Answers of a user, in order; what they saw is kept. */
interface User {
  readonly answers: (string | undefined)[];
  readonly seen: string[];
  /** Presses Cancel when progress says this. */
  cancelAt: RegExp | null;
}

let server: FakeHub;
let hub: Hub;
let user: User;
beforeEach(async () => {
  server = await startFakeHub();
  server.add(id, path.join(root, "test/fixtures/llama__past"), "apache-2.0");
  user = { answers: [], seen: [], cancelAt: null };
  hub = {
    vs: editor(user),
    host: server.host,
    cache: fs.mkdtempSync(path.join(os.tmpdir(), "state-swap-consent-")),
    process: () => ({
      script: path.join(root, "dist/hub.mjs"),
      execPath: process.execPath,
      onLog: () => undefined,
    }),
  };
});
afterEach(async () => {
  await server.stop();
  fs.rmSync(hub.cache, { recursive: true, force: true });
});

/** What the flow uses of an editor, in front of the user. */
function editor({ answers, seen }: User): VsCode {
  const window = {
    showInformationMessage: (
      message: string,
      { detail }: { detail: string },
    ): Promise<string | undefined> => {
      seen.push(`${message}\n${detail}`);
      return Promise.resolve(answers.shift());
    },
    showInputBox: ({ prompt }: { prompt: string }): Promise<string | undefined> => {
      seen.push(prompt);
      return Promise.resolve(answers.shift());
    },
    showQuickPick: (items: readonly { label: string; description: string }[]): Promise<unknown> => {
      seen.push(items.map(({ label, description }) => `${label} ${description}`).join("\n"));
      const wanted = answers.shift();
      return Promise.resolve(items.find(({ label }) => label === wanted));
    },
    withProgress: (
      { title }: { title: string },
      work: (progress: unknown, token: unknown) => Promise<unknown>,
    ): Promise<unknown> => {
      let cancel = (): void => undefined;
      seen.push(title);
      return work(
        {
          report: ({ message }: { message: string }): void => {
            if (user.cancelAt?.test(message)) cancel();
          },
        },
        { onCancellationRequested: (listener: () => void) => (cancel = listener) },
      );
    },
  };
  return { window, ProgressLocation: { Notification: 15 } } as unknown as VsCode;
}

describe("an offer", () => {
  it("names size, licence, host and folder, and touches no network when it is declined", async () => {
    user.answers.push(undefined);
    expect(await fetchOffer(hub, offer)).toBeNull();
    expect(server.requests).toEqual([]);
    expect(user.seen).toHaveLength(1);
    for (const part of [id, "about 2.0 MB", "apache-2.0", new URL(server.host).host, hub.cache]) {
      expect(user.seen[0]).toContain(part);
    }
  });

  it("is fetched once it was agreed to", async () => {
    user.answers.push("Download");
    const file = await fetchOffer(hub, offer);
    expect(fs.existsSync(file!)).toBe(true);
    expect(user.seen).toHaveLength(3);
  });

  it("that turned out larger or under another licence is asked about again, with the real numbers", async () => {
    for (const other of [
      { ...offer, bytes: 1000 },
      { ...offer, licence: "mit" },
    ]) {
      user.seen.length = 0;
      user.answers.push("Download", undefined);
      expect(await fetchOffer(hub, other)).toBeNull();
      expect(user.seen.at(-1)).toMatch(/Size: 0?\.?\d+\.?\d* MB\nLicence: apache-2\.0/);
      expect(fs.readdirSync(hub.cache)).toEqual([]);
    }
  });

  it("that is cancelled in the middle ends as cancelled", async () => {
    server.faults.slowMs = 60;
    user.cancelAt = /./;
    user.answers.push("Download");
    await expect(fetchOffer(hub, offer)).rejects.toMatchObject({ code: "cancelled" });
  });

  it("whose file is gone from the hub says so", async () => {
    user.answers.push("Download");
    const gone = { ...offer, file: "onnx/model_q4.onnx" };
    await expect(fetchOffer(hub, gone)).rejects.toMatchObject({ code: "hub-refused" });
  });
});

describe("another model by its id", () => {
  it("touches no network before the id was entered", async () => {
    user.answers.push(undefined);
    expect(await fetchOther(hub)).toBeNull();
    expect(server.requests).toEqual([]);
    expect(user.seen[0]).toContain("Nothing is downloaded yet");
  });

  it("lets choose among its files with their sizes, then asks with size and licence", async () => {
    const folder = path.join(hub.cache, "source");
    fs.cpSync(path.join(root, "test/fixtures/llama__past"), folder, { recursive: true });
    fs.copyFileSync(
      path.join(root, "test/fixtures/llama__q4/onnx/model_q4.onnx"),
      path.join(folder, "onnx/model_q4.onnx"),
    );
    server.add("tiny/both", folder);
    user.answers.push(" tiny/both ", "onnx/model_q4.onnx", "Download");
    const file = await fetchOther(hub);
    expect(path.basename(file!)).toBe("model_q4.onnx");
    expect(user.seen.join("\n")).toMatch(/onnx\/model\.onnx 0\.\d MB/);
    expect(user.seen.at(-2)).toContain("the repository declares none");
    expect(fs.existsSync(path.join(path.dirname(file!), "model.onnx"))).toBe(false);
  });
});
