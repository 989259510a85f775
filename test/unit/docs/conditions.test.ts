/** The tables of conditions in the documentation say what the conditions say of themselves. */
import * as fs from "node:fs";
import * as path from "node:path";
import { expect, it } from "vitest";
import { CONDITION_KINDS, descriptorOf } from "../../../src/shared/condition/condition.ts";
import { INITIAL_CHOICE } from "../../../src/shared/condition/condition-choice.ts";
import type { Descriptor, Takes } from "../../../src/shared/condition/descriptor.ts";

const DOCS = path.join(import.meta.dirname, "../../../docs");

const AFTER: Readonly<Record<Descriptor<unknown>["acts"], string>> = {
  once: "naturally",
  held: "naturally, where no state is held",
  "skips-attention": "all layers from k on run without their attention sublayer",
};

it("the overview names what each puts in, what follows, and whether the paper has it", () => {
  const rows = CONDITION_KINDS.map((kind) => {
    const descriptor = descriptorOf(kind);
    const { help, acts, paper } = descriptor;
    return [`[${descriptor.name().toLowerCase()}](${kind}.md)`, help, AFTER[acts], paper];
  });
  expect(tableIn("conditions/README.md", "condition")).toEqual(rows);
});

it("the page of the command line names what each puts in and the options of its own", () => {
  const rows = CONDITION_KINDS.map((kind) => {
    const { help, takes } = descriptorOf(kind);
    const name = `\`${kind}\`${kind === INITIAL_CHOICE.kind ? " (default)" : ""}`;
    const options = optionsOf(takes).map((option) => `\`${option}\``);
    return [name, help, options.join(", ")];
  });
  expect(tableIn("cli.md", "C")).toEqual(rows);
});

it.each(CONDITION_KINDS)("%s has a page with a picture", (kind) => {
  const page = fs.readFileSync(path.join(DOCS, `conditions/${kind}.md`), "utf8");
  expect(page).toContain(`](${kind}.svg)`);
  expect(fs.existsSync(path.join(DOCS, `conditions/${kind}.svg`))).toBe(true);
});

function optionsOf({ places, source, seeds, strength, numbers }: Takes): string[] {
  return [
    ...(source ? ["--swap", "--with", "--align", "--source…", "--source-layer K"] : []),
    ...(places === "rule" ? ["--positions"] : []),
    ...(places === "given" ? ["--vectors F"] : []),
    ...numbers.map(({ key }) => `--${key} N`),
    ...(seeds ? ["--seed N", "--seeds N"] : []),
    ...(strength ? ["--strength S"] : []),
  ];
}

/** The cells of the table whose heading begins with a word, without the heading. */
function tableIn(page: string, heading: string): string[][] {
  const lines = fs.readFileSync(path.join(DOCS, page), "utf8").split("\n");
  const start = lines.findIndex((line) => new RegExp(`^\\| ${heading} +\\|`).test(line));
  const end = lines.findIndex((line, i) => i > start && !line.startsWith("|"));
  return lines.slice(start + 2, end).map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}
