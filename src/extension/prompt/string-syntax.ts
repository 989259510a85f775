/** How languages write comments and string literals: as much as it takes to find a literal's ends and escapes. */

/** What a backslash or a doubled quote means inside a literal. */
export type EscapeStyle =
  /** C-like escapes; a backslash before any other character is dropped. */
  | "backslash"
  /** C-like escapes; a backslash before any other character stays, as in Python. */
  | "backslash-kept"
  /** No escape means anything, but a backslash before a quote keeps the literal open, as in Python's r"". */
  | "raw"
  /** Two closing quotes stand for one. */
  | "doubled"
  /** Every character stands for itself. */
  | "none";

/** One form of string literal. */
export interface StringForm {
  /** Sticky; the first group, where there is one, goes into the closing mark. */
  readonly open: RegExp;
  readonly close: string | ((match: RegExpExecArray) => string);
  readonly multiline: boolean;
  readonly escapes: EscapeStyle;
  /** Opens a part of the program inside the literal, closed by `}`. */
  readonly hole?: string;
}

/** Comments and literals of a language, the longest mark first. */
export interface StringSyntax {
  readonly lineComments: readonly string[];
  readonly blockComments: readonly (readonly [string, string])[];
  readonly strings: readonly StringForm[];
}

const double: StringForm = { open: /"/y, close: '"', multiline: false, escapes: "backslash" };
const single: StringForm = { open: /'/y, close: "'", multiline: false, escapes: "backslash" };
const tripleDouble: StringForm = { open: /"""/y, close: '"""', multiline: true, escapes: "backslash" };
const template: StringForm = { open: /`/y, close: "`", multiline: true, escapes: "backslash", hole: "${" };

const cComments = { lineComments: ["//"], blockComments: [["/*", "*/"]] } as const;
const hashComments = { lineComments: ["#"], blockComments: [] } as const;

const javascript: StringSyntax = { ...cComments, strings: [template, double, single] };
const json: StringSyntax = { ...cComments, strings: [double] };
const cLike: StringSyntax = {
  ...cComments,
  strings: [
    {
      open: /(?:u8|[uUL])?R"([^\s()\\]{0,16})\(/y,
      close: (match) => `)${match[1]!}"`,
      multiline: true,
      escapes: "none",
    },
    double,
    single,
  ],
};
const jvm: StringSyntax = { ...cComments, strings: [tripleDouble, double, single] };
const python: StringSyntax = {
  ...hashComments,
  strings: ['"""', "'''", '"', "'"].flatMap((mark): StringForm[] => [
    {
      open: new RegExp(`(?:[rR][bBfFtT]?|[bBfFtT][rR])${mark}`, "y"),
      close: mark,
      multiline: mark.length === 3,
      escapes: "raw",
    },
    {
      open: new RegExp(`[bBfFuUtT]?${mark}`, "y"),
      close: mark,
      multiline: mark.length === 3,
      escapes: "backslash-kept",
    },
  ]),
};
const go: StringSyntax = {
  ...cComments,
  strings: [{ open: /`/y, close: "`", multiline: true, escapes: "none" }, double, single],
};
const rust: StringSyntax = {
  ...cComments,
  strings: [
    { open: /b?r(#*)"/y, close: (match) => `"${match[1]!}`, multiline: true, escapes: "none" },
    { open: /b?"/y, close: '"', multiline: true, escapes: "backslash" },
    // Characters, not lifetimes, which have no closing mark.
    { open: /'(?=\\|[^'\\]')/y, close: "'", multiline: false, escapes: "backslash" },
  ],
};
const csharp: StringSyntax = {
  ...cComments,
  strings: [
    { open: /\$*("{3,})/y, close: (match) => match[1]!, multiline: true, escapes: "none" },
    { open: /(?:@\$?|\$@)"/y, close: '"', multiline: true, escapes: "doubled" },
    { ...double, open: /\$?"/y },
    single,
  ],
};
const php: StringSyntax = {
  lineComments: ["//", "#"],
  blockComments: [["/*", "*/"]],
  strings: [
    { ...double, multiline: true },
    { ...single, multiline: true, escapes: "backslash-kept" },
  ],
};
const ruby: StringSyntax = {
  ...hashComments,
  strings: [
    { ...double, multiline: true },
    { ...single, multiline: true, escapes: "backslash-kept" },
  ],
};
const r: StringSyntax = {
  ...hashComments,
  strings: [
    { ...double, multiline: true },
    { ...single, multiline: true },
  ],
};
const julia: StringSyntax = {
  lineComments: ["#"],
  blockComments: [["#=", "=#"]],
  strings: [tripleDouble, { ...double, multiline: true }],
};
const lua: StringSyntax = {
  lineComments: ["--"],
  blockComments: [["--[[", "]]"]],
  strings: [
    { open: /\[(=*)\[/y, close: (match) => `]${match[1]!}]`, multiline: true, escapes: "none" },
    double,
    single,
  ],
};
const toml: StringSyntax = {
  ...hashComments,
  strings: [
    tripleDouble,
    { open: /'''/y, close: "'''", multiline: true, escapes: "none" },
    double,
    { ...single, escapes: "none" },
  ],
};

const syntaxes: Readonly<Record<string, StringSyntax>> = {
  javascript,
  javascriptreact: javascript,
  typescript: javascript,
  typescriptreact: javascript,
  json,
  jsonc: json,
  jsonl: json,
  c: cLike,
  cpp: cLike,
  "cuda-cpp": cLike,
  "objective-c": cLike,
  dart: jvm,
  java: jvm,
  kotlin: jvm,
  scala: jvm,
  swift: jvm,
  groovy: jvm,
  python,
  go,
  rust,
  csharp,
  php,
  ruby,
  r,
  julia,
  lua,
  toml,
};

/** The syntax of a language by VS Code's language id; null where string literals are not looked for. */
export function stringSyntaxOf(languageId: string): StringSyntax | null {
  return syntaxes[languageId] ?? null;
}
