/** What a session holds is enough to run it again: the engine gives the stored numbers, from the file alone. */
import * as fs from "node:fs";
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EngineClient } from "../../../../src/engine/client/engine-client.ts";
import { compareSessions } from "../../../../src/shared/session/compare.ts";
import { parseSession } from "../../../../src/shared/session/parse.ts";
import type { Session } from "../../../../src/shared/session/session.ts";
import {
  controlExperiment,
  gridExperiment,
  sweepExperiment,
} from "../../../../src/shared/session/session.ts";
import { recordSession } from "../../../support/session/record-session.ts";
import type { Recipe } from "../../../support/session/record-session.ts";
import { DEMO, VERSION_1 } from "../../../support/session/session-recipes.ts";
import { goldenText } from "../../../support/session/session-files.ts";

const root = path.resolve(import.meta.dirname, "../../../..");
/** Recordings that were left whole. */
const complete = Object.entries(VERSION_1).filter(([, { kept }]) => kept === null);

let client: EngineClient;

beforeAll(async () => {
  client = await EngineClient.start({
    script: path.join(root, "dist/engine.mjs"),
    execPath: process.execPath,
    onLog: () => undefined,
  });
});
afterAll(() => client.stop());

/** The session with its sweep, controls and grid run again from what it holds. */
async function runAgain(session: Session, { model }: Recipe): Promise<Session> {
  await client.request("open", { path: model.path, file: null, threads: 1, runtime: "auto" });
  const { sha256 } = await client.request("hash", {});
  const { sweep, grid } = session;
  const ran = sweep && (await client.request("sweep", sweepExperiment(session)!));
  const controls = [];
  for (const control of sweep?.controls ?? []) {
    const { rows } = await client.request("sweep", controlExperiment(session, sweep!, control));
    controls.push({ ...control, rows });
  }
  const columns = grid && (await client.request("grid", gridExperiment(session)!)).columns;
  return {
    ...session,
    model: { ...session.model, sha256 },
    sweep: sweep && ran && { ...sweep, rows: ran.rows, controls },
    grid: grid && columns && { ...grid, columns },
  };
}

describe.each(complete)("%s", (name, recipe) => {
  it("run again from its file gives what is stored", async () => {
    const stored = parseSession(goldenText(name));
    const found = compareSessions(stored, await runAgain(stored, recipe));
    expect(found).toMatchObject({ inputs: [], cells: [], isSameExperiment: true });
    expect(found.compared).toBeGreaterThan(3);
  });
});

describe("the demo", () => {
  it("is what its recipe records now", async () => {
    const stored = parseSession(fs.readFileSync(path.join(root, "media/demo.swap.json"), "utf8"));
    const found = compareSessions(stored, await recordSession(client, DEMO));
    expect(found).toMatchObject({ inputs: [], cells: [], compared: 12 + 26 * 12 });
  });
});
