/** The string of a YAML document around an offset, as readers of YAML get it: plain, in quotes, or a block (`|`, `>`). */
import type { CST } from "yaml";
import { Parser } from "yaml";
import type { LocatedText } from "./located-text.ts";
import { blockText } from "./yaml-block.ts";
import { flowText } from "./yaml-flow.ts";

/** A plain scalar that is null, a boolean or a number in YAML's core schema. */
const NO_STRING =
  /^(?:~|null|Null|NULL|true|True|TRUE|false|False|FALSE|0o[0-7]+|0x[\da-fA-F]+|[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;

/**
 * The string whose content holds an offset (its ends included); null outside of strings, in keys, and in an empty one.
 * Where a document is not well formed, strings before the fault and behind it are found as far as the parser gets.
 */
export function yamlStringAt(text: string, offset: number): LocatedText | null {
  for (const token of new Parser().parse(text)) {
    if (token.type !== "document" || !token.value) continue;
    for (const scalar of scalarsIn(token.value)) {
      const found = located(scalar, offset);
      if (found) return found;
    }
  }
  return null;
}

/** Values of a document, keys left out. */
function* scalarsIn(token: CST.Token): Generator<CST.FlowScalar | CST.BlockScalar> {
  if (token.type === "block-scalar" || isFlowScalar(token)) yield token;
  if (!("items" in token)) return;
  // The parser takes every item of a list in brackets for a key, until a colon says that it is one.
  const isList = token.type === "flow-collection" && token.start.source === "[";
  for (const { key, sep, value } of token.items) {
    if (key && isList && !hasColon(sep)) yield* scalarsIn(key);
    if (value) yield* scalarsIn(value);
  }
}

function isFlowScalar(token: CST.Token): token is CST.FlowScalar {
  return ["scalar", "single-quoted-scalar", "double-quoted-scalar"].includes(token.type);
}

function hasColon(separators: readonly CST.SourceToken[] | undefined): boolean {
  return separators?.some(({ type }) => type === "map-value-ind") ?? false;
}

function located(scalar: CST.FlowScalar | CST.BlockScalar, offset: number): LocatedText | null {
  const { type, source } = scalar;
  if (type === "block-scalar") {
    const start = scalar.offset + scalar.props.reduce((sum, part) => sum + sourceOf(part).length, 0);
    const header = scalar.props.map(sourceOf).find((part) => /^[|>]/.test(part)) ?? "|";
    const { prompt, length } = blockText(source, header, scalar.indent);
    return within(start, start + length, offset, prompt);
  }
  if (type === "scalar") {
    if (NO_STRING.test(source)) return null;
    return within(scalar.offset, scalar.offset + source.length, offset, flowText(source, type));
  }
  // One that does not end is no string yet.
  if (source.length < 2 || !source.endsWith(source[0]!)) return null;
  const start = scalar.offset + 1;
  return within(start, start + source.length - 2, offset, flowText(source.slice(1, -1), type));
}

function sourceOf(token: CST.Token): string {
  return "source" in token ? token.source : "";
}

function within(
  start: number,
  end: number,
  offset: number,
  prompt: LocatedText["prompt"],
): LocatedText | null {
  if (offset < start || offset > end || prompt.text === "") return null;
  return { start, end, holes: "any", prompt };
}
