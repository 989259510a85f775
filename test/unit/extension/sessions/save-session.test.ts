/** Save Session against the real disk: its own file, a new one, never over what another program or nobody can read. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { Uri } from "vscode";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Host } from "../../../../src/extension/host.ts";
import { openModelOf } from "../../../../src/extension/sessions/model-of-session.ts";
import { RanModels } from "../../../../src/extension/models/ran-models.ts";
import { saveRerun, saveSession, saveSessionAs } from "../../../../src/extension/sessions/save-session.ts";
import { SessionBook } from "../../../../src/extension/interventions/session-book.ts";
import type { Source } from "../../../../src/extension/interventions/records.ts";
import type { ReadPrompt } from "../../../../src/extension/prompt/reading.ts";
import { parseSession } from "../../../../src/shared/session/parse.ts";
import type { Session } from "../../../../src/shared/session/session.ts";
import { Bench, TARGET, put, setupOf } from "../../../support/extension-support.ts";
import { withoutIdentity } from "../../../support/session/session-files.ts";

const bench = new Bench();
const choice = { path: bench.model, embedded: true };
const ranModels = new RanModels(bench.supervisor, { current: choice }, () => undefined);
let folder: string;
let source: Source;
let target: ReadPrompt;
/** What was asked or said, and what the user answers next. */
let said: string[] = [];
let answers: (string | undefined)[] = [];
let chosenFile: string | null = null;
let hasFolder = true;

function uriOf(file: string): Uri {
  return {
    scheme: "file",
    fsPath: file,
    path: file,
    toString: () => `file://${file}`,
    with: ({ path: other }: { path: string }) => uriOf(other),
  } as unknown as Uri;
}

function asked(text: string): Promise<string | undefined> {
  said.push(text);
  return Promise.resolve(answers.shift());
}

function hostOf(): Host {
  const vs = {
    ProgressLocation: { Window: 10 },
    Uri: {
      joinPath: (uri: Uri, ...parts: string[]) => uriOf(path.join(uri.fsPath, ...parts)),
      file: (name: string) => uriOf(name),
      parse: (text: string) => uriOf(text.replace("file://", "")),
    },
    window: {
      activeTextEditor: undefined,
      withProgress: (_: unknown, work: () => Promise<unknown>) => work(),
      showWarningMessage: asked,
      showErrorMessage: asked,
      showInformationMessage: asked,
      showSaveDialog: ({ defaultUri }: { defaultUri: Uri }) => {
        said.push(`dialog ${path.basename(defaultUri.fsPath)}`);
        return Promise.resolve(chosenFile === null ? undefined : uriOf(chosenFile));
      },
    },
    commands: {
      executeCommand: (command: string) => {
        said.push(command);
        return Promise.resolve();
      },
    },
    workspace: {
      get workspaceFolders() {
        return hasFolder ? [{ uri: uriOf(folder) }] : undefined;
      },
      getConfiguration: () => ({ get: () => "results" }),
      asRelativePath: (uri: Uri) => path.relative(folder, uri.fsPath),
      fs: {
        createDirectory: (uri: Uri) => fs.promises.mkdir(uri.fsPath, { recursive: true }),
        stat: (uri: Uri) => fs.promises.stat(uri.fsPath),
        readFile: (uri: Uri) => fs.promises.readFile(uri.fsPath),
      },
    },
  };
  const notices = {
    hint: (text: string) => said.push(text),
    info: (text: string) => said.push(text),
  };
  const parts = { vs, notices, ranModels, store: bench.store, supervisor: bench.supervisor };
  return {
    ...parts,
    sessions,
    chosen: { current: choice },
    prompts: { get: () => null, in: () => [] },
  } as unknown as Host;
}

let sessions = new SessionBook();
let host: Host;
const fileAt = (name: string): string => path.join(folder, "results", name);
const read = (name: string): string => fs.readFileSync(fileAt(name), "utf8");
const names = (): string[] => fs.readdirSync(path.join(folder, "results")).sort();
const first = "france-italy-swap.swap.json";

async function swap(): Promise<void> {
  await bench.runner.sweep([put(bench, target, ["France"], source)]);
}

beforeAll(async () => {
  source = await bench.source();
  target = await bench.read(TARGET);
});
afterAll(() => {
  bench.supervisor.dispose();
});
beforeEach(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "swap-saving-"));
  sessions = new SessionBook();
  host = hostOf();
  [said, answers, chosenFile, hasFolder] = [[], [], null, true];
  await swap();
});
afterEach(() => {
  fs.rmSync(folder, { recursive: true, force: true });
});

