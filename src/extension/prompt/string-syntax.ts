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
  /** Opens a part of the program inside the literal, closed by `}`; of a brace alone, two stand for one as a text. */
  readonly hole?: "{" | "${";
}

/** Comments and literals of a language, the longest mark first. */
export interface StringSyntax {
  readonly lineComments: readonly string[];
  readonly blockComments: readonly (readonly [string, string])[];
  readonly strings: readonly StringForm[];
}

const DOUBLE: StringForm = { open: /"/y, close: '"', multiline: false, escapes: "backslash" };
const SINGLE: StringForm = { open: /'/y, close: "'", multiline: false, escapes: "backslash" };
const TRIPLE_DOUBLE: StringForm = { open: /"""/y, close: '"""', multiline: true, escapes: "backslash" };
const TEMPLATE: StringForm = { open: /`/y, close: "`", multiline: true, escapes: "backslash", hole: "${" };

const C_COMMENTS = { lineComments: ["//"], blockComments: [["/*", "*/"]] } as const;
const HASH_COMMENTS = { lineComments: ["#"], blockComments: [] } as const;

const JAVASCRIPT: StringSyntax = { ...C_COMMENTS, strings: [TEMPLATE, DOUBLE, SINGLE] };
const JSON: StringSyntax = { ...C_COMMENTS, strings: [DOUBLE] };
const C_LIKE: StringSyntax = {
  ...C_COMMENTS,
  strings: [
    {
      open: /(?:u8|[uUL])?R"([^\s()\\]{0,16})\(/y,
      close: (match) => `)${match[1]!}"`,
      multiline: true,
      escapes: "none",
    },
    DOUBLE,
    SINGLE,
  ],
};
const JVM: StringSyntax = { ...C_COMMENTS, strings: [TRIPLE_DOUBLE, DOUBLE, SINGLE] };
const PYTHON: StringSyntax = {
  ...HASH_COMMENTS,
  strings: ['"""', "'''", '"', "'"].flatMap((mark): StringForm[] => {
    const form = (prefix: string, escapes: EscapeStyle): StringForm => ({
      open: new RegExp(prefix + mark, "y"),
      close: mark,
      multiline: mark.length === 3,
      escapes,
    });
    return [
      { ...form("(?:[rR][fFtT]|[fFtT][rR])", "raw"), hole: "{" },
      { ...form("[fFtT]", "backslash-kept"), hole: "{" },
      form("(?:[rR][bB]?|[bB][rR])", "raw"),
      form("[bBuU]?", "backslash-kept"),
    ];
  }),
};
const GO: StringSyntax = {
  ...C_COMMENTS,
  strings: [{ open: /`/y, close: "`", multiline: true, escapes: "none" }, DOUBLE, SINGLE],
};
const RUST: StringSyntax = {
  ...C_COMMENTS,
  strings: [
    { open: /b?r(#*)"/y, close: (match) => `"${match[1]!}`, multiline: true, escapes: "none" },
    { open: /b?"/y, close: '"', multiline: true, escapes: "backslash" },
    // Characters, not lifetimes, which have no closing mark.
    { open: /'(?=\\|[^'\\]')/y, close: "'", multiline: false, escapes: "backslash" },
  ],
};
const CSHARP: StringSyntax = {
  ...C_COMMENTS,
  strings: [
    { open: /\$*("{3,})/y, close: (match) => match[1]!, multiline: true, escapes: "none" },
    { open: /(?:@\$?|\$@)"/y, close: '"', multiline: true, escapes: "doubled" },
    { ...DOUBLE, open: /\$"/y, hole: "{" },
    DOUBLE,
    SINGLE,
  ],
};
const PHP: StringSyntax = {
  lineComments: ["//", "#"],
  blockComments: [["/*", "*/"]],
  strings: [
    { ...DOUBLE, multiline: true },
    { ...SINGLE, multiline: true, escapes: "backslash-kept" },
  ],
};
const RUBY: StringSyntax = {
  ...HASH_COMMENTS,
  strings: [
    { ...DOUBLE, multiline: true },
    { ...SINGLE, multiline: true, escapes: "backslash-kept" },
  ],
};
const R: StringSyntax = {
  ...HASH_COMMENTS,
  strings: [
    { ...DOUBLE, multiline: true },
    { ...SINGLE, multiline: true },
  ],
};
const JULIA: StringSyntax = {
  lineComments: ["#"],
  blockComments: [["#=", "=#"]],
  strings: [TRIPLE_DOUBLE, { ...DOUBLE, multiline: true }],
};
const LUA: StringSyntax = {
  lineComments: ["--"],
  blockComments: [["--[[", "]]"]],
  strings: [
    { open: /\[(=*)\[/y, close: (match) => `]${match[1]!}]`, multiline: true, escapes: "none" },
    DOUBLE,
    SINGLE,
  ],
};
const TOML: StringSyntax = {
  ...HASH_COMMENTS,
  strings: [
    TRIPLE_DOUBLE,
    { open: /'''/y, close: "'''", multiline: true, escapes: "none" },
    DOUBLE,
    { ...SINGLE, escapes: "none" },
  ],
};

const SYNTAXES: Readonly<Record<string, StringSyntax>> = {
  javascript: JAVASCRIPT,
  javascriptreact: JAVASCRIPT,
  typescript: JAVASCRIPT,
  typescriptreact: JAVASCRIPT,
  json: JSON,
  jsonc: JSON,
  jsonl: JSON,
  c: C_LIKE,
  cpp: C_LIKE,
  "cuda-cpp": C_LIKE,
  "objective-c": C_LIKE,
  dart: JVM,
  java: JVM,
  kotlin: JVM,
  scala: JVM,
  swift: JVM,
  groovy: JVM,
  python: PYTHON,
  go: GO,
  rust: RUST,
  csharp: CSHARP,
  php: PHP,
  ruby: RUBY,
  r: R,
  julia: JULIA,
  lua: LUA,
  toml: TOML,
};

/** The syntax of a language by VS Code's language id; null where string literals are not looked for. */
export function stringSyntaxOf(languageId: string): StringSyntax | null {
  return SYNTAXES[languageId] ?? null;
}
