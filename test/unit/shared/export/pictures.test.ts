/** Exported pictures: sound XML with everything on it that the result has, in the theme's colours or in print's. */
import { describe, expect, it } from "vitest";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Palette } from "../../../../src/shared/figure/color-scale.ts";
import {
  differenceFill,
  luminance,
  outcomeFill,
  printLook,
  shownLook,
} from "../../../../src/shared/figure/look.ts";
import { pictureOf, pictureSubjects, svgOf } from "../../../../src/shared/export/pictures.ts";
import { pngSize } from "../../../../src/shared/figure/png-size.ts";
import { escapeXml } from "../../../../src/shared/figure/svg.ts";
import { metricNames } from "../../../../src/shared/figure/grid-cells.ts";
import {
  DEMO_SESSION,
  hostileSession,
  HOSTILE_TOKENS,
  randomSession,
} from "../../../support/session/session-of-results.ts";
import { RANDOM_STATE } from "../../../support/panel/snapshots.ts";
import { errorOf } from "../../../support/error-of.ts";
import { xmlElements } from "../../../support/export-xml.ts";

/** Colours that occur nowhere else. */
const theme: Palette = {
  source: [1, 102, 203, 1],
  target: [204, 103, 2, 1],
  neither: [99, 98, 97, 1],
  foreground: [221, 222, 223, 1],
  background: [24, 25, 26, 1],
  focus: [0, 120, 212, 1],
  highContrast: false,
};
const shown = shownLook(theme);
const random = randomSession(RANDOM_STATE.sweep!.rows, RANDOM_STATE.sweep!.answers);
const out = path.resolve(import.meta.dirname, "../../../../test-output/export");
fs.mkdirSync(out, { recursive: true });

function filed(name: string, svg: string): string {
  fs.writeFileSync(path.join(out, `${name}.svg`), svg);
  return svg;
}

describe("a strip", () => {
  it("has a cell for each block, with the row's outcome in words", () => {
    const elements = xmlElements(filed("strip", svgOf(DEMO_SESSION, "strip", "outcome", shown)));
    const cells = elements.filter(({ attributes }) => /^k\d+$/.test(attributes.id ?? ""));
    expect(cells.map(({ attributes }) => attributes.id)).toEqual(
      Array.from({ length: 30 }, (_, k) => `k${k}`),
    );
    const titles = elements.filter(({ name, parent }) => name === "title" && cells.includes(parent!));
    expect(titles[0]!.text).toBe("k = 0: ◆ ␣Rome (source)");
    expect(titles[29]!.text).toBe("k = 29: ★ ␣Paris (target)");
  });

  it("says what was run: prompt, condition, model, convention, BOS, verdict, flip", () => {
    const text = xmlElements(svgOf(DEMO_SESSION, "strip", "outcome", printLook))
      .filter(({ name }) => name === "text")
      .map((element) => element.text)
      .join("\n");
    for (const said of [
      "state of '␣Italy' @2 → '␣France' @21, before layer k",
      "Prompt: Q:␣What␣is␣the␣capital␣of␣Spain?",
      "SmolLM2-135M-Instruct · 30 layers · q4_1 exact · sha256 0f1e2d3c0f1e…",
      "Condition: Swap · k = 0-based layer whose input is replaced · BOS: none (policy auto)",
      "flip at 24 of 30",
      "flips at k = 24 of 30",
      "◆ log p of",
    ])
      expect(text.replaceAll("\n", " ")).toContain(said);
  });

  it("breaks its curve where a k is missing, as the panel's does", () => {
    const sweep = DEMO_SESSION.sweep!;
    const rows = sweep.rows.filter(({ k }) => k !== 10);
    const elements = xmlElements(
      svgOf({ ...DEMO_SESSION, sweep: { ...sweep, rows } }, "strip", "outcome", shown),
    );
    const lines = elements.filter(({ attributes }) => attributes.class === "curve-target");
    expect(lines.map(({ attributes }) => attributes.points!.split(" ").length)).toEqual([10, 19]);
  });

  it("shows the seeds of a cell by outcome, so that their shares can be read", () => {
    const elements = xmlElements(filed("random", svgOf(random, "strip", "outcome", printLook)));
    const cell = elements.find(({ attributes }) => attributes.id === "k25")!;
    const stripes = elements.filter(({ name, parent }) => name === "rect" && parent === cell);
    const rows = random.sweep!.rows.filter((row) => row.k === 25);
    expect(stripes).toHaveLength(5);
    expect(stripes.map(({ attributes }) => attributes.fill)).toEqual(
      (["source", "neither", "target"] as const).flatMap((one) =>
        rows.filter(({ outcome }) => outcome === one).map(() => outcomeFill(one, printLook)),
      ),
    );
    expect(
      elements.some(({ name }) => name === "polygon"),
      "a band of seeds",
    ).toBe(true);
  });
});

