/** The walkthrough: every step does something that exists, and its picture is the one that the demo's run draws. */
import * as fs from "node:fs";
import * as path from "node:path";
import { describe, expect, it } from "vitest";
import { COMMAND_IDS, WALKTHROUGH_ID } from "../../../src/extension/ids.ts";
import { localizedManifest } from "../../support/localized-manifest.ts";
import { walkthroughPictures } from "../../../tools/walkthrough-pictures.mjs";

interface Step {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly media: { readonly svg: string; readonly altText: string };
  readonly completionEvents: readonly string[];
}

const root = path.resolve(import.meta.dirname, "../../..");
const read = (name: string): string => fs.readFileSync(path.join(root, name), "utf8");
const { contributes } = localizedManifest() as {
  contributes: {
    walkthroughs: readonly { id: string; steps: readonly Step[] }[];
    viewsWelcome: readonly { contents: string }[];
    colors: readonly { id: string }[];
  };
};
const [walkthrough, ...others] = contributes.walkthroughs;
const steps = walkthrough?.steps ?? [];
const commands: readonly string[] = Object.values(COMMAND_IDS);

/** Commands that Markdown links run. */
function linked(text: string): string[] {
  return [...text.matchAll(/\(command:([^)?]+)/g)].map(([, command]) => command!);
}

describe("the walkthrough", () => {
  it("is one, of five to six steps with ids of their own, and named as the code opens it", () => {
    expect(others).toEqual([]);
    expect(walkthrough?.id).toBe(WALKTHROUGH_ID);
    expect([5, 6]).toContain(steps.length);
    expect(new Set(steps.map(({ id }) => id)).size).toBe(steps.length);
  });

  it.each(steps)("has a button for “$title”, and is done once one of its buttons was used", (step) => {
    const run = linked(step.description);
    expect(run.length).toBeGreaterThan(0);
    for (const command of run) expect(commands).toContain(command);
    const done = step.completionEvents.map((event) => event.replace(/^onCommand:/, ""));
    expect(done.length).toBeGreaterThan(0);
    for (const command of done) expect(run).toContain(command);
  });

  it("shows pictures that the stored run of the demo draws", () => {
    const drawn = walkthroughPictures(JSON.parse(read("media/demo.swap.json")));
    const shown = steps.map(({ media }) => media.svg);
    expect(shown.sort()).toEqual([...drawn.keys()].map((name) => `media/walkthrough/${name}.svg`).sort());
    for (const [name, svg] of drawn) {
      expect(read(`media/walkthrough/${name}.svg`), `node tools/walkthrough-pictures.mjs draws ${name}`).toBe(
        svg,
      );
    }
  });

  it.each(steps)(
    "has a picture of “$title” that the page's policy lets draw itself, and words for it",
    (step) => {
      const svg = read(step.media.svg);
      expect(svg).not.toMatch(/<style|<script|<image|<foreignObject|\sstyle=|\son\w+=|href=|url\(/);
      expect(step.media.altText).toMatch(/\.$/);
      const own = [...svg.matchAll(/--vscode-(stateSwap-\w+)/g)].map(([, name]) => name!.replace("-", "."));
      const declared = contributes.colors.map(({ id }) => id);
      for (const id of own) expect(declared).toContain(id);
    },
  );
});

describe("empty views", () => {
  it("offer commands that exist", () => {
    const run = contributes.viewsWelcome.flatMap(({ contents }) => linked(contents));
    expect(run.length).toBeGreaterThan(0);
    for (const command of run) expect(commands).toContain(command);
  });
});
