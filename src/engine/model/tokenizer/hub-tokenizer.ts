/** A tokenizer in Hugging Face's form (`tokenizer.json`), with the offset of every token and a BOS policy. */
import { PreTrainedTokenizer } from "@huggingface/transformers";
import { SwapError } from "../../../shared/errors.ts";
import type { BosPolicy, GuessedSplit, Token, Tokenization } from "../../../shared/prompt/tokens.ts";
import { indexAddedTokens } from "./added-tokens.ts";
import type { LocatedTokens, TextRange, TokenizerParts } from "./token-offsets.ts";
import { locateTokens } from "./token-offsets.ts";
import type { TokenScript } from "./token-text.ts";
import { decodeUtf8, readableText, tokenBytes } from "./token-text.ts";
import { readTokenizerFiles } from "./tokenizer-files.ts";
import type { JsonObject, TokenizerJson } from "./tokenizer-json.ts";
import {
  checkTokenizerConfig,
  checkTokenizerJson,
  endIdsOf,
  hasStep,
  tokenScript,
} from "./tokenizer-json.ts";
import type { ChatMessage, PromptTokenizer } from "./tokenizer.ts";
import { boundedTokenizer, splitting } from "./bounded-tokenizer.ts";
import { checkSteps, limitSteps } from "./step-limits.ts";
import { MOST_OPENING_MS, MOST_TEMPLATE_MS, withinTime } from "./within-time.ts";

/**
 * Opens the tokenizer of a model folder in the hub's layout: `tokenizer.json`, with `tokenizer_config.json`,
 * `special_tokens_map.json`, a chat template and the model's configs beside it where they exist.
 *
 * @throws SwapError `tokenizer-missing`, `tokenizer-unsupported`
 */
export async function openHubTokenizer(directory: string): Promise<PromptTokenizer> {
  const { tokenizerJson, tokenizerConfig } = await readTokenizerFiles(directory);
  return tokenizerFromJson(tokenizerJson, tokenizerConfig);
}

/**
 * A tokenizer from the contents of `tokenizer.json` and `tokenizer_config.json` (or `{}`); an `eos_token_id` in the latter
 * names tokens that end a text beside `eos_token`.
 *
 * @param guessedSplit why its pre-tokenizer is a guess, which every tokenised text says then
 * @throws SwapError `tokenizer-unsupported` when the library cannot run it
 */
export function tokenizerFromJson(
  tokenizerJson: unknown,
  tokenizerConfig: unknown,
  guessedSplit: GuessedSplit | null = null,
): PromptTokenizer {
  const json = checkTokenizerJson(tokenizerJson);
  const config = checkTokenizerConfig(tokenizerConfig);
  checkSteps(json);
  let hub: PreTrainedTokenizer;
  try {
    // It normalises the added tokens.
    hub = withinTime(() => new PreTrainedTokenizer(json, config), MOST_OPENING_MS);
  } catch (cause) {
    throw new SwapError(
      "tokenizer-unsupported",
      `The tokenizer cannot be used: ${cause instanceof Error ? cause.message : String(cause)}.`,
      "Use a model with a tokenizer.json that transformers.js can read.",
      { cause },
    );
  }
  limitSteps(hub._tokenizer);
  // Its constructor splits texts already, to see what it puts around and before one: they are bounded as any text is.
  return splitting(0, () => boundedTokenizer(tokenizerOf(hub, json, config, guessedSplit)));
}

function tokenizerOf(
  hub: PreTrainedTokenizer,
  json: TokenizerJson,
  config: JsonObject,
  guessedSplit: GuessedSplit | null,
): PromptTokenizer {
  const { normalizer } = hub._tokenizer;
  const added = [...hub._tokenizer.get_added_tokens_decoder().values()];
  const late = added.filter((token) => token.normalized && normalizer);
  const early = added.filter((token) => !late.includes(token));
  const parts: TokenizerParts = {
    tokenizer: hub._tokenizer,
    added: indexAddedTokens(early.map((token) => [token.content, token])),
    addedNormalized: indexAddedTokens(late.map((token) => [normalizer!(token.content), token])),
    byteLevel: hasStep(json.pre_tokenizer, "ByteLevel"),
    byteFallback: json.model.byte_fallback === true,
    wordPiece: json.model.type === "WordPiece",
  };
  const addBos = typeof config.add_bos_token === "boolean" ? config.add_bos_token : null;
  return new HubTokenizer(hub, parts, tokenScript(json), addBos, endIdsOf(config), guessedSplit);
}

