// `npm run sbom -- FILE`: the bill of materials (CycloneDX) of what is shipped, cut out of npm's own for the whole tree.
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/**
 * A bill of materials without what is not shipped.
 *
 * @param {any} bom CycloneDX, as `npm sbom` writes it
 * @param {readonly import("./notices.mjs").Shipped[]} shipped
 * @returns {any} a new one
 * @throws {Error} when it lacks something that is shipped
 */
export function pruned(bom, shipped) {
  const nameOf = (/** @type {{ name: string, version: string }} */ { name, version }) => `${name} ${version}`;
  const wanted = new Set(shipped.map(nameOf));
  const components = bom.components.filter((/** @type {any} */ one) => wanted.has(nameOf(one)));
  const found = new Set(components.map(nameOf));
  const missing = [...wanted].filter((name) => !found.has(name));
  if (missing.length > 0)
    throw new Error(
      `npm's bill of materials lacks ${missing.join(", ")}: run npm install, then npm run build.`,
    );
  const refs = new Set([bom.metadata.component, ...components].map((one) => one["bom-ref"]));
  const dependencies = bom.dependencies
    .filter((/** @type {any} */ { ref }) => refs.has(ref))
    .map((/** @type {any} */ { ref, dependsOn = [] }) => ({
      ref,
      dependsOn: dependsOn.filter((/** @type {string} */ on) => refs.has(on)),
    }));
  return { ...bom, components, dependencies };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [file] = process.argv.slice(2);
  if (file === undefined) throw new Error("npm run sbom -- FILE");
  const npm = process.env.npm_execpath;
  if (npm === undefined) throw new Error("Run it through npm: npm run sbom -- FILE");
  // Without `--omit=dev`: that leaves out what a developing package asks for too, such as valibot.
  const args = ["sbom", "--sbom-format=cyclonedx", "--package-lock-only"];
  const run = spawnSync(process.execPath, [npm, ...args], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  if (run.status !== 0) throw new Error(`npm sbom failed:\n${run.stderr}`);
  const shipped = JSON.parse(fs.readFileSync(path.join(root, "dist/shipped.json"), "utf8"));
  const whole = JSON.parse(run.stdout);
  // npm takes the folder's name.
  whole.metadata.component.name = JSON.parse(fs.readFileSync(path.join(root, "package.json"), "utf8")).name;
  const bom = pruned(whole, shipped);
  fs.writeFileSync(file, `${JSON.stringify(bom, null, 2)}\n`);
  console.log(`${file}: ${bom.components.length} components`);
}
