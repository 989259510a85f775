/** Small pure parts of the extension: string literals, carried offsets, layer ranges, names, the supervisor's limits. */
import { describe, expect, it } from "vitest";
import type { Engine } from "../../src/extension/engine/supervisor.ts";
import { EngineSupervisor } from "../../src/extension/engine/supervisor.ts";
import { modelName } from "../../src/extension/engine/model-choice.ts";
import { commandLink, tokenCode } from "../../src/extension/markdown.ts";
import { carriedOver } from "../../src/extension/prompt/edits.ts";
import { rawOffset, textIndex } from "../../src/extension/prompt/prompt-text.ts";
import { stringLiteralAt } from "../../src/extension/prompt/string-literal.ts";
import { stringSyntaxOf } from "../../src/extension/prompt/string-syntax.ts";
import { readSettings } from "../../src/extension/settings.ts";
import { layersFor, parseLayerRange } from "../../src/extension/interventions/layers.ts";
import { SwapError } from "../../src/shared/errors.ts";
import type { ModelInfo } from "../../src/shared/protocol/engine.ts";

/** The literal at `‸`, which is taken out of the text first. */
function literal(language: string, marked: string): string | null {
  const at = marked.indexOf("‸");
  const text = marked.replace("‸", "");
  return stringLiteralAt(text, at, stringSyntaxOf(language)!)?.prompt.text ?? null;
}

describe("a string literal", () => {
  it.each([
    ["python", String.raw`x = "a\n‸b"  # c`, "a\nb"],
    ["python", String.raw`x = r"a\n‸b"`, String.raw`a\n` + "b"],
    ["python", String.raw`x = "\d‸\x41"`, String.raw`\d` + "A"],
    ["python", "# don't\nx = 'it‸'", "it"],
    ["python", 'x = """one "two"\n‸three"""', 'one "two"\nthree'],
    ["javascript", String.raw`f('\d‸\u{1F600}')`, "d😀"],
    ["typescript", "const a = `x ${f('`')} ‸y`", "x ${f('`')} y"],
    ["javascript", '// it\'s\nf("‸a")', "a"],
    ["json", String.raw`{"a": "b\/‸c"}`, "b/c"],
    ["go", "x := `a\\n‸b`", "a\\nb"],
    ["rust", 'let x: &\'a str = r#"a "q" ‸b"#;', 'a "q" b'],
    ["csharp", 'var x = @"a ""q"" ‸b";', 'a "q" b'],
    ["cpp", 'auto x = R"(a " ‸b)";', 'a " b'],
    ["toml", "x = 'a\\n‸b'", "a\\nb"],
    ["lua", "x = [[a\n‸b]]", "a\nb"],
  ])("in %s %j is what the program reads", (language, marked, expected) => {
    expect(literal(language, marked)).toBe(expected);
  });

  it.each([
    ["python", "x ‸= 'a'"],
    ["python", "x = '‸'"],
    ["python", "x = 'a‸\ny = 1"],
    ["javascript", "/* 'a‸' */"],
  ])("in %s %j is none", (language, marked) => {
    expect(literal(language, marked)).toBeNull();
  });

  it("keeps CRLF of a triple-quoted text and joins lines at a backslash", () => {
    expect(literal("python", '"""a\r\n‸b\\\r\nc"""')).toBe("a\r\nbc");
  });

  it("maps every character of its text to where that is written", () => {
    const text = String.raw`x = "a\n\u0042é"`;
    const found = stringLiteralAt(text, 6, stringSyntaxOf("python")!)!;
    const { prompt, start } = found;
    expect(prompt.text).toBe("a\nBé");
    expect([0, 1, 2, 3, 4].map((i) => text.slice(start + rawOffset(prompt, i), found.end)[0])).toEqual([
      "a",
      "\\",
      "\\",
      "é",
      undefined,
    ]);
    for (let i = 0; i <= prompt.text.length; i++) expect(textIndex(prompt, rawOffset(prompt, i))).toBe(i);
    // The cursor inside \u0042 is at the B.
    expect(textIndex(prompt, text.indexOf("042") - start)).toBe(2);
  });
});

describe("offsets of an edited text", () => {
  it("are kept before and after the edit, and lost inside it", () => {
    const carried = carriedOver("one two three", "one 2 three");
    expect([0, 4, 5, 7, 13].map(carried)).toEqual([0, 4, null, 5, 11]);
  });
});

