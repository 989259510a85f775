/** Arguments: what each command takes, and one clear sentence for everything else. */
import { describe, expect, test } from "vitest";
import { COMMANDS, parseCommandLine, spellingsOf } from "../../../../src/cli/options/args.ts";
import { helpText } from "../../../../src/cli/options/help.ts";
import { textOf } from "../../../../src/cli/options/option.ts";
import { identityOf, lineOf, optionsOf, sweepOf, usageOf } from "../../../support/cli/cli-lines.ts";

describe("reading", () => {
  test("every option reaches its command, with and without =", () => {
    const line = lineOf(
      "sweep",
      "--target",
      "a b",
      "--with=-x",
      "--swap",
      "c",
      "--swap=d",
      "-o",
      "f.json",
      "--json",
    );
    expect(textOf(line.given, "target")).toBe("a b");
    expect(textOf(line.given, "with")).toBe("-x");
    expect(line.given.get("swap")).toEqual(["c", "d"]);
    expect(textOf(line.given, "output")).toBe("f.json");
    expect(line.given.has("json")).toBe(true);
  });

  test("a value may be empty, a lone dash, or hold anything", () => {
    const line = lineOf("sweep", "--target", "", "--source-file", "-", "--with", "a=b\n#2");
    expect(textOf(line.given, "target")).toBe("");
    expect(textOf(line.given, "source-file")).toBe("-");
    expect(textOf(line.given, "with")).toBe("a=b\n#2");
  });

  test("help and version are told from commands", () => {
    expect(parseCommandLine([])).toEqual({ kind: "nothing" });
    expect(parseCommandLine(["--help"])).toEqual({ kind: "help", command: null });
    expect(parseCommandLine(["help", "grid"])).toEqual({ kind: "help", command: "grid" });
    expect(parseCommandLine(["sweep", "--swap", "x", "-h"])).toEqual({ kind: "help", command: "sweep" });
    expect(parseCommandLine(["--version"])).toEqual({ kind: "version" });
  });
});

describe("refusals", () => {
  const cases: readonly (readonly [string, readonly string[], RegExp])[] = [
    ["an unknown command", ["swep"], /no command swep.*sweep, grid/],
    ["a command of a later version", ["run", "x.json"], /run is not in this version yet/],
    ["an option before the command", ["--target", "x"], /must be a command, not --target/],
    ["an unknown option", ["sweep", "--tarjet", "x"], /no option --tarjet.*state-swap sweep --help/],
    ["an option of another command", ["tokens", "--swap", "x"], /--swap does not belong to tokens/],
    ["a missing value at the end", ["sweep", "--target"], /--target needs a value/],
    ["a missing value before an option", ["sweep", "--target", "--json"], /--json looks like an option/],
    ["an option given twice", ["sweep", "--target", "a", "--target", "b"], /--target is given twice/],
    ["a flag with a value", ["sweep", "--json=yes"], /--json takes no value/],
    ["stray text", ["sweep", "France"], /"France" belongs to no option/],
  ];
  test.each(cases)("%s", (_, argv, message) => {
    expect(usageOf(() => parseCommandLine(argv))).toMatch(message);
  });
});

describe("values", () => {
  test("layers are a range with both ends included, or one k", () => {
    expect(identityOf("--layers", "3..11").layers).toEqual({ from: 3, to: 11 });
    expect(identityOf("--layers", "7").layers).toEqual({ from: 7, to: 7 });
    expect(identityOf().layers).toBeNull();
  });

  test.each(["3..", "..3", "a", "1-3", "1...3", "1.5", "", " 1"])("layers %j are refused", (text) => {
    expect(usageOf(() => identityOf(`--layers=${text}`))).toMatch(/--layers takes a range of k/);
  });

  test("ids are whole numbers with commas, blanks allowed", () => {
    expect(optionsOf("tokens", "--target-ids", "1, 2,30").target).toEqual({ kind: "ids", ids: [1, 2, 30] });
    for (const text of ["1,,2", "1;2", "-1", "1.5", "x"]) {
      expect(usageOf(() => optionsOf("tokens", `--target-ids=${text}`))).toMatch(/token ids/);
    }
  });

  test.each(["0", "-1", "1.5", "many", ""])("--top %j is refused", (text) => {
    expect(usageOf(() => identityOf(`--top=${text}`))).toMatch(/whole number of at least 1/);
  });

  test("--bos takes three words", () => {
    expect(identityOf().bos).toBe("auto");
    expect(usageOf(() => identityOf("--bos", "yes"))).toMatch(/auto, on, off, not "yes"/);
  });

  test("a prompt is given once", () => {
    expect(usageOf(() => optionsOf("sweep"))).toMatch(/sweep needs a prompt/);
    const both = ["--target", "a", "--target-file", "b"];
    expect(usageOf(() => optionsOf("sweep", ...both))).toMatch(
      /--target and --target-file exclude each other/,
    );
    expect(identityOf().source).toBeNull();
  });

  test("--json and --csv exclude each other; a file's ending chooses where neither is given", () => {
    expect(usageOf(() => identityOf("--json", "--csv"))).toMatch(/exclude each other/);
    expect(identityOf("-o", "x.csv").output).toEqual({ format: "csv", file: "x.csv" });
    expect(identityOf("-o", "x.json").output).toEqual({ format: "json", file: "x.json" });
    expect(identityOf("-o", "x.json", "--csv").output).toEqual({ format: "csv", file: "x.json" });
    expect(identityOf().output).toEqual({ format: "table", file: null });
  });

  test("where there is no CSV, a file gets JSON whatever its ending", () => {
    expect(optionsOf("inspect", "-o", "x.csv").output).toEqual({ format: "json", file: "x.csv" });
  });
});

