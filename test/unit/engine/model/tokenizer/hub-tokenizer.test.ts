/** The tokenizer of a hub folder: BOS policies, ids as they are, token texts, chat templates, and what it refuses. */
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { describe, expect, test } from "vitest";

import {
  openHubTokenizer,
  tokenizerFromJson,
} from "../../../../../src/engine/model/tokenizer/hub-tokenizer.ts";
import type { PromptTokenizer } from "../../../../../src/engine/model/tokenizer/tokenizer.ts";
import { SwapError } from "../../../../../src/shared/errors.ts";

const folder = path.join(import.meta.dirname, "../../../../fixtures/tokenizers");
const open = (name: string): Promise<PromptTokenizer> => openHubTokenizer(path.join(folder, name));

/** Opens a fixture with another `tokenizer_config.json`. */
function openWith(name: string, config: object): PromptTokenizer {
  const json: unknown = JSON.parse(readFileSync(path.join(folder, name, "tokenizer.json"), "utf8"));
  return tokenizerFromJson(json, config);
}

async function errorOf(run: () => unknown): Promise<SwapError> {
  try {
    await run();
  } catch (error) {
    if (error instanceof SwapError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("BOS", () => {
  test("auto does as the post-processor does", async () => {
    const adds = await open("spm-prefix");
    expect(adds.tokenize("France", "auto")).toMatchObject({
      ids: [1, expect.any(Number)],
      bos: { policy: "auto", added: true },
    });
    const addsNone = await open("tiny-bpe");
    expect(addsNone.tokenize(" France", "auto")).toMatchObject({
      ids: [62],
      bos: { policy: "auto", added: false },
    });
  });

  test("an explicit add_bos_token stands above the post-processor", () => {
    const off = openWith("spm-prefix", { bos_token: "<s>", add_bos_token: false });
    expect(off.tokenize("France", "auto").bos.added).toBe(false);
    const on = openWith("tiny-bpe", { bos_token: { content: "<s>", lstrip: false }, add_bos_token: true });
    expect(on.tokenize(" France", "auto").ids).toEqual([1, 62]);
  });

  test("on gives exactly one BOS, also when the text begins with one", async () => {
    for (const name of ["spm-prefix", "tiny-bpe"]) {
      const tokenizer = await open(name);
      expect(tokenizer.tokenize("is", "on")).toMatchObject({ bos: { policy: "on", added: true } });
      for (const text of ["is", "<s>is"]) {
        const { ids, tokens } = tokenizer.tokenize(text, "on");
        expect(ids.filter((id) => id === tokenizer.bosId)).toHaveLength(1);
        expect(tokens[0]).toMatchObject({ id: tokenizer.bosId, special: true, text: "<s>", start: 0 });
      }
      expect(tokenizer.tokenize("<s>is", "on").bos.added).toBe(false);
    }
  });

  test("off adds none and keeps one that the text itself has", async () => {
    const tokenizer = await open("spm-prefix");
    expect(tokenizer.tokenize("is", "off").ids).not.toContain(1);
    expect(tokenizer.tokenize("<s>is", "off").tokens[0]).toMatchObject({ id: 1, start: 0, end: 3 });
  });

  test("cannot be forced on where there is none", async () => {
    const tokenizer = await open("byte-lower-nfkc");
    expect(tokenizer.bosId).toBeNull();
    const error = await errorOf(() => tokenizer.tokenize("France", "on"));
    expect(error.code).toBe("usage");
    expect(error.message).toContain("no beginning-of-sequence token");
  });
});

describe("ids that end a text", () => {
  /** A folder with the tokenizer "tiny-bpe" and these files beside it. */
  function folderWith(files: Readonly<Record<string, object>>): string {
    const directory = mkdtempSync(path.join(tmpdir(), "state-swap-"));
    const json = readFileSync(path.join(folder, "tiny-bpe/tokenizer.json"), "utf8");
    writeFileSync(path.join(directory, "tokenizer.json"), json);
    for (const [name, content] of Object.entries(files)) {
      writeFileSync(path.join(directory, name), JSON.stringify(content));
    }
    return directory;
  }
  const eosIds = async (files: Readonly<Record<string, object>>): Promise<readonly number[]> =>
    (await openHubTokenizer(folderWith(files))).eosIds;

  test("are the tokenizer's own", async () => {
    expect((await open("tiny-bpe")).eosIds).toEqual([2]);
    expect(await eosIds({ "special_tokens_map.json": { eos_token: { content: "</s>" } } })).toEqual([2]);
  });

  test("and those of the model's configs, a number or a list, each once", async () => {
    const tokenizer = { "tokenizer_config.json": { eos_token: "</s>" } };
    expect(await eosIds({ ...tokenizer, "config.json": { eos_token_id: 62 } })).toEqual([2, 62]);
    expect(await eosIds({ ...tokenizer, "generation_config.json": { eos_token_id: [62, 2, 64] } })).toEqual([
      2, 62, 64,
    ]);
    expect(await eosIds({ "config.json": { text_config: { eos_token_id: 5 } } })).toEqual([5]);
  });

  test("generation_config.json stands above config.json where it names any", async () => {
    const config = { "config.json": { eos_token_id: 7 } };
    expect(await eosIds({ ...config, "generation_config.json": { eos_token_id: 62 } })).toEqual([62]);
    expect(await eosIds({ ...config, "generation_config.json": { eos_token_id: null } })).toEqual([7]);
  });

  test("are none where nothing is named, or no ids", async () => {
    expect(await eosIds({})).toEqual([]);
    expect(await eosIds({ "config.json": { eos_token_id: [-1, "2", null, 1.5] } })).toEqual([]);
  });
});

describe("ids as they are", () => {
  test("decode to a text that the ranges fit", async () => {
    const tokenizer = await open("tiny-bpe");
    const { text, tokens, bos } = tokenizer.fromIds([62, 1, 64]);
    expect(text).toBe(" France<s> It");
    expect(tokens.map(({ start, end }) => text.slice(start, end))).toEqual([" France", "<s>", " It"]);
    expect(bos.added).toBe(false);
  });

  test("a BOS that the tokenizer adds by itself covers no text", async () => {
    const tokenizer = await open("spm-prefix");
    const made = tokenizer.tokenize("France", "auto");
    const again = tokenizer.fromIds(made.ids);
    expect(again.text).toBe("France");
    expect(again.tokens.map(({ start, end }) => [start, end])).toEqual(
      made.tokens.map(({ start, end }) => [start, end]),
    );
  });

  test("part of a character is a replacement character, and ranges stay in the text", async () => {
    const tokenizer = await open("byte-bos");
    const { ids } = tokenizer.tokenize("x🙈", "off");
    const { text, tokens } = tokenizer.fromIds(ids.slice(0, -1));
    expect(text.startsWith("x\uFFFD")).toBe(true);
    expect(tokens.at(-1)!.end).toBe(text.length);
  });

  test.each([[128], [-1], [1.5], [Number.NaN]])("%d is refused", async (id) => {
    const tokenizer = await open("tiny-bpe");
    const error = await errorOf(() => tokenizer.fromIds([62, id]));
    expect(error.code).toBe("bad-token-id");
    expect(error.message).toContain("token 1");
    expect(error.hint).toContain("0 to 127");
  });
});

describe("token texts", () => {
  test("have their leading blank", async () => {
    expect((await open("tiny-bpe")).tokenText(62)).toBe(" France");
    const spm = await open("spm-prefix");
    expect(spm.tokenText(spm.tokenize("France", "off").ids[0]!)).toBe(" France");
  });

  test("parts of a character are written as bytes", async () => {
    for (const name of ["byte-bos", "spm-prefix"]) {
      const tokenizer = await open(name);
      const texts = tokenizer
        .tokenize("🙈", "off")
        .tokens.map((token) => token.text)
        .join("")
        .trim();
      expect(texts).toBe("<0xF0><0x9F><0x99><0x88>");
    }
  });

  test("byte tokens that are characters are those characters", async () => {
    const spm = await open("spm-prefix");
    expect(spm.tokenize("a\n", "off").tokens.at(-1)!.text).toBe("\n");
  });
});

describe("continuations", () => {
  test("begin as in the middle of a text, without a blank of the tokenizer's own", async () => {
    for (const name of [
      "spm-prefix",
      "spm-no-prefix",
      "unigram-metaspace",
      "byte-prefix-space",
      "byte-bos",
    ]) {
      const tokenizer = await open(name);
      const text = (ids: readonly number[]): string => ids.map((id) => tokenizer.tokenText(id)).join("");
      expect(tokenizer.encodeContinuation(" France"), name).toHaveLength(1);
      expect(text(tokenizer.encodeContinuation(" France")), name).toBe(" France");
      expect(text(tokenizer.encodeContinuation("the")), name).toBe("the");
      expect(tokenizer.encodeContinuation(""), name).toEqual([]);
    }
  });
});

describe("chat templates", () => {
  const template =
    "{{ bos_token }}{% for m in messages %}[{{ m['role'] }}] {{ m['content'] }}\n{% endfor %}{% if add_generation_prompt %}[assistant]{% endif %}";
  const conversation = [{ role: "user", content: "Hi" }];

  test("end ready for the answer", () => {
    const tokenizer = openWith("tiny-bpe", { bos_token: "<s>", chat_template: template });
    expect(tokenizer.applyChatTemplate(conversation)).toBe("<s>[user] Hi\n[assistant]");
  });

  test("may stand in a file of their own, which comes first", async () => {
    const directory = mkdtempSync(path.join(tmpdir(), "state-swap-"));
    const json = readFileSync(path.join(folder, "tiny-bpe/tokenizer.json"), "utf8");
    writeFileSync(path.join(directory, "tokenizer.json"), json);
    writeFileSync(path.join(directory, "tokenizer_config.json"), JSON.stringify({ chat_template: "old" }));
    writeFileSync(
      path.join(directory, "special_tokens_map.json"),
      JSON.stringify({ bos_token: { content: "<s>" } }),
    );
    writeFileSync(path.join(directory, "chat_template.json"), JSON.stringify({ chat_template: "from json" }));
    expect((await openHubTokenizer(directory)).applyChatTemplate(conversation)).toBe("from json");
    writeFileSync(path.join(directory, "chat_template.jinja"), template);
    expect((await openHubTokenizer(directory)).applyChatTemplate(conversation)).toBe(
      "<s>[user] Hi\n[assistant]",
    );
  });

  test.each([
    "{% for i in range(1000000000) %}x{% endfor %}",
    "{% for i in range(100000) %}{% for j in range(100000) %}x{% endfor %}{% endfor %}",
  ])("that do not end are ended: %s", async (endless) => {
    const tokenizer = openWith("tiny-bpe", { chat_template: endless });
    expect(tokenizer.hasChatTemplate).toBe(true);
    const error = await errorOf(() => tokenizer.applyChatTemplate(conversation));
    expect(error.message).toContain("it takes longer than 0.5 s");
  });

  test("are null for a model without one, and say why they refuse", async () => {
    expect((await open("tiny-bpe")).applyChatTemplate(conversation)).toBeNull();
    const refusing = openWith("tiny-bpe", { chat_template: "{{ raise_exception('No system role') }}" });
    const error = await errorOf(() => refusing.applyChatTemplate(conversation));
    expect(error.message).toContain("No system role");
  });
});

describe("refusals", () => {
  test("an empty prompt", async () => {
    const tokenizer = await open("byte-bos");
    expect((await errorOf(() => tokenizer.tokenize("", "auto"))).code).toBe("empty-prompt");
    expect((await errorOf(() => tokenizer.fromIds([]))).code).toBe("empty-prompt");
  });

  test("a folder without a tokenizer, naming the folder, the file and what is there instead", async () => {
    const directory = mkdtempSync(path.join(tmpdir(), "state-swap-"));
    writeFileSync(path.join(directory, "tokenizer.model"), "");
    const error = await errorOf(() => openHubTokenizer(directory));
    expect(error.code).toBe("tokenizer-missing");
    expect(error.message).toContain(directory);
    expect(error.message).toContain("tokenizer.json");
    expect(error.hint).toContain("tokenizer.model");
  });

  test("files that are no tokenizer", async () => {
    const directory = mkdtempSync(path.join(tmpdir(), "state-swap-"));
    writeFileSync(path.join(directory, "tokenizer.json"), "{");
    expect((await errorOf(() => openHubTokenizer(directory))).code).toBe("tokenizer-unsupported");
    for (const json of [
      null,
      [],
      {},
      { model: {} },
      { model: { type: "New", vocab: {} }, normalizer: { type: "New" } },
    ]) {
      expect((await errorOf(() => tokenizerFromJson(json, {}))).code).toBe("tokenizer-unsupported");
    }
  });
});
