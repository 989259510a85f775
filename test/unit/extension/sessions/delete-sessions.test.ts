/** Delete Session: asked for, to the trash, and for good only when that is asked for again. */
import type { Uri } from "vscode";
import { beforeEach, expect, test } from "vitest";
import type { Host } from "../../../../src/extension/host.ts";
import { deleteSessions } from "../../../../src/extension/sessions/delete-sessions.ts";

/** What was asked, what the user answers next, and what was deleted. */
let said: string[] = [];
let answers: (string | undefined)[] = [];
let deleted: string[] = [];
let hasTrash = true;

const vs = {
  window: {
    showWarningMessage: (text: string) => {
      said.push(text);
      return Promise.resolve(answers.shift());
    },
  },
  workspace: {
    fs: {
      delete: ({ path }: Uri, { useTrash }: { useTrash: boolean }) => {
        if (useTrash && !hasTrash) return Promise.reject(new Error("no trash"));
        deleted.push(`${path} ${useTrash ? "trash" : "gone"}`);
        return Promise.resolve();
      },
    },
  },
} as unknown as Host["vs"];
const uris = ["/a.swap.json", "/b.swap.json"].map((path) => ({ path }) as unknown as Uri);

beforeEach(() => {
  [said, answers, deleted, hasTrash] = [[], [], [], true];
});

test("asks first, and moves to the trash", async () => {
  await deleteSessions({ vs }, uris.slice(0, 1));
  expect(said).toEqual(["Delete the session a.swap.json?"]);
  expect(deleted).toEqual([]);
  answers = ["Move to Trash"];
  await deleteSessions({ vs }, uris);
  expect(said.at(-1)).toBe("Delete 2 sessions?");
  expect(deleted).toEqual(["/a.swap.json trash", "/b.swap.json trash"]);
});

test("where there is no trash, asks for each again", async () => {
  hasTrash = false;
  answers = ["Move to Trash", undefined, "Delete Permanently"];
  await deleteSessions({ vs }, uris);
  expect(said.at(-1)).toBe("b.swap.json cannot be moved to the trash. Delete it for good?");
  expect(deleted).toEqual(["/b.swap.json gone"]);
});