describe("conditions", () => {
  const swap = ["--swap", "a", "--with", "b"];

  test("a swap needs both spans", () => {
    expect(usageOf(() => sweepOf("--swap", "a"))).toMatch(/needs --with SPAN/);
    expect(usageOf(() => sweepOf("--with", "a"))).toMatch(/needs --swap SPAN/);
    expect(sweepOf(...swap)).toMatchObject({
      condition: "swap",
      strength: 1,
      sourceLayer: null,
      excludeBos: false,
      align: null,
    });
  });

  test.each(["random", "shuffle", "freeze", "skip-attention", "zero", "mean", "identity"])(
    "%s needs no further option, and takes all tokens but the last",
    (kind) => {
      expect(sweepOf("--condition", kind)).toMatchObject({
        condition: kind,
        positions: [],
        excludeBos: false,
        seed: 0,
        seeds: 1,
        strength: 1,
        swap: [],
        with: null,
      });
    },
  );

  test("numbers of a condition are read", () => {
    const random = ["--condition", "random", "--seed", "7", "--seeds", "5", "--strength", "0.25"];
    expect(sweepOf(...random, "--exclude-bos")).toMatchObject({
      seed: 7,
      seeds: 5,
      strength: 0.25,
      excludeBos: true,
    });
    expect(sweepOf(...swap, "--source-layer", "12").sourceLayer).toBe(12);
  });

  test("positions are a span, several, or a list of indices", () => {
    const targets = (...spans: string[]): unknown =>
      sweepOf("--condition", "zero", ...spans.flatMap((span) => ["--positions", span])).positions;
    expect(targets("France")).toEqual([{ kind: "text", text: "France", occurrence: null }]);
    expect(targets("@1,3,5..7", "@9")).toEqual([
      { kind: "tokens", from: 1, to: 1 },
      { kind: "tokens", from: 3, to: 3 },
      { kind: "tokens", from: 5, to: 7 },
      { kind: "tokens", from: 9, to: 9 },
    ]);
    expect(targets("Rome, Italy")).toEqual([{ kind: "text", text: "Rome, Italy", occurrence: null }]);
    expect(targets("all-but-last")).toEqual([]);
  });

  test("a list with something else in it is refused", () => {
    expect(() => sweepOf("--condition", "zero", "--positions", "@1,x")).toThrow(
      '"x" in @1,x is not a token index',
    );
  });

  const cases: readonly (readonly [string, readonly string[], RegExp])[] = [
    ["an unknown condition", ["--condition", "noise"], /no condition "noise"/],
    ["an unknown alignment", [...swap, "--align", "first"], /--align takes last, each, mean/],
    [
      "a seed for a swap",
      [...swap, "--seed", "1"],
      /--seed belongs to the conditions random, shuffle, angle, not to swap/,
    ],
    ["seeds for identity", ["--condition", "identity", "--seeds", "3"], /--seeds belongs to/],
    [
      "positions for a swap",
      [...swap, "--positions", "@1"],
      /--positions belongs to the conditions random, /,
    ],
    [
      "positions for skip attention",
      ["--condition", "skip-attention", "--positions", "@1"],
      /not to skip-at/,
    ],
    ["a strength for freeze", ["--condition", "freeze", "--strength", "0.5"], /--strength belongs to/],
    ["a strength above 1", [...swap, "--strength", "1.5"], /a number from 0 to 1, not "1.5"/],
    ["too many seeds", ["--condition", "random", "--seeds", "51"], /from 1 to 50, not "51"/],
    ["a negative seed", ["--condition", "random", "--seed=-1"], /--seed takes a whole number/],
    [
      "a source layer for zero",
      ["--condition", "zero", "--source-layer", "1"],
      /condition swap, not to zero/,
    ],
    [
      "all-but-last beside a span",
      ["--condition", "zero", "--positions", "all-but-last", "--positions", "@1"],
      /stands alone/,
    ],
    ["vectors for a swap", [...swap, "--vectors", "f.json"], /--vectors belongs to the condition vectors/],
    [
      "a source for identity",
      ["--condition", "identity", "--source", "x"],
      /--source belongs to the condition swap/,
    ],
    ["vectors without a file", ["--condition", "vectors"], /needs --vectors F/],
  ];
  test.each(cases)("%s is refused", (_, argv, message) => {
    expect(usageOf(() => sweepOf(...argv))).toMatch(message);
  });
});

describe("help", () => {
  test.each(COMMANDS)("%s: every option is explained, with examples that parse", (command) => {
    const help = helpText(command);
    for (const { name } of spellingsOf(command)) expect(help).toContain(`--${name}`);
    expect(help).toContain("Examples");
    const examples = help
      .replaceAll("\\\n", " ")
      .split("\n")
      .filter((text) => text.startsWith(`  state-swap ${command}`));
    expect(examples.length).toBeGreaterThan(0);
    for (const example of examples) {
      const words = [...example.trim().matchAll(/'([^']*)'|(\S+)/g)].map((match) => match[1] ?? match[2]!);
      expect(parseCommandLine(words.slice(1)).kind).toBe("run");
    }
    for (const text of help.split("\n")) expect(text.length).toBeLessThanOrEqual(120);
  });

  test("the program's help names every command", () => {
    for (const command of COMMANDS) expect(helpText(null)).toContain(`  ${command} `);
  });
});
