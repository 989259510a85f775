/** The model picker's rows: what stands where, what is marked, and what a workspace without trust is offered. */
import { describe, expect, it } from "vitest";
import type { FoundModel } from "../../../../src/engine/discovery/found-model.ts";
import { HUB_OFFERS } from "../../../../src/extension/models/hub-list.ts";
import type { PickerFacts } from "../../../../src/extension/models/picker-items.ts";
import { pickerRows } from "../../../../src/extension/models/picker-items.ts";

const found = (name: string, place: FoundModel["place"], part: Partial<FoundModel> = {}): FoundModel => ({
  name,
  path: `/m/${name}.gguf`,
  kind: "gguf",
  bytes: 98e6,
  place,
  architecture: "llama",
  quantisation: "Q4_1",
  memoryBytes: 290e6,
  problem: null,
  ...part,
});

const facts: PickerFacts = {
  current: "/m/b.gguf",
  currentName: "b",
  failed: null,
  embedded: { name: "countries-2m", label: "demonstration model", description: "A demonstration." },
  usedBefore: null,
  found: [
    found("a", "lm-studio", { path: "/home/u/.lmstudio/a.gguf" }),
    found("b", "workspace"),
    found("c", "hugging-face", { problem: { code: "architecture", architecture: "too-new" } }),
  ],
  recent: [
    { path: "/home/u/.lmstudio/a.gguf", name: "a" },
    { path: "/elsewhere/d.gguf", name: "d" },
  ],
  offers: HUB_OFFERS,
  host: "huggingface.co",
  limit: null,
  machine: null,
  home: "/home/u",
};

/** Labels, headings as `# heading`. */
const outline = (part: Partial<PickerFacts> = {}): string[] =>
  pickerRows({ ...facts, ...part }).map(({ label, choice }) =>
    choice ? label.replace(/^\$\(\S+\) /, "") : `# ${label}`,
  );

describe("the picker", () => {
  it("goes from what is at hand to what is far, each model once", () => {
    expect(outline()).toEqual([
      "b",
      "Embedded Model",
      "# found on this machine",
      "a",
      "# used before",
      "d",
      "# download from huggingface.co",
      ...HUB_OFFERS.map(({ id }) => id),
      "Other Hub Model…",
      "# browse",
      "Model File…",
      "Model Folder…",
      "# found, but not to be opened",
      "$(warning)",
    ]);
    expect(outline({ current: "" }).slice(0, 3)).toEqual(["Embedded Model", "# this workspace", "b"]);
    expect(outline({ found: [], recent: [] })).not.toContain("# this workspace");
  });

  it("marks the current model alone, and shows size, place, memory and path", () => {
    const rows = pickerRows(facts);
    expect(
      rows.filter(({ description }) => description?.includes("current")).map(({ label }) => label),
    ).toEqual(["$(package) b"]);
    expect(rows.find(({ label }) => label.endsWith(" a"))?.detail).toBe(
      "GGUF · llama · 98 MB · about 290 MB of memory · LM Studio · ~/.lmstudio/a.gguf",
    );
  });

  it("has the current model on top before the disk was searched", () => {
    expect(pickerRows({ ...facts, found: [] })[0]).toMatchObject({
      label: "$(package) b",
      description: "current",
      detail: "/m/b.gguf",
    });
  });

  it("lists last, and with a dim name, what cannot be opened", () => {
    const last = (part: Partial<PickerFacts>): (string | undefined)[] =>
      pickerRows({ ...facts, ...part })
        .slice(-2)
        .map(({ description }) => description);
    expect(last({})).toEqual([undefined, "c · Q4_1 · architecture too-new is not read from GGUF"]);
    expect(last({ failed: "/home/u/.lmstudio/a.gguf" })).toEqual([
      "a · Q4_1 · could not be opened",
      "c · Q4_1 · architecture too-new is not read from GGUF",
    ]);
  });

  it("says which one is current where it is the embedded one", () => {
    expect(pickerRows({ ...facts, current: "" })[0]!.description).toBe("demonstration model · current");
  });

  it("offers next what the prompt was last run with", () => {
    const [, next] = pickerRows({ ...facts, usedBefore: { path: "/m/x.gguf", name: "x" } });
    expect(next).toMatchObject({
      label: "$(history) x",
      description: "This prompt was last run with it. Use it?",
      choice: { kind: "model", path: "/m/x.gguf", name: "x" },
    });
  });

  it("names the machine that was searched where the user sits at another", () => {
    expect(outline({ machine: "SSH: devbox" })).toContain("# found on SSH: devbox");
    expect(outline({ machine: "SSH: devbox" })).not.toContain("# found on this machine");
  });

  it("does not offer to download what has arrived", () => {
    const [offer] = HUB_OFFERS;
    const path = `/g/models/${offer!.id}/${"0".repeat(40)}/${offer!.file}`;
    const rows = outline({ found: [found("arrived", "downloaded", { path })] });
    expect(rows).not.toContain(offer!.id);
    expect(rows).toContain(HUB_OFFERS[1]!.id);
  });

  it("says size and licence of every offer before anything is asked of the network", () => {
    for (const offer of HUB_OFFERS) {
      const row = pickerRows(facts).find(({ label }) => label.endsWith(offer.id));
      expect(row?.description).toMatch(/^about \d/);
      expect(row?.detail).toContain(`licence ${offer.licence}`);
      expect(offer.id).toMatch(/^[\w.-]+\/[\w.-]+$/);
    }
  });

  it("without trust offers the embedded model and the way to trust, nothing else", () => {
    expect(outline({ limit: "untrusted", usedBefore: { path: "/m/x", name: "x" } })).toEqual([
      "Embedded Model",
      "Manage Workspace Trust…",
    ]);
  });

  it("offers the embedded model alone in a virtual workspace", () => {
    const recent = [{ path: "/m/a", name: "a" }];
    expect(outline({ limit: "virtual", usedBefore: { path: "/m/x", name: "x" }, recent })).toEqual([
      "Embedded Model",
    ]);
  });
});
