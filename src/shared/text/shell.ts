/** Words of a command line as POSIX shells read them. */

/** A word in quotes where it needs any; line breaks and control characters in the form `$'…'` of bash and zsh. */
export function shellWord(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  if (!/[\u0000-\u001F\u007F-\u009F]/.test(word)) return `'${word.replaceAll("'", "'\\''")}'`;
  const escaped = Array.from(word, (character) => {
    if (character === "\n") return "\\n";
    if (character === "\t") return "\\t";
    if (character === "\\" || character === "'") return `\\${character}`;
    const code = character.codePointAt(0)!;
    if (code < 32 || code === 127) return `\\x${code.toString(16).padStart(2, "0")}`;
    return code < 160 && code > 127 ? `\\u${code.toString(16).padStart(4, "0")}` : character;
  });
  return `$'${escaped.join("")}'`;
}
