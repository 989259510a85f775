/** The product in a VS Code of another language, with a translation that nobody speaks: manifest, line, hover and panel. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { l10nJsonFormat } from "@vscode/l10n-dev";
import { getL10nPseudoLocalized } from "@vscode/l10n-dev";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import { plainWords, pseudo, pseudoLanguage, wordsOf } from "../support/pseudo-language.ts";
import { inlineText } from "./marks.ts";
import type { Session } from "./session.ts";
import { startSession } from "./session.ts";
import { isOldest } from "./workbench.ts";

const root = join(import.meta.dirname, "../..");
const language = "qps-ploc";
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };

/** Puts a translation beside the installed English texts, as its translators would. */
function translate(extensions: string): void {
  const installed = join(extensions, `state-swap.state-swap-${version}`);
  const english = JSON.parse(readFileSync(join(installed, "package.nls.json"), "utf8")) as l10nJsonFormat;
  // Commands in links are no words.
  const manifest = Object.entries(english).map(([key, text]): [string, string] => {
    const parts = (text as string).split(/(\(command:[^)]*\))/);
    const made = parts.map((part, i) =>
      i % 2 === 1 || part === "" ? part : (getL10nPseudoLocalized({ part }).part as string),
    );
    return [key, made.join("")];
  });
  writeFileSync(
    join(installed, `package.nls.${language}.json`),
    JSON.stringify(Object.fromEntries(manifest)),
  );
  const { texts } = pseudoLanguage();
  writeFileSync(join(installed, `l10n/bundle.l10n.${language}.json`), JSON.stringify(texts));
}

// The oldest VS Code takes its language from a language pack alone, which no page can set.
describe.skipIf(inject("e2e").skip !== null || isOldest)("VS Code in another language", () => {
  let session: Session;
  const untitled = () => session.page.locator('.monaco-editor[data-uri^="untitled:"]').last();

  beforeAll(async () => {
    session = await startSession({ name: "l10n" });
    translate(join(session.server.folder, "extensions"));
    // What a language pack of VS Code does, without one: the editor's own words stay English.
    await session.page.addInitScript((tag) => {
      Object.defineProperty(globalThis, "_VSCODE_NLS_LANGUAGE", { get: () => tag, set: () => undefined });
    }, language);
    await session.page.goto(session.server.url);
    await session.page.locator(".monaco-workbench .statusbar").waitFor();
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === "fail") await session.keepFailure(task.name);
  });
  afterAll(async () => {
    await session.stop();
  });

  it("lists the commands in it, and the demo runs", async () => {
    await session.workbench.run(`${pseudo("State Swap")}: ${pseudo("Run Demo")}`);
    await untitled().waitFor();
    await expect.poll(() => inlineText(untitled(), 6)).toContain(pseudo("flip").trim());
    await session.shot("demo");
  });

  it("has the line and the panel in it, and no plain word of its own", async () => {
    const unchanged = wordsOf([
      "countries-2m ◆Italy Rome Paris State Swap q4 fp32 activations KL id capitals txt Untitled Ctrl Shift",
      "The country Italy Q: What is the capital of Spain? A: Madrid France",
    ]);
    expect(plainWords(await inlineText(untitled(), 6), unchanged)).toEqual([]);
    const frame = await session.panel.frame();
    await frame.locator(".verdict").waitFor();
    expect(await frame.locator("html").getAttribute("lang")).toBe(language);
    const texts = await frame
      .locator("h2, .verdict, .facts-line, .model-line, .hint, .condition-line, vscode-button")
      .allInnerTexts();
    expect(texts.length).toBeGreaterThan(8);
    for (const text of texts) expect(plainWords(text, unchanged), text).toEqual([]);
    await session.shot("panel");
  });
});