/** Special tokens that the tokenizer puts around a text by default. */
interface Frame {
  readonly before: readonly number[];
  readonly after: readonly number[];
}

class HubTokenizer implements PromptTokenizer {
  readonly bosId: number | null;
  readonly eosIds: readonly number[];
  readonly size: number;
  readonly #vocab: readonly string[];
  readonly #addedText: ReadonlyMap<number, string>;
  readonly #special: ReadonlySet<number>;
  readonly #frame: Frame;
  readonly #texts = new Map<number, string>();
  /** Whether the tokenizer puts a blank before a text that has none (SentencePiece's dummy prefix, `add_prefix_space`). */
  readonly #putsBlank: boolean;
  readonly #guess: Pick<Tokenization, "guessedSplit">;
  readonly #hub: PreTrainedTokenizer;
  readonly #parts: TokenizerParts;
  readonly #script: TokenScript;

  constructor(
    hub: PreTrainedTokenizer,
    parts: TokenizerParts,
    script: TokenScript,
    addBos: boolean | null,
    endIds: readonly number[],
    guessedSplit: GuessedSplit | null,
  ) {
    this.#guess = guessedSplit ? { guessedSplit } : {};
    this.#hub = hub;
    this.#parts = parts;
    this.#script = script;
    this.#vocab = hub._tokenizer.model!.vocab;
    this.size = this.#vocab.length;
    this.#addedText = new Map(
      [...hub._tokenizer.get_added_tokens_decoder().values()].map((token) => [token.id, token.content]),
    );
    this.#special = new Set(hub.all_special_ids);
    this.bosId = hub._tokenizer.token_to_id(hub.bos_token) ?? null;
    const eosId = hub._tokenizer.token_to_id(hub.eos_token);
    this.eosIds = [...new Set([...(eosId === undefined ? [] : [eosId]), ...endIds])];
    this.#frame = this.#defaultFrame(addBos);
    this.#putsBlank = this.#bytesOf(this.#encodePlain("a")[0] ?? 0)[0] === 0x20;
  }

  tokenize(text: string, bos: BosPolicy): Tokenization {
    if (text.length === 0) throw emptyPrompt();
    const located = locateTokens(this.#parts, text, (id) => this.tokenText(id));
    if (located.ids.length === 0) throw emptyPrompt();
    const frame = this.#frameFor(bos, located);
    const ids = [...frame.before, ...located.ids, ...frame.after];
    const nothing = (at: number, n: number): TextRange[] =>
      Array.from({ length: n }, () => ({ start: at, end: at }));
    const ranges = [
      ...nothing(0, frame.before.length),
      ...located.ranges,
      ...nothing(text.length, frame.after.length),
    ];
    return {
      text,
      ids,
      tokens: this.#tokensOf(ids, ranges),
      bos: { policy: bos, added: this.bosId !== null && frame.before[0] === this.bosId },
      approximate: !located.exact,
      ...this.#guess,
    };
  }

  fromIds(ids: readonly number[]): Tokenization {
    if (ids.length === 0) throw emptyPrompt();
    ids.forEach((id, position) => {
      this.#checkId(id, `token ${position}`);
    });
    const silent = this.#frame.before.length > 0 && this.#frame.before[0] === ids[0] ? 1 : 0;
    const pieces = ids.map((id, i) => (i < silent ? new Uint8Array() : this.#bytesOf(id)));
    // The blank that the tokenizer put before the text is no part of it.
    const first = pieces[silent];
    if (this.#putsBlank && first?.[0] === 0x20 && !this.#addedText.has(ids[silent]!))
      pieces[silent] = first.subarray(1);
    const decoded = decodeUtf8(Buffer.concat(pieces), () => "\uFFFD");
    let at = 0;
    let here = 0;
    const ranges = pieces.map((piece): TextRange => {
      if (piece.length === 0) return { start: here, end: here };
      const start = decoded.starts[at]!;
      here = decoded.ends[at + piece.length - 1]!;
      at += piece.length;
      return { start, end: here };
    });
    return {
      text: decoded.text,
      ids: [...ids],
      tokens: this.#tokensOf(ids, ranges),
      bos: { policy: "off", added: false },
      approximate: false,
    };
  }

  tokenText(id: number): string {
    const known = this.#texts.get(id);
    if (known !== undefined) return known;
    this.#checkId(id, "a token");
    const text = readableText(this.#bytesOf(id));
    this.#texts.set(id, text);
    return text;
  }

  encodeContinuation(text: string): readonly number[] {
    if (text.length === 0) return [];
    if (!this.#putsBlank) return this.#encodePlain(text);
    // The blank put before a text belongs to its start, not to a continuation: let an anchor take it.
    for (const anchor of ["\n", ".", ":", ")"]) {
      const before = this.#encodePlain(anchor);
      const both = this.#encodePlain(anchor + text);
      if (before.every((id, i) => id === both[i])) return both.slice(before.length);
    }
    return this.#encodePlain(text);
  }

  get hasChatTemplate(): boolean {
    return Boolean(this.#hub.chat_template);
  }

  applyChatTemplate(messages: readonly ChatMessage[]): string | null {
    if (!this.hasChatTemplate) return null;
    try {
      return withinTime(
        () => this.#hub.apply_chat_template([...messages], { tokenize: false, add_generation_prompt: true }),
        MOST_TEMPLATE_MS,
      );
    } catch (cause) {
      throw new SwapError(
        "tokenizer-unsupported",
        `The model's chat template cannot be used for this conversation: ${cause instanceof Error ? cause.message : String(cause)}.`,
        "Change the roles of the conversation, or write the prompt out as text.",
        { cause },
      );
    }
  }

  #encodePlain(text: string): number[] {
    return this.#hub.encode(text, { add_special_tokens: false });
  }

  /**
   * What the post-processor puts around a text. An explicit `add_bos_token` in `tokenizer_config.json` stands above it,
   * as in Hugging Face's tokenizers of the Llama family.
   */
  #defaultFrame(addBos: boolean | null): Frame {
    const plain = this.#encodePlain("a");
    const framed = this.#hub.encode("a");
    let before: number[] = [];
    let after: number[] = [];
    for (let at = 0; at + plain.length <= framed.length; at++) {
      if (!plain.every((id, i) => framed[at + i] === id)) continue;
      before = framed.slice(0, at);
      after = framed.slice(at + plain.length);
      break;
    }
    if (this.bosId !== null && addBos === true && before[0] !== this.bosId) before = [this.bosId, ...before];
    if (this.bosId !== null && addBos === false && before[0] === this.bosId) before = before.slice(1);
    return { before, after };
  }

  #frameFor(bos: BosPolicy, located: LocatedTokens): Frame {
    if (bos === "off") return { before: [], after: [] };
    if (bos === "auto") return this.#frame;
    if (this.bosId === null) {
      throw new SwapError(
        "usage",
        "BOS cannot be forced on: this tokenizer has no beginning-of-sequence token.",
        { code: "bos-policy" },
      );
    }
    const { before, after } = this.#frame;
    const rest = before[0] === this.bosId ? before.slice(1) : before;
    // A text that begins with the BOS token's own text has its BOS already.
    return { before: located.ids[0] === this.bosId ? rest : [this.bosId, ...rest], after };
  }

  #tokensOf(ids: readonly number[], ranges: readonly TextRange[]): Token[] {
    return ids.map((id, index) => ({
      index,
      id,
      text: this.tokenText(id),
      start: ranges[index]!.start,
      end: ranges[index]!.end,
      special: this.#special.has(id),
    }));
  }

  #bytesOf(id: number): Uint8Array {
    const added = this.#addedText.get(id);
    return added === undefined ? tokenBytes(this.#vocab[id]!, this.#script) : Buffer.from(added, "utf8");
  }

  #checkId(id: number, where: string): void {
    if (Number.isInteger(id) && id >= 0 && id < this.size && this.#vocab[id] !== undefined) return;
    throw new SwapError(
      "bad-token-id",
      `${String(id)} (${where}) is not a token id of this model.`,
      `Ids are whole numbers from 0 to ${this.size - 1}.`,
    );
  }
}

function emptyPrompt(): SwapError {
  return new SwapError("empty-prompt", "The prompt is empty.", "Write at least one word.");
}