describe("a heatmap", () => {
  it("has the axes of ROME's: a labelled row for each token, a column for each block, chosen tokens starred", () => {
    const elements = xmlElements(filed("heatmap", svgOf(DEMO_SESSION, "heatmap", "outcome", shown)));
    const cells = elements.filter(({ attributes }) => /^p\d+k\d+$/.test(attributes.id ?? ""));
    expect(cells).toHaveLength(26 * 30);
    const labels = elements.filter(({ attributes }) => attributes["font-family"] === "monospace");
    expect(labels.map(({ text }) => text)[21]).toBe("★ ␣France");
    expect(labels).toHaveLength(26);
    const place = (id: string): number[] => {
      const { x, y } = cells.find(({ attributes }) => attributes.id === id)!.attributes;
      return [Number(x), Number(y)];
    };
    expect(place("p3k4")[0]).toBeGreaterThan(place("p3k3")[0]!);
    expect(place("p4k3")[1]).toBeGreaterThan(place("p3k3")[1]!);
    expect(place("p4k3")[0]).toBe(place("p3k3")[0]);
  });

  it("has in print a shape on every cell and no colour of the theme", () => {
    const svg = filed("heatmap-print", svgOf(DEMO_SESSION, "heatmap", "outcome", printLook));
    const shapes = xmlElements(svg).filter(
      ({ name, text, parent }) =>
        name === "text" && parent?.attributes.id === "heatmap" && /^[◆★▪]$/.test(text),
    );
    expect(shapes).toHaveLength(26 * 30);
    const used = new Set(svg.match(/#[0-9a-f]{6}\b/g));
    for (const color of [theme.source, theme.target, theme.neither, theme.foreground, theme.background]) {
      const hex = `#${color
        .slice(0, 3)
        .map((value) => value.toString(16).padStart(2, "0"))
        .join("")}`;
      expect(used.has(hex), hex).toBe(false);
    }
    expect(used.has("#ffffff")).toBe(true);
  });

  it("is as shown in the theme's colours", () => {
    const svg = svgOf(DEMO_SESSION, "strip", "outcome", shown);
    expect(svg).toContain("#0166cb");
    expect(svg).toContain("#cc6702");
    expect(svg).toContain("#18191a");
  });

  it("draws every metric, with its scale beside it", () => {
    for (const [metric] of metricNames()) {
      for (const look of [shown, printLook]) {
        const svg = filed(`${metric}-${look.kind}`, svgOf(DEMO_SESSION, "heatmap", metric, look));
        expect(xmlElements(svg).filter(({ attributes }) => /^p\d+k/.test(attributes.id ?? ""))).toHaveLength(
          780,
        );
      }
    }
  });

  it("draws patterns in place of tints in high contrast", () => {
    const look = shownLook({ ...theme, highContrast: true });
    const elements = xmlElements(filed("contrast", svgOf(DEMO_SESSION, "heatmap", "outcome", look)));
    const sizes = new Set(
      elements
        .filter(({ attributes }) => /^p\d+k/.test(attributes.id ?? ""))
        .map(({ attributes }) => attributes.height),
    );
    expect([...sizes].sort()).toEqual(["14", "3", "7"]);
  });

  it("leaves cells empty that have not run", () => {
    const { grid } = DEMO_SESSION;
    const columns = grid!.columns.map((column, p) => (p < 3 ? column : null));
    const svg = svgOf(
      { ...DEMO_SESSION, grid: { ...grid!, state: "partial", columns } },
      "heatmap",
      "outcome",
      printLook,
    );
    const elements = xmlElements(svg);
    expect(elements.filter(({ attributes }) => attributes.class === "cell")).toHaveLength(3 * 30);
    expect(elements.filter(({ attributes }) => attributes.class === "empty")).toHaveLength(23 * 30);
    expect(svg).toContain("Partial");
  });
});

describe("any picture", () => {
  it("stays sound XML with hostile tokens, and shows them without running or turning anything", () => {
    const session = hostileSession();
    for (const subject of pictureSubjects(session)) {
      for (const look of [shown, printLook]) {
        const svg = filed(`hostile-${subject}-${look.kind}`, svgOf(session, subject, "outcome", look));
        const elements = xmlElements(svg);
        const names = elements.map(({ name }) => name);
        expect(names.filter((name) => /^(script|b|foreignObject)$/.test(name))).toEqual([]);
        const unsafe =
          /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u202A-\u202E\u2066-\u2069\uFFFE]|\p{Surrogate}/u;
        expect(unsafe.exec(svg)).toBeNull();
      }
    }
    const labels = xmlElements(svgOf(session, "heatmap", "outcome", printLook)).filter(
      ({ attributes }) => attributes["font-family"] === "monospace",
    );
    expect(labels).toHaveLength(HOSTILE_TOKENS.length);
    expect(labels[0]!.text).toBe("</script>");
    expect(labels[11]!.text).toBe("\\u{0}");
  });

  it("refers to nothing outside: no link, style, import, font or address but the names of its own formats", () => {
    for (const subject of pictureSubjects(DEMO_SESSION)) {
      const svg = svgOf(DEMO_SESSION, subject, "outcome", shown);
      const names = xmlElements(svg).map(({ name }) => name);
      expect(new Set(names)).toEqual(
        new Set(names.filter((name) => !/^(a|image|use|style|link|script)$/.test(name))),
      );
      expect(svg.match(/https?:[^"]*/g)).toEqual(["http://www.w3.org/2000/svg"]);
      expect(svg).not.toMatch(/url\(|@import|href/);
    }
  });

  it("keeps everything inside its edges", () => {
    for (const session of [DEMO_SESSION, random, hostileSession()]) {
      for (const subject of pictureSubjects(session)) {
        const { width, height, body } = pictureOf(session, subject, "outcome", printLook);
        const elements = xmlElements(`<svg>${body.join("")}</svg>`);
        for (const { attributes, name } of elements) {
          const right = Number(attributes.x ?? 0) + (name === "rect" ? Number(attributes.width) : 0);
          expect(right).toBeLessThanOrEqual(width);
          expect(
            Number(attributes.y ?? 0) + (name === "rect" ? Number(attributes.height) : 0),
          ).toBeLessThanOrEqual(height);
        }
      }
    }
  });
});

describe("print colours", () => {
  it("differ in lightness, so that grey copies keep them apart", () => {
    const [source, neither, target] = (["source", "neither", "target"] as const).map((outcome) =>
      luminance(outcomeFill(outcome, printLook)),
    );
    expect(neither! / source!).toBeGreaterThan(3);
    expect(target! / neither!).toBeGreaterThan(1.5);
  });

  it("fall in lightness from target to source all the way along the scale of differences", () => {
    const lights = Array.from({ length: 41 }, (_, i) => luminance(differenceFill(-1 + i / 20, printLook)));
    for (const [i, light] of lights.entries()) if (i > 0) expect(light).toBeLessThan(lights[i - 1]!);
  });
});

describe("the size of a PNG", () => {
  it("is twice the picture's", () => {
    expect(pngSize({ width: 700, height: 500 })).toEqual({ width: 1400, height: 1000 });
  });

  it("is less where browsers could not draw it, and refused where it would be smaller than the picture", () => {
    const { width, height } = pngSize({ width: 900, height: 12_000 });
    expect(height).toBe(16_000);
    expect(width).toBe(1200);
    expect(errorOf(() => pngSize({ width: 900, height: 30_000 })).code).toBe("usage");
  });
});

describe("escaped text", () => {
  it("has no character that XML forbids, and means the same else", () => {
    expect(escapeXml('<a b="c">&\'\u0000\uD800\uFFFF👍')).toBe("&lt;a b=&quot;c&quot;&gt;&amp;&#39;���👍");
  });
});
