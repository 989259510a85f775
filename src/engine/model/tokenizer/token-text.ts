/** From a tokenizer's raw token strings to the text and the bytes that they stand for. */

/** How a vocabulary writes text: GPT-2's byte alphabet, SentencePiece's `▁` and `<0xNN>`, WordPiece's `##`, or as it is. */
export type TokenScript = "byte-level" | "sentencepiece" | "wordpiece" | "plain";

const encoder = new TextEncoder();

/**
 * GPT-2's byte alphabet (`bytes_to_unicode` in openai/gpt-2, encoder.py): printable Latin-1 bytes stand for themselves,
 * the other 68 are written as U+0100 onwards.
 */
const byteToChar: readonly string[] = (() => {
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => {
    const printable = (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
    return String.fromCharCode(printable ? byte : next++);
  });
})();

const CHAR_TO_BYTE: ReadonlyMap<string, number> = new Map(byteToChar.map((char, byte) => [char, byte]));

/** UTF-8 bytes of a text in GPT-2's byte alphabet, one character a byte. */
export function byteLevelOf(text: string): string {
  let written = "";
  for (const byte of encoder.encode(text)) written += byteToChar[byte]!;
  return written;
}

/** UTF-8 bytes that one token stands for, its leading space included. */
export function tokenBytes(token: string, script: TokenScript): Uint8Array {
  switch (script) {
    case "byte-level":
      return byteLevelBytes(token);
    case "sentencepiece": {
      const byte = fallbackByte(token);
      return byte === null ? encoder.encode(token.replaceAll("▁", " ")) : Uint8Array.of(byte);
    }
    case "wordpiece":
      return encoder.encode(token.startsWith("##") ? token.slice(2) : ` ${token}`);
    case "plain":
      return encoder.encode(token);
  }
}

/** The byte of a byte-fallback token such as `<0x0A>`, or null for any other token. */
export function fallbackByte(token: string): number | null {
  const match = /^<0x([0-9A-Fa-f]{2})>$/.exec(token);
  return match ? Number.parseInt(match[1]!, 16) : null;
}

function byteLevelBytes(token: string): Uint8Array {
  const bytes: number[] = [];
  for (const char of token) {
    const byte = CHAR_TO_BYTE.get(char);
    if (byte === undefined) bytes.push(...encoder.encode(char));
    else bytes.push(byte);
  }
  return Uint8Array.from(bytes);
}

/** Text of bytes for people: what is no whole character is written byte by byte, as `<0xF0>`. */
export function readableText(bytes: Uint8Array): string {
  return decodeUtf8(bytes, (byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`).text;
}

/** Decoded text and, per byte, the UTF-16 range of the character that the byte belongs to. */
export interface DecodedBytes {
  readonly text: string;
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

/**
 * Decodes UTF-8 and keeps track of bytes. Bytes that form no character are written by `invalid`, one at a time.
 *
 * @param bytes `[n]`; the result's `starts` and `ends` are `[n]` too
 */
export function decodeUtf8(bytes: Uint8Array, invalid: (byte: number) => string): DecodedBytes {
  let text = "";
  const starts: number[] = [];
  const ends: number[] = [];
  for (let i = 0; i < bytes.length;) {
    const length = characterLength(bytes, i);
    const start = text.length;
    text += length === 0 ? invalid(bytes[i]!) : decodeCharacter(bytes, i, length);
    const taken = Math.max(1, length);
    for (let j = 0; j < taken; j++) {
      starts.push(start);
      ends.push(text.length);
    }
    i += taken;
  }
  return { text, starts, ends };
}

/** Bytes of the well-formed UTF-8 character at `i` (Unicode standard, table 3-7), or 0 when there is none. */
function characterLength(bytes: Uint8Array, i: number): number {
  const lead = bytes[i]!;
  if (lead < 0x80) return 1;
  const length =
    lead >= 0xc2 && lead <= 0xdf
      ? 2
      : lead >= 0xe0 && lead <= 0xef
        ? 3
        : lead >= 0xf0 && lead <= 0xf4
          ? 4
          : 0;
  if (length === 0 || i + length > bytes.length) return 0;
  for (let j = 1; j < length; j++) if ((bytes[i + j]! & 0xc0) !== 0x80) return 0;
  const second = bytes[i + 1]!;
  const overlong = (lead === 0xe0 && second < 0xa0) || (lead === 0xf0 && second < 0x90);
  const outside = (lead === 0xed && second > 0x9f) || (lead === 0xf4 && second > 0x8f);
  return overlong || outside ? 0 : length;
}

function decodeCharacter(bytes: Uint8Array, i: number, length: number): string {
  if (length === 1) return String.fromCharCode(bytes[i]!);
  let code = bytes[i]! & (0xff >> (length + 1));
  for (let j = 1; j < length; j++) code = (code << 6) | (bytes[i + j]! & 0x3f);
  return String.fromCodePoint(code);
}
