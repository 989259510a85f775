/** Harness trial. */
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import { inlineTexts } from "./marks.ts";
import type { Session } from "./session.ts";
import { startSession } from "./session.ts";

describe.skipIf(inject("e2e").skip !== null)("smoke", () => {
  let session: Session;
  beforeAll(async () => {
    session = await startSession({ name: "smoke", workspace: "/tmp/e2e-ws" });
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === "fail") await session.keepFailure(task.name);
  });
  afterAll(async () => {
    await session.stop();
  });
  it("opens and selects", async () => {
    await session.workbench.openFile("capitals.prompt.txt");
    await session.workbench.selectByKeyboard("capitals.prompt.txt", { text: "Italy" });
    await session.workbench.selectByMouse("capitals.prompt.txt", { text: "France" });
    await session.shot("open");
    expect(await inlineTexts(session.workbench.editor("capitals.prompt.txt"))).toEqual([]);
    await session.workbench.setTheme("hc-dark");
    await session.shot("hc");
    await session.workbench.run("Developer: Show Running Extensions");
    await session.shot("running");
  });
});
