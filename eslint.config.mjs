// Lint rules: type-aware, zero warnings, and the borders between the parts of the product.
import { createNodeResolver, importX } from "eslint-plugin-import-x";
import jsdoc from "eslint-plugin-jsdoc";
import tseslint from "typescript-eslint";

const noVscode = { name: "vscode", message: "src/shared and src/engine never import vscode." };
/** What a room must not import, from whatever depth: patterns that begin with a fixed number of `../` would have holes. */
const border = (message, ...groups) => ({ group: groups, message });
const restrict = (paths, patterns) => ({ "no-restricted-imports": ["error", { paths, patterns }] });
const engine = {
  knowsNoFace: border("The engine knows neither command line nor editor.", "**/cli/**", "**/extension/**"),
  modelKnowsNoPass: border(
    "Files and blocks know nothing of what is run on them.",
    "**/pass/**",
    "**/intervene/**",
  ),
  onnxKnowsNoGguf: border("ONNX and GGUF do not know each other.", "**/gguf/**"),
  ggufKnowsNoOnnx: border("ONNX and GGUF do not know each other.", "**/onnx/**"),
  passKnowsNoFile: border(
    "Passes know the decoder's interface, no file format.",
    "**/model/onnx/**",
    "**/model/gguf/**",
  ),
};

