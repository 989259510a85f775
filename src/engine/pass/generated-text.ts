/** The text of generated tokens, where a character may be several of them. */

/** Joins the tokens' texts; runs of byte tokens (`<0xF0>`) become the characters that they spell. */
export function generatedText(ids: readonly number[], textOf: (id: number) => string): string {
  return ids
    .map(textOf)
    .join("")
    .replace(/(?:<0x[0-9A-F]{2}>)+/g, (bytes) => {
      const values = [...bytes.matchAll(/<0x([0-9A-F]{2})>/g)].map(([, hex]) => Number.parseInt(hex!, 16));
      return new TextDecoder().decode(Uint8Array.from(values));
    });
}