describe("Save Session", () => {
  it("writes to the session folder and says where; again, to the same file; after another run of it too", async () => {
    await saveSession(host);
    expect(names()).toEqual([first]);
    expect(said).toEqual([`Saved as results/${first}`]);
    await bench.runner.grid(bench.shown);
    await saveSession(host);
    expect(names()).toEqual([first]);
    expect(parseSession(read(first)).grid).not.toBeNull();
  });

  it("takes another file for another condition, and a number where the name is taken", async () => {
    await saveSession(host);
    await swap();
    await saveSession(host);
    expect(names()).toEqual(["france-italy-swap-2.swap.json", first]);
    bench.store.update(bench.shown.id, () => ({ setup: setupOf({ kind: "zero" }) }));
    await bench.runner.sweep([bench.shown]);
    await saveSession(host);
    expect(names()).toContain("zero.swap.json");
    expect(parseSession(read("zero.swap.json")).sweep?.condition.kind).toBe("zero");
  });

  it("makes one file when it comes twice in a row", async () => {
    await Promise.all([saveSession(host), saveSession(host)]);
    expect(names()).toEqual([first]);
  });

  it("keeps the label that somebody wrote into the file", async () => {
    await saveSession(host);
    fs.writeFileSync(fileAt(first), read(first).replace('"label": ""', '"label": "for the paper"'));
    sessions.set(bench.shown.id, { uri: uriOf(fileAt(first)), text: read(first) });
    await saveSession(host);
    expect(parseSession(read(first)).label).toBe("for the paper");
  });

  it("asks before it writes over what was changed on disk; Cancel leaves it, Overwrite does not", async () => {
    await saveSession(host);
    const theirs = read(first).replace('"label": ""', '"label": "theirs"');
    fs.writeFileSync(fileAt(first), theirs);
    said = [];
    await saveSession(host);
    expect(said).toEqual([expect.stringContaining("was changed on disk")]);
    expect(read(first)).toBe(theirs);
    answers = ["Overwrite"];
    await saveSession(host);
    expect(parseSession(read(first)).label).toBe("");
  });

  it("asks again when the file changes while the question is open", async () => {
    await saveSession(host);
    const theirs = read(first).replace('"label": ""', '"label": "theirs"');
    fs.writeFileSync(fileAt(first), theirs);
    said = [];
    const later = theirs.replace("theirs", "still theirs");
    host.vs.window.showWarningMessage = (text: string) => {
      const answer = asked(text);
      if (said.length === 1) fs.writeFileSync(fileAt(first), later);
      return answer;
    };
    answers = ["Overwrite", undefined];
    await saveSession(host);
    expect(said).toHaveLength(2);
    expect(read(first)).toBe(later);
  });

  it.each([
    ["cut", (text: string) => text.slice(0, 500)],
    ["of a newer version", (text: string) => text.replace('"version": 1', '"version": 9')],
    ["empty", () => ""],
  ])("never writes over a file that is %s, and offers another name or its text", async (_, change) => {
    await saveSession(host);
    const theirs = change(read(first));
    fs.writeFileSync(fileAt(first), theirs);
    said = [];
    answers = ["Open as Text"];
    await saveSession(host);
    expect(said).toEqual([expect.stringContaining("is not written over"), "stateSwap.openSessionAsText"]);
    expect(read(first)).toBe(theirs);
    chosenFile = fileAt(first);
    answers = [undefined];
    await saveSessionAs(host);
    expect(read(first), "chosen in the dialog").toBe(theirs);
  });

  it("writes a file anew that was deleted", async () => {
    await saveSession(host);
    fs.rmSync(path.join(folder, "results"), { recursive: true });
    await saveSession(host);
    expect(names()).toEqual([first]);
  });

  it("asks for a file where no folder is open, and writes nothing when none is named", async () => {
    hasFolder = false;
    await saveSession(host);
    expect(said).toEqual([`dialog ${first}`]);
    chosenFile = path.join(folder, "mine.json");
    await saveSession(host);
    expect(fs.readdirSync(folder)).toEqual(["mine.swap.json"]);
  });

  it("says that there is nothing to save", async () => {
    bench.store.update(bench.shown.id, () => ({ sweep: null, grid: null }));
    await expect(saveSession(host)).rejects.toMatchObject({ code: "usage" });
  });
});

describe("the new result of a session that was run again", () => {
  it("replaces the file, or stands beside it, or is dropped, as the user says", async () => {
    await saveSession(host);
    const uri = uriOf(fileAt(first));
    const result: Session = { ...parseSession(read(first)), label: "again" };
    answers = [undefined];
    expect(await saveRerun(host, uri, read(first), result)).toBe(false);
    answers = ["Save as a New File"];
    expect(await saveRerun(host, uri, read(first), result)).toBe(true);
    expect(names()).toEqual(["france-italy-swap-2.swap.json", first]);
    expect(parseSession(read(first)).label).toBe("");
    answers = ["Replace the Stored Result"];
    expect(await saveRerun(host, uri, read(first), result)).toBe(true);
    expect(parseSession(read(first)).label).toBe("again");
  });
});

describe("the model of a session", () => {
  const stored = async (): Promise<Session> => {
    await saveSession(host);
    said = [];
    return parseSession(read(first));
  };

  it("is the chosen one when the hash is the same, without a question", async () => {
    const session = await stored();
    expect(await openModelOf(host, session)).toMatchObject({ sha256: session.model.sha256 });
    expect(said).toEqual([]);
  });

  it("is asked for when it is another; the user may go on, choose, or give up", async () => {
    const session = await stored();
    const identity = { ...session.model.identity!, weights: "0".repeat(64) };
    const other: Session = { ...session, model: { ...session.model, identity } };
    answers = [undefined];
    expect(await openModelOf(host, other)).toBeNull();
    answers = ["Run with This Model"];
    expect(await openModelOf(host, other)).toMatchObject({ sha256: session.model.sha256 });
    answers = ["Select Model…"];
    expect(await openModelOf(host, other)).toBeNull();
    expect(said.filter((text) => text === "stateSwap.selectModel")).toHaveLength(1);
  });

  it("of an older version passes by the hash of its file, which is all that it keeps", async () => {
    const session = await stored();
    const older = withoutIdentity(session);
    expect(await openModelOf(host, older)).toMatchObject({ identity: session.model.identity });
    expect(said).toEqual([]);
    answers = [undefined];
    const other = { ...older, model: { ...older.model, sha256: "0".repeat(64) } };
    expect(await openModelOf(host, other)).toBeNull();
    expect(said).toHaveLength(1);
  });

  it("is refused when the session's tokens mean nothing to it", async () => {
    const session = await stored();
    const older = withoutIdentity(session);
    const other: Session = { ...older, model: { ...older.model, sha256: null, vocab: 7 } };
    answers = ["Run with This Model"];
    await expect(openModelOf(host, other)).rejects.toMatchObject({ code: "unsupported-model" });
  });
});
