// Lint rules: type-aware, zero warnings, and the borders between the parts of the product.
import jsdoc from "eslint-plugin-jsdoc";
import tseslint from "typescript-eslint";

const noVscode = { name: "vscode", message: "src/shared and src/engine never import vscode." };

export default tseslint.config(
  {
    ignores: [
      "dist/",
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
    plugins: { jsdoc },
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
      "no-restricted-syntax": [
        "error",
        { selector: "ExportDefaultDeclaration", message: "No default exports." },
        { selector: "ExportAllDeclaration", message: "No barrel files." },
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
    rules: {
      "no-restricted-imports": [
        "error",
        { paths: [noVscode], patterns: ["node:*", "../engine/*", "../cli/*", "../extension/*"] },
      ],
    },
  },
  {
    files: ["src/engine/**/*.ts"],
    rules: {
      "no-restricted-imports": ["error", { paths: [noVscode], patterns: ["**/cli/*", "**/extension/*"] }],
    },
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
            { group: ["onnxruntime-*", "**/runtime/native.ts"], message: "Take a Runtime as an argument." },
          ],
        },
      ],
    },
  },
  {
    files: ["src/engine/model/runtime/native.ts"],
    rules: { "@typescript-eslint/no-restricted-imports": "off" },
  },
  {
    files: ["src/cli/**/*.ts"],
    rules: { "no-restricted-imports": ["error", { paths: [noVscode], patterns: ["**/extension/*"] }] },
  },
  {
    files: ["webview/**/*.ts", "webview/**/*.tsx"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          paths: [noVscode],
          patterns: ["node:*", "**/src/engine/**", "**/src/cli/**", "**/src/extension/**"],
        },
      ],
    },
  },
  {
    files: [
      "vitest.config.ts",
      "vitest.webview.config.ts",
      "test/e2e/vitest.config.ts",
      "test/e2e/vitest.bench.config.ts",
    ],
    rules: { "no-restricted-syntax": "off" },
  },
);
