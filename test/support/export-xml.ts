/** A strict reader of the XML that exports write: throws at the first thing that is not well-formed. */

/** An element with its own text, references resolved. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly parent: XmlElement | null;
  text: string;
}

const NAMES: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

/** All elements in document order. */
export function xmlElements(xml: string): XmlElement[] {
  if (/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u.test(xml)) {
    throw new Error("a character that XML forbids");
  }
  const elements: XmlElement[] = [];
  const open: XmlElement[] = [];
  const tag = /<(\/?)([A-Za-z][\w:.-]*)((?:\s+[A-Za-z][\w:.-]*="[^"<]*")*)\s*(\/?)>/y;
  let at = 0;
  while (at < xml.length) {
    if (xml[at] !== "<") {
      const end = xml.indexOf("<", at);
      const text = xml.slice(at, end < 0 ? xml.length : end);
      const parent = open.at(-1);
      if (parent) parent.text += resolved(text);
      else if (text.trim() !== "") throw new Error(`text outside the root: ${text.slice(0, 40)}`);
      at += text.length;
      continue;
    }
    tag.lastIndex = at;
    const found = tag.exec(xml);
    if (!found) throw new Error(`no tag: ${xml.slice(at, at + 80)}`);
    const [whole, isEnd, name = "", list = "", isEmpty] = found;
    at += whole.length;
    if (isEnd === "/") {
      const last = open.pop();
      if (last?.name !== name) throw new Error(`</${name}> ends <${last?.name ?? "nothing"}>`);
      continue;
    }
    const attributes: Record<string, string> = {};
    for (const [, key = "", value = ""] of list.matchAll(/([\w:.-]+)="([^"]*)"/g)) {
      if (key in attributes) throw new Error(`${key} twice in ${whole}`);
      attributes[key] = resolved(value);
    }
    if (open.length === 0 && elements.length > 0) throw new Error("two roots");
    const element = { name, attributes, parent: open.at(-1) ?? null, text: "" };
    elements.push(element);
    if (isEmpty !== "/") open.push(element);
  }
  if (open.length > 0) throw new Error(`<${open.at(-1)!.name}> has no end`);
  const ids = elements.flatMap(({ attributes }) => attributes.id ?? []);
  if (new Set(ids).size !== ids.length) throw new Error("an id twice");
  return elements;
}

function resolved(text: string): string {
  return text.replace(/&([^;]{0,10};)?/g, (whole, body?: string) => {
    const name = body?.slice(0, -1) ?? "";
    if (name in NAMES) return NAMES[name]!;
    const code = /^#(?:(\d+)|x([\da-f]+))$/i.exec(name);
    if (!code) throw new Error(`a lone ampersand: ${whole}`);
    return String.fromCodePoint(code[1] === undefined ? Number.parseInt(code[2]!, 16) : Number(code[1]));
  });
}
