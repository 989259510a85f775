// Says whether a tag may be released: version, changelog and tag agree, and the public address is known.
// `node tools/release-check.mjs TAG [--notes FILE]` also writes what changed.
import * as fs from "node:fs";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { publicAddress } from "./public-address.mjs";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/**
 * What the changelog says of its newest version.
 *
 * @param {string} changelog
 * @returns {{ version: string, date: string, notes: string } | null} null when it does not begin with a version
 */
function newest(changelog) {
  const [, section = ""] = changelog.split(/^## /m);
  const [heading, version, date] = /^(\S+) \(([^)]+)\)\n/.exec(section) ?? [];
  if (heading === undefined || version === undefined || date === undefined) return null;
  return { version, date, notes: section.slice(heading.length).trim() };
}

/**
 * Why a tag may not be released, each a sentence with what to do; none when it may.
 *
 * @param {object} state
 * @param {string} state.tag
 * @param {string} state.version of package.json
 * @param {string} state.changelog
 * @param {string | null} state.address
 * @returns {string[]}
 */
export function releaseProblems({ tag, version, changelog, address }) {
  const first = newest(changelog);
  const problems = [];
  if (!/^\d+\.\d+\.\d+$/.test(version))
    problems.push(
      `package.json has version ${version}. Galleries take three numbers, such as 1.2.3, and no suffix.`,
    );
  if (tag !== `v${version}`)
    problems.push(
      `The tag is ${tag} and package.json has version ${version}. Tag v${version}, or raise the version.`,
    );
  if (first?.version !== version)
    problems.push(
      `CHANGELOG.md begins with ${first?.version ?? "no version"}. Its first heading must be "## ${version} (YYYY-MM-DD)".`,
    );
  else if (!/^\d{4}-\d\d-\d\d$/.test(first.date))
    problems.push(
      `CHANGELOG.md calls ${version} "${first.date}". Put the date of the release there, as 2027-01-31.`,
    );
  else if (first.notes === "") problems.push(`CHANGELOG.md says nothing of ${version}. Say what changed.`);
  if (address === null)
    problems.push(
      "STATE_SWAP_REPOSITORY is not set. Set it to the repository's page: links and pictures of the gallery's page lead there.",
    );
  return problems;
}

/**
 * What changed in the newest version, as the changelog says it.
 *
 * @param {string} changelog
 * @returns {string}
 */
export function releaseNotes(changelog) {
  return `${newest(changelog)?.notes ?? ""}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values, positionals } = parseArgs({
    options: { notes: { type: "string" } },
    allowPositionals: true,
  });
  const read = (/** @type {string} */ name) => fs.readFileSync(path.join(root, name), "utf8");
  const { version } = JSON.parse(read("package.json"));
  const changelog = read("CHANGELOG.md").replaceAll("\r\n", "\n");
  const problems = releaseProblems({
    tag: positionals[0] ?? "",
    version,
    changelog,
    address: publicAddress(),
  });
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exitCode = 1;
  else {
    if (values.notes !== undefined) fs.writeFileSync(values.notes, releaseNotes(changelog));
    console.log(`${version} may be released.`);
  }
}