export default tseslint.config(
  {
    ignores: [
      "dist/",
      "build/",
      "models/",
      "media/",
      "node_modules/",
      "test-output/",
      "test/fixtures/",
      ".venv/",
      ".e2e/",
      "test/e2e/tools/",
      "samples/",
    ],
  },
  {
    files: ["**/*.ts", "**/*.tsx"],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    plugins: { jsdoc, "import-x": importX },
    settings: {
      "import-x/resolver-next": [createNodeResolver({ extensions: [".ts", ".tsx"] })],
      "import-x/parsers": { "@typescript-eslint/parser": [".ts", ".tsx"] },
    },
    languageOptions: {
      parserOptions: {
        project: [
          "./tsconfig.json",
          "./tsconfig.webview.json",
          "./tsconfig.webview-test.json",
          "./test/e2e/tsconfig.json",
        ],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/explicit-module-boundary-types": "error",
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // Typed-array and token loops index inside checked bounds; the assertion is the readable form.
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      eqeqeq: "error",
      // Circles of types are found by test/unit/repository/borders.test.ts: this rule passes over `import type`.
      "import-x/no-cycle": "error",
      "import-x/consistent-type-specifier-style": ["error", "prefer-top-level"],
      "no-restricted-syntax": [
        "error",
        { selector: "ExportDefaultDeclaration", message: "No default exports." },
        { selector: "ExportAllDeclaration", message: "No barrel files." },
        {
          selector: "ObjectExpression > SpreadElement > ObjectExpression",
          message: "Name the properties; a spread literal only packs lines.",
        },
        {
          selector: "ImportDeclaration[source.value=/^node:/] > ImportDefaultSpecifier",
          message: "Import node modules as namespaces or by name.",
        },
      ],
    },
  },
  {
    files: ["src/**/*.ts", "webview/**/*.ts", "webview/**/*.tsx"],
    rules: {
      "@typescript-eslint/naming-convention": [
        "error",
        {
          selector: "variable",
          modifiers: ["const", "global"],
          types: ["boolean", "number"],
          format: ["UPPER_CASE"],
        },
        {
          selector: "classProperty",
          modifiers: ["private"],
          format: null,
          custom: { regex: "^$", match: true },
        },
        {
          selector: "classMethod",
          modifiers: ["private"],
          format: null,
          custom: { regex: "^$", match: true },
        },
        { selector: "parameterProperty", format: null, custom: { regex: "^$", match: true } },
      ],
    },
  },
  {
    files: ["src/**/*.ts"],
    rules: {
      "jsdoc/require-jsdoc": [
        "error",
        { publicOnly: true, require: { FunctionDeclaration: true, ClassDeclaration: true } },
      ],
    },
  },
  {
    files: ["src/shared/**/*.ts"],
    rules: restrict(
      [noVscode],
      [
        border("Shared code runs on every side.", "node:*"),
        border(
          "Shared code knows no side.",
          "**/engine/**",
          "**/cli/**",
          "**/extension/**",
          "!**/protocol/engine.ts",
        ),
      ],
    ),
  },
  { files: ["src/engine/**/*.ts"], rules: restrict([noVscode], [engine.knowsNoFace]) },
  {
    files: ["src/engine/{pass,intervene}/**/*.ts"],
    rules: restrict([noVscode], [engine.knowsNoFace, engine.passKnowsNoFile]),
  },
  {
    files: ["src/engine/model/**/*.ts"],
    rules: restrict([noVscode], [engine.knowsNoFace, engine.modelKnowsNoPass]),
  },
  {
    files: ["src/engine/model/onnx/**/*.ts"],
    rules: restrict([noVscode], [engine.knowsNoFace, engine.modelKnowsNoPass, engine.onnxKnowsNoGguf]),
  },
  {
    files: ["src/engine/model/gguf/**/*.ts"],
    rules: restrict([noVscode], [engine.knowsNoFace, engine.modelKnowsNoPass, engine.ggufKnowsNoOnnx]),
  },
  {
    files: ["src/engine/model/runtime/**/*.ts"],
    rules: restrict([noVscode], [engine.knowsNoFace, engine.modelKnowsNoPass]),
  },
  {
    // A rule of its own, so that it stands beside the borders between rooms: runtimes are given to back ends.
    files: ["src/**/*.ts", "webview/**/*.ts", "webview/**/*.tsx"],
    rules: {
      "@typescript-eslint/no-restricted-imports": [
        "error",
        { patterns: [{ group: ["onnxruntime-*"], message: "Runtimes stand behind engine/model/runtime/." }] },
      ],
    },
  },
  {
    files: ["src/engine/model/**/*.ts"],
    ignores: ["src/engine/model/runtime/*.ts"],
    rules: {
      "@typescript-eslint/no-restricted-imports": [
        "error",
        {
          patterns: [
            {
              group: ["onnxruntime-*", "**/runtime/native.ts", "**/runtime/choose.ts"],
              message: "Take a Runtime as an argument.",
            },
          ],
        },
      ],
    },
  },
  {
    files: ["src/engine/model/runtime/{native,wasm,ort-session,device-session}.ts"],
    rules: { "@typescript-eslint/no-restricted-imports": "off" },
  },
  {
    files: ["src/cli/**/*.ts"],
    rules: restrict([noVscode], [border("The command line knows no editor.", "**/extension/**")]),
  },
  {
    files: ["src/extension/**/*.ts"],
    rules: restrict([], [border("Each face for itself.", "**/cli/**")]),
  },
  {
    files: ["src/extension/web/**/*.ts"],
    rules: restrict(
      [],
      [border("Each face for itself.", "**/cli/**"), border("A browser alone has no Node.", "node:*")],
    ),
  },
  {
    files: ["webview/**/*.ts", "webview/**/*.tsx"],
    rules: restrict(
      [noVscode],
      [
        border("The webview runs in a browser.", "node:*"),
        border(
          "The webview imports only src/shared.",
          "**/src/engine/**",
          "**/src/cli/**",
          "**/src/extension/**",
        ),
      ],
    ),
  },
  {
    files: [
      "vitest.config.ts",
      "vitest.webview.config.ts",
      "test/e2e/vitest.config.ts",
      "test/faults/vitest.config.ts",
      "test/vsix/vitest.config.ts",
      "test/e2e/vitest.bench.config.ts",
      "test/webview/vitest.bench.config.ts",
    ],
    rules: { "no-restricted-syntax": "off" },
  },
);
