/** Tokens that are bytes of a character, written `<0xE6>`: what they say together. */

const BYTES = /^(?:<0x[\dA-F]{2}>)+$/;
const RUN = /(?:<0x[\dA-F]{2}>)+/g;

/** What a token of bytes is of a character. */
export interface BytePlace {
  readonly character: string;
  /** Which of the character's tokens it is, from 0 on. */
  readonly part: number;
  /** How many tokens the character has. */
  readonly parts: number;
}

/** The text of neighbouring tokens: bytes that make characters as these, others as they are named. */
export function joinedTokens(texts: readonly string[]): string {
  return texts.join("").replace(RUN, (run) => {
    const bytes = bytesOf(run);
    let text = "";
    for (let at = 0; at < bytes.length;) {
      const length = lengthFrom(bytes[at]!);
      const character = decoded(bytes.slice(at, at + length));
      text += character ?? `<0x${bytes[at]!.toString(16).toUpperCase().padStart(2, "0")}>`;
      at += character === null ? 1 : length;
    }
    return text;
  });
}

/** For each token the character that it is a part of; null for whole characters, and for bytes that make none. */
export function bytePlaces(texts: readonly string[]): (BytePlace | null)[] {
  const places: (BytePlace | null)[] = texts.map(() => null);
  for (let from = 0; from < texts.length; from++) {
    const bytes: number[] = [];
    for (let to = from; to < texts.length && bytes.length < 4 && BYTES.test(texts[to]!); to++) {
      bytes.push(...bytesOf(texts[to]!));
      const character = bytes.length === lengthFrom(bytes[0]!) ? decoded(bytes) : null;
      if (character === null) continue;
      const parts = to - from + 1;
      for (let part = 0; part < parts; part++) places[from + part] = { character, part, parts };
      from = to;
      break;
    }
  }
  return places;
}

function bytesOf(run: string): number[] {
  return [...run.matchAll(/<0x([\dA-F]{2})>/g)].map(([, hex]) => parseInt(hex!, 16));
}

/** Bytes of the character that begins with a byte in UTF-8. */
function lengthFrom(lead: number): number {
  if (lead < 0x80) return 1;
  return lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
}

/** The character of its bytes in UTF-8 (RFC 3629); null where they are none. */
function decoded(bytes: readonly number[]): string | null {
  const [lead = 0, ...rest] = bytes;
  const { length } = bytes;
  if (length !== lengthFrom(lead) || rest.some((byte) => byte >> 6 !== 0b10)) return null;
  const first = length === 1 ? lead : lead & (0x7f >> length);
  const code = rest.reduce((value, byte) => value * 64 + (byte & 0x3f), first);
  const least = [0, 0x80, 0x800, 0x10000][length - 1]!;
  const isHalf = code >= 0xd800 && code <= 0xdfff;
  if (lead >> 6 === 0b10 || code < least || code > 0x10ffff || isHalf) return null;
  return String.fromCodePoint(code);
}
