/** Paces are kept from one engine to the next, apart for each model and way to run it. */
import * as fs from "node:fs";
import * as path from "node:path";
import { describe, expect, it } from "vitest";
import { Paces } from "../../../src/engine/paces.ts";
import { expectedMs } from "../../../src/shared/experiment/run-time.ts";
import { temporaryFolder } from "../../support/gguf/gguf-writer.ts";

const of = { file: "/nowhere/a.gguf", threads: 2, runtime: "native" };

describe("the paces of a machine", () => {
  it("are kept in a file, which another engine reads, and apart for threads and runtimes", () => {
    const folder = temporaryFolder();
    expect(new Paces(folder).get(of)).toBeNull();
    new Paces(folder).ran(of, 100, 50);
    expect(expectedMs(new Paces(folder).get(of), 10)).toBe(5);
    expect(new Paces(folder).get({ ...of, threads: 1 })).toBeNull();
    expect(new Paces(folder).get({ ...of, runtime: "wasm" })).toBeNull();
  });

  it("are in memory where there is no folder, and begin anew where the file is damaged", () => {
    const memory = new Paces(null);
    memory.ran(of, 100, 50);
    expect(memory.get(of)).toEqual({ work: 100, ms: 50 });
    const folder = temporaryFolder();
    fs.writeFileSync(path.join(folder, "paces.json"), '{"a": {"work": 0, "ms": -1}}');
    const paces = new Paces(folder);
    expect(paces.get(of)).toBeNull();
    paces.ran(of, 100, 50);
    expect(new Paces(folder).get(of)).toEqual({ work: 100, ms: 50 });
  });
});
