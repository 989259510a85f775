/** The workflows: what they name is there, each action is pinned, and actionlint has nothing to say. */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { TARGETS } from "../../../src/shared/targets.ts";
import { ROOT } from "../../support/pages.ts";

interface Step {
  readonly uses?: string;
  readonly run?: string;
}
interface Job {
  readonly needs?: string;
  readonly steps: readonly Step[];
  readonly permissions?: Readonly<Record<string, string>>;
  readonly environment?: string;
  readonly strategy?: { readonly matrix: { readonly include: readonly Readonly<Record<string, string>>[] } };
}
interface Workflow {
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const folder = path.join(ROOT, ".github/workflows");
const names = fs.readdirSync(folder);
const textOf = (name: string): string => fs.readFileSync(path.join(folder, name), "utf8");
const workflows = names.map((file) => ({ file, ...(parse(textOf(file)) as Workflow) }));
const stepsOf = ({ jobs }: Workflow): Step[] => Object.values(jobs).flatMap(({ steps }) => steps);
const { scripts } = JSON.parse(fs.readFileSync(path.join(ROOT, "package.json"), "utf8")) as {
  readonly scripts: Readonly<Record<string, string>>;
};
const release = workflows.find(({ file }) => file === "release.yml")!;

/** actionlint on PATH or where `go install` puts it; null where it is not installed. */
function findActionlint(): string | null {
  const folders = [...(process.env.PATH ?? "").split(path.delimiter), path.join(os.homedir(), "go/bin")];
  return (
    folders
      .flatMap((at) => ["actionlint", "actionlint.exe"].map((name) => path.join(at, name)))
      .find((file) => fs.existsSync(file)) ?? null
  );
}

describe.each(workflows)("$file", (workflow) => {
  const runs = stepsOf(workflow).flatMap(({ run }) => run ?? []);

  it("runs scripts and files that are there", () => {
    const asked = runs.flatMap((run) =>
      [...run.matchAll(/\bnpm run (?:-s )?([\w:.-]+)/g)].map(([, one]) => one!),
    );
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.filter((name) => !(name in scripts))).toEqual([]);
    const files = runs.flatMap((run) =>
      [...run.matchAll(/\b(?:tools|test|src)\/[\w./-]+/g)].map(([one]) => one),
    );
    expect(files.length).toBeGreaterThan(0);
    // What npm puts below a folder of tools is there once it has run.
    const kept = files.map((file) => file.replace(/\/node_modules\/.*/, "/package-lock.json"));
    expect(kept.filter((file) => !fs.existsSync(path.join(ROOT, file)))).toEqual([]);
  });

  it("takes every action by its commit, with the version in words", () => {
    const uses = textOf(workflow.file)
      .split("\n")
      .filter((line) => /\buses:/.test(line));
    expect(uses).toHaveLength(stepsOf(workflow).filter((step) => step.uses !== undefined).length);
    for (const line of uses) expect(line).toMatch(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it("may write nothing but in the job that has to", () => {
    expect(workflow.permissions).toEqual({ contents: "read" });
  });
});

describe("release.yml", () => {
  const { package: packing, smoke, publish } = release.jobs;

  it("publishes what was tried on every target, and only with someone's consent", () => {
    const tried = smoke!.strategy!.matrix.include.map(({ target }) => target);
    expect([...new Set(tried)].sort()).toEqual([...TARGETS].sort());
    expect(smoke!.needs).toBe("package");
    expect(publish!.needs).toBe("smoke");
    expect(publish!.environment).toBe("marketplace");
    expect(publish!.permissions).toEqual({ contents: "write", "id-token": "write" });
  });

  it("checks the tag before it packs, and attests what it packed", () => {
    const steps = packing!.steps.map(({ uses = "", run = "" }) => `${uses}${run}`);
    const at = (part: string): number => steps.findIndex((step) => step.includes(part));
    expect(at("tools/release-check.mjs")).toBeGreaterThan(0);
    expect(at("tools/release-check.mjs")).toBeLessThan(at("npm run package -- --target all"));
    expect(at("actions/attest@")).toBeGreaterThan(at("sha256sum"));
  });

  it("sends every target to both galleries, the universal one last", () => {
    const lists = publish!.steps.flatMap(
      ({ run = "" }) => /for target in ([^;]+);/.exec(run)?.[1]?.split(" ") ?? [],
    );
    expect(lists).toHaveLength(2 * TARGETS.length);
    for (const list of [lists.slice(0, TARGETS.length), lists.slice(TARGETS.length)]) {
      expect([...list].sort()).toEqual([...TARGETS].sort());
      expect(list.at(-1)).toBe("universal");
    }
  });
});

const actionlint = findActionlint();
if (actionlint === null)
  console.warn(
    "\n  SKIPPED: actionlint on the workflows: go install github.com/rhysd/actionlint/cmd/actionlint@v1.7.12\n",
  );
it.skipIf(actionlint === null)("actionlint finds nothing in the workflows", () => {
  const run = spawnSync(
    actionlint!,
    names.map((name) => path.join(folder, name)),
    { encoding: "utf8" },
  );
  expect(`${run.stdout}${run.stderr}`).toBe("");
  expect(run.status).toBe(0);
});
