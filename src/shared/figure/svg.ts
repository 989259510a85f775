/** SVG as text: elements, escaped text, and the document around them. Nothing in it refers to anything outside. */

import { withoutControls } from "../text/text-width.ts";

/** Attributes of an element; null and undefined ones are left out. */
export type Attributes = Readonly<Record<string, string | number | null | undefined>>;

/** Characters that XML 1.0 forbids even as references, half surrogates among them. */
const FORBIDDEN = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

const REFERENCES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text as it may stand in XML and HTML, between tags and in attributes; what XML forbids becomes `�`. */
export function escapeXml(text: string): string {
  return text.replace(FORBIDDEN, "\uFFFD").replace(/[&<>"']/g, (character) => REFERENCES[character]!);
}

/** An element; `children` are elements or escaped text already. */
export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const listed = Object.entries(attributes)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === "number" ? coordinate(value) : escapeXml(value!)}"`)
    .join("");
  const content = children.join("");
  return content === "" ? `<${name}${listed}/>` : `<${name}${listed}>${content}</${name}>`;
}

/** A line of text at its baseline; nothing in it controls anything. */
export function textAt(x: number, y: number, text: string, attributes: Attributes = {}): string {
  return element("text", { x, y, ...attributes }, escapeXml(withoutControls(text)));
}

/** What a reader shows while the pointer is on the element around it. */
export function tooltip(text: string): string {
  return element("title", {}, escapeXml(withoutControls(text)));
}

/** A filled box. */
export function box(
  x: number,
  y: number,
  width: number,
  height: number,
  fill: string,
  ...children: readonly string[]
): string {
  return element("rect", { x, y, width, height, fill }, ...children);
}

/** A length with at most two decimals. */
export function coordinate(value: number): string {
  return String(Number(value.toFixed(2)));
}

/** What a picture is made of. Lengths in CSS pixels. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** For screen readers, and for the title of the file. */
  readonly title: string;
  readonly description: string;
  readonly background: string;
  readonly foreground: string;
  readonly body: readonly string[];
}

/**
 * The whole document.
 *
 * @param metadata what the picture carries, as an element; empty for none
 */
export function svgDocument(picture: Picture, metadata = ""): string {
  const { width, height, title, description, background, foreground, body } = picture;
  const root = {
    xmlns: "http://www.w3.org/2000/svg",
    width,
    height,
    viewBox: `0 0 ${coordinate(width)} ${coordinate(height)}`,
    role: "img",
    direction: "ltr",
    fill: foreground,
    "font-size": 12,
    "font-family": "sans-serif",
  };
  const lines = [
    tooltip(title),
    element("desc", {}, escapeXml(description)),
    ...(metadata === "" ? [] : [metadata]),
    box(0, 0, width, height, background),
    ...body,
  ];
  return `${element("svg", root, `\n${lines.join("\n")}\n`)}\n`;
}
