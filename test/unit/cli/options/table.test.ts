/** The table of options: help, refusals and docs/cli.md say what it says, of every option and every command. */
import * as fs from "node:fs";
import * as path from "node:path";
import { describe, expect, test } from "vitest";
import { COMMANDS, spellingsOf } from "../../../../src/cli/options/args.ts";
import type { CommandName } from "../../../../src/cli/options/commands.ts";
import { declarationOf } from "../../../../src/cli/options/commands.ts";
import { helpText, labelOf, meaningOf } from "../../../../src/cli/options/help.ts";
import type { Spelling } from "../../../../src/cli/options/option.ts";
import { lineOf, usageOf } from "../../../support/cli/cli-lines.ts";

const NAMES = [...new Set(COMMANDS.flatMap((command) => spellingsOf(command).map(({ name }) => name)))];

/** Words that give an option a value of any kind. */
function wordsOf({ name, value }: Spelling): string[] {
  return [`--${name}`, ...(value === undefined ? [] : ["x"])];
}

function spellingOf(name: string, command: CommandName): Spelling | undefined {
  return spellingsOf(command).find((spelling) => spelling.name === name);
}

describe.each(NAMES)("--%s", (name) => {
  const takers = COMMANDS.filter((command) => spellingOf(name, command) !== undefined);
  const others = COMMANDS.filter((command) => !takers.includes(command));

  test("stands in the help of its commands, and of no other", () => {
    for (const command of COMMANDS) {
      const lines = helpText(command).split("\n");
      const spelling = spellingOf(name, command);
      const isListed = lines.some((line) => line.startsWith(`  ${labelOf(spelling ?? { name, help: "" })} `));
      expect(isListed, command).toBe(spelling !== undefined);
    }
  });

  test("is refused at other commands, which say whose it is", () => {
    const words = wordsOf(spellingOf(name, takers[0]!)!);
    for (const command of others) {
      const said = usageOf(() => lineOf(command, ...words));
      expect(said).toContain(`--${name} does not belong to ${command}. It belongs to ${takers.join(", ")}.`);
    }
  });

  test("is suggested to who slips, and given once unless it may be repeated", () => {
    for (const command of takers) {
      const slipped = `--${name.slice(0, 1)}${name}`;
      expect(usageOf(() => lineOf(command, slipped, "x"))).toContain(
        `There is no option ${slipped}. Did you mean --${name}?`,
      );
      const spelling = spellingOf(name, command)!;
      if (spelling.value === undefined) continue;
      const twice = [...wordsOf(spelling), ...wordsOf(spelling)];
      if (spelling.isRepeatable === true) expect(lineOf(command, ...twice).given.get(name)).toHaveLength(2);
      else expect(usageOf(() => lineOf(command, ...twice))).toContain(`--${name} is given twice`);
    }
  });
});

test("a word that is near to no option gets no suggestion", () => {
  expect(usageOf(() => lineOf("sweep", "--bananas"))).not.toContain("Did you mean");
});

test("an option is declared once for each command", () => {
  for (const command of COMMANDS) {
    const names = spellingsOf(command).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  }
});

describe("docs/cli.md", () => {
  const page = fs.readFileSync(path.resolve(import.meta.dirname, "../../../../docs/cli.md"), "utf8");

  /** Rows of all tables whose first column has a heading, without Markdown. */
  function rowsOf(heading: string): string[][] {
    const lines = page.split("\n");
    return lines.flatMap((line, i) => {
      if (cellsOf(line)[0] !== heading) return [];
      const table = lines.slice(i + 2);
      const end = table.findIndex((row) => !row.startsWith("|"));
      return table.slice(0, end).map(cellsOf);
    });
  }

  function cellsOf(line: string): string[] {
    return line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) =>
        cell
          .trim()
          .replaceAll("`", "")
          .replaceAll(/\\([^\w\s])/g, "$1"),
      );
  }

  test("has every command, with what it gives", () => {
    expect(rowsOf("command")).toEqual(COMMANDS.map((command) => [command, declarationOf(command).gives]));
  });

  test("has every option as its help has it, with the commands that take it", () => {
    const takers = new Map<string, { row: string[]; commands: string[] }>();
    for (const command of COMMANDS) {
      for (const spelling of spellingsOf(command)) {
        const row = [labelOf(spelling), meaningOf(spelling).split("\n")[0]!];
        const known = takers.get(row.join()) ?? { row, commands: [] };
        takers.set(row.join(), { row, commands: [...known.commands, command] });
      }
    }
    const expected = [...takers.values()].map(({ row, commands }) => [
      ...row,
      commands.length === COMMANDS.length ? "all" : commands.join(", "),
    ]);
    expect(rowsOf("option").map(String).sort()).toEqual(expected.map(String).sort());
  });
});