describe("a layer range", () => {
  it.each([
    ["0-29", { from: 0, to: 29 }],
    [" 3 – 5 ", { from: 3, to: 5 }],
    ["2..2", { from: 2, to: 2 }],
    ["17", { from: 17, to: 17 }],
    ["ALL", { from: 0, to: 29 }],
  ])("is read from %j", (text, expected) => {
    expect(parseLayerRange(text, 30)).toEqual(expected);
  });

  it.each([["30"], ["5-3"], ["-1"], ["x"], [""], ["1.5"]])("is refused for %j, with a sentence", (text) => {
    expect(parseLayerRange(text, 30)).toEqual(expect.stringMatching(/\.$/));
  });

  it("is cut to the model that is open", () => {
    expect(layersFor({ from: 10, to: 29 }, 12)).toEqual({ from: 10, to: 11 });
    expect(layersFor({ from: 20, to: 29 }, 12)).toEqual({ from: 11, to: 11 });
    expect(layersFor(null, 12)).toEqual({ from: 0, to: 11 });
  });
});

describe("names", () => {
  it("of models are their folders' where the file's says nothing", () => {
    expect(modelName("/m/countries-2m/onnx/model.onnx")).toBe("countries-2m");
    expect(modelName(String.raw`C:\m\SmolLM2.Q4_1.gguf`)).toBe("SmolLM2.Q4_1");
    expect(modelName("/m/gpt2/")).toBe("gpt2");
    expect(modelName("")).toBe("");
  });

  it("of tokens cannot leave their table cell or their code", () => {
    expect(tokenCode(" a|b")).toBe("`␣a\\|b`");
    expect(tokenCode("`")).toBe("`` ` ``");
    expect(tokenCode("\n")).toBe("`⏎`");
  });

  it("of links carry their arguments encoded", () => {
    expect(commandLink("Run", "x.y", [12], "Do it")).toBe('[Run](command:x.y?%5B12%5D "Do it")');
  });
});

describe("settings", () => {
  it("of the wrong kind become the default", () => {
    const values: Record<string, unknown> = {
      threads: "many",
      bos: "maybe",
      model: 3,
      "inline.maxLength": 5,
    };
    const { threads, bos, model, inlineMaxLength } = readSettings(
      { get: (key: string) => values[key], inspect: () => undefined },
      true,
    );
    expect({ threads, bos, model, inlineMaxLength }).toEqual({
      threads: 0,
      bos: "auto",
      model: "",
      inlineMaxLength: 20,
    });
  });
});

describe("the supervisor", () => {
  /** Engines that open anything and end when told to. */
  function harness() {
    const ends: ((reason: SwapError) => void)[] = [];
    let time = 0;
    const start = (): Promise<Engine> => {
      const gone = new Promise<SwapError>((resolve) => ends.push(resolve));
      const request = () => Promise.resolve({ path: "m", blocks: 2 } as unknown as ModelInfo);
      const engine = { gone, request, stop: () => Promise.resolve(), kill: () => undefined };
      return Promise.resolve({ ...engine, pid: ends.length, residentBytes: 0 } as unknown as Engine);
    };
    const supervisor = new EngineSupervisor({
      start,
      target: () => Promise.resolve({ path: "m", threads: 1 }),
      log: () => undefined,
      now: () => time,
    });
    const crash = async (): Promise<void> => {
      ends.at(-1)!(new SwapError("engine-crashed", "The engine process ended unexpectedly."));
      await Promise.resolve();
      await Promise.resolve();
    };
    return { supervisor, crash, started: () => ends.length, pass: (ms: number) => (time += ms) };
  }

  it("starts one engine for many requests, and none before the first", async () => {
    const { supervisor, started } = harness();
    expect(started()).toBe(0);
    await Promise.all([supervisor.open(), supervisor.open(), supervisor.request("ping", {})]);
    expect(started()).toBe(1);
  });

  it("tells each crash once and starts another engine at the next request", async () => {
    const { supervisor, crash, started } = harness();
    const reasons: SwapError[] = [];
    supervisor.crashed.on((reason) => reasons.push(reason));
    await supervisor.open();
    await crash();
    expect([reasons.length, supervisor.model.state]).toEqual([1, "closed"]);
    await supervisor.open();
    expect([started(), supervisor.model.state]).toEqual([2, "ready"]);
  });

  it("stops trying after three crashes in three minutes, until the user restarts it or time has passed", async () => {
    const { supervisor, crash, started, pass } = harness();
    for (let i = 0; i < 3; i++) {
      await supervisor.open();
      await crash();
    }
    await expect(supervisor.open()).rejects.toMatchObject({ code: "engine-crashed" });
    expect(started()).toBe(3);
    await supervisor.restart();
    expect(started()).toBe(4);
    for (let i = 0; i < 3; i++) {
      await supervisor.open();
      await crash();
    }
    await expect(supervisor.open()).rejects.toMatchObject({ code: "engine-crashed" });
    pass(4 * 60_000);
    await supervisor.open();
    expect(supervisor.model.state).toBe("ready");
  });
});
