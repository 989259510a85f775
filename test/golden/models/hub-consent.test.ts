/** Fetching with the user: what is asked, in which order, and that the network is left alone before they agree. The download is the real one. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { SecretStorage } from "vscode";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { HubOffer } from "../../../src/extension/models/hub-list.ts";
import type { Hub } from "../../../src/extension/models/hub-access.ts";
import { askHubToken } from "../../../src/extension/models/hub-access.ts";
import { fetchOffer, fetchOther } from "../../../src/extension/models/hub-models.ts";
import type { VsCode } from "../../../src/extension/vs.ts";
import { makeAuthority } from "../../support/models/authority.ts";
import type { FakeHub } from "../../support/models/fake-hub.ts";
import { startFakeHub } from "../../support/models/fake-hub.ts";
import type { LoopbackProxy } from "../../support/models/loopback-proxy.ts";
import { startProxy } from "../../support/models/loopback-proxy.ts";

const root = path.resolve(import.meta.dirname, "../../..");
const id = "tiny/llama";
const offer: HubOffer = { id, file: "onnx/model.onnx", bytes: 2e6, licence: "apache-2.0", about: "" };

/** Answers of a user, in order; what they saw is kept. */
interface User {
  readonly answers: (string | undefined)[];
  readonly seen: string[];
  /** Presses Cancel when progress says this. */
  cancelAt: RegExp | null;
  /** Looks on while a download runs. */
  onProgress: () => void;
}

let server: FakeHub;
let hub: Hub;
let user: User;
/** What the download process printed. */
let log = "";
const secrets = new Map<string, string>();
/** Settings below `http`. */
let http: Record<string, unknown>;
beforeEach(async () => {
  server = await startFakeHub();
  server.add(id, path.join(root, "test/fixtures/llama__past"), "apache-2.0");
  user = { answers: [], seen: [], cancelAt: null, onProgress: () => undefined };
  log = "";
  secrets.clear();
  http = { proxySupport: "off" };
  hub = {
    vs: editor(user),
    host: server.host,
    secrets: {
      get: (key: string) => Promise.resolve(secrets.get(key)),
      store: (key: string, value: string) => Promise.resolve(void secrets.set(key, value)),
      delete: (key: string) => Promise.resolve(void secrets.delete(key)),
    } as unknown as SecretStorage,
    cache: fs.mkdtempSync(path.join(os.tmpdir(), "state-swap-consent-")),
    process: () => ({
      script: path.join(root, "dist/hub.mjs"),
      execPath: process.execPath,
      onLog: (text) => (log += text),
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
            user.onProgress();
            if (user.cancelAt?.test(message)) cancel();
          },
        },
        { onCancellationRequested: (listener: () => void) => (cancel = listener) },
      );
    },
  };
  const workspace = { getConfiguration: () => ({ get: (key: string) => http[key] }) };
  return { window, workspace, ProgressLocation: { Notification: 15 } } as unknown as VsCode;
}

/** Arguments and environment of download processes that this one started, where the system shows them. */
function downloaderFacts(): string {
  if (process.platform !== "linux") return "";
  const read = (pid: string, what: string): string => {
    try {
      return fs.readFileSync(`/proc/${pid}/${what}`, "utf8");
    } catch {
      // It ended meanwhile.
      return "";
    }
  };
  return fs
    .readdirSync("/proc")
    .filter(
      (pid) => /^\d+$/.test(pid) && read(pid, "stat").split(") ")[1]?.split(" ")[1] === String(process.pid),
    )
    .map((pid) => read(pid, "cmdline") + read(pid, "environ"))
    .join("\n");
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

describe("a proxy that wants a password", () => {
  let proxy: LoopbackProxy;
  beforeEach(async () => {
    proxy = await startProxy();
    proxy.login = "ann:pass word";
    http = { proxySupport: "override", proxy: `http://${proxy.address}` };
  });
  afterEach(() => proxy.stop());

  it("is asked about, the answer is kept as a secret, and the download goes on", async () => {
    user.answers.push("Download", "ann", "pass word");
    const file = await fetchOffer(hub, offer);
    expect(fs.existsSync(file!)).toBe(true);
    expect(user.seen.filter((text) => text.includes("asks for a name and a password"))).toHaveLength(1);
    expect([...secrets.values()]).toEqual([
      JSON.stringify({ proxy: proxy.address, user: "ann", password: "pass word" }),
    ]);
    expect(log).not.toContain("pass word");
  });

  it("is asked about again after a wrong answer, and named when the user gives up", async () => {
    user.answers.push("Download", "ann", "wrong", undefined);
    await expect(fetchOffer(hub, offer)).rejects.toMatchObject({
      code: "proxy-refused",
      hintCode: "proxy-login",
      message: `The proxy ${proxy.address} asks for a name and a password (407).`,
    });
    expect(user.seen.at(-1)).toContain("did not take the name and password");
    expect(server.requests).toEqual([]);
  });
});

describe("a hub of one's own", () => {
  afterEach(() => {
    delete process.env.NODE_EXTRA_CA_CERTS;
  });

  it("with terms names their page, then opens with the token, which is a secret and stands in no log, argument or setting", async () => {
    server.faults.gated[id] = "hf_secret";
    user.answers.push("Download");
    const refused = await fetchOffer(hub, offer).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: "hub-gated", hintCode: "hub-token" });
    expect((refused as Error).message).toContain(`must be accepted on its page, ${server.host}/${id}`);
    user.answers.push(" hf_secret ");
    expect(await askHubToken(hub)).toBe("kept");
    expect([...secrets]).toEqual([[`hubToken ${server.host}`, "hf_secret"]]);
    expect(user.seen.at(-1)).toContain(`sent to ${new URL(server.host).host} alone`);
    user.answers.push("Download");
    let seen = "";
    user.onProgress = () => (seen += downloaderFacts());
    expect(fs.existsSync((await fetchOffer(hub, offer))!)).toBe(true);
    if (process.platform === "linux") expect(seen).toContain("hub.mjs");
    expect(log + seen).not.toContain("hf_secret");
    user.answers.push("");
    expect(await askHubToken(hub)).toBe("removed");
    expect(secrets.size).toBe(0);
  });

  it("behind an authority of its own opens once NODE_EXTRA_CA_CERTS names it, for its own name only", async () => {
    const authority = await makeAuthority("Example Corp Root");
    const own = await startFakeHub(authority.server);
    const proxy = await startProxy();
    own.add(id, path.join(root, "test/fixtures/llama__past"), "apache-2.0");
    for (const name of ["hub.example", "other.example"]) proxy.names[name] = Number(new URL(own.host).port);
    const from = (host: string): Promise<string | null> => {
      user.answers.push("Download");
      return fetchOffer({ ...hub, host }, offer);
    };
    try {
      await expect(from(own.host)).rejects.toMatchObject({
        code: "certificate-unknown",
        hintCode: "trust-authority",
        message: expect.stringContaining("signed by “Example Corp Root”") as string,
      });
      const file = path.join(hub.cache, "authority.pem");
      fs.writeFileSync(file, authority.certificate);
      process.env.NODE_EXTRA_CA_CERTS = file;
      http = { proxy: `http://${proxy.address}` };
      await expect(from("https://other.example")).rejects.toMatchObject({
        code: "certificate-unknown",
        message: expect.stringContaining("The certificate of other.example does not hold") as string,
      });
      expect(fs.existsSync((await from("https://hub.example"))!)).toBe(true);
    } finally {
      await own.stop();
      await proxy.stop();
    }
  });
});
