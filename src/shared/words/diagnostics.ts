/**
 * What a report of a fault should say of an installation, as text to paste. English on every face, whatever its language:
 * who reads reports must understand it.
 */
import type { RuntimeUse } from "../experiment/runtime.ts";
import type { Diagnosis } from "../experiment/diagnosis.ts";
import { VERSION } from "../version.ts";

/** What a face knows. */
export interface Installation {
  /** Programs beside State Swap and the engine's Node, with their versions, and what else a face knows: `["VS Code", "1.139.1"]`. */
  readonly programs: readonly (readonly [string, string])[];
  /** From the engine; why it did not answer where that failed. */
  readonly diagnosis: Diagnosis | { readonly failure: string };
  /** The model that is open or was to be opened, and what came of it. */
  readonly model: {
    readonly path: string;
    readonly runtime: RuntimeUse | null;
    readonly failure: string | null;
  } | null;
  /** Models on the disk by the kind of place. */
  readonly found: readonly { readonly place: string; readonly name: string }[];
  readonly caches: readonly { readonly what: string; readonly folder: string; readonly bytes: number }[];
  /** Names and values of settings and variables about the network; those without a value are left out. */
  readonly network: readonly (readonly [string, string | undefined])[];
  /** The user's home folder, which the text must not name. */
  readonly home: string;
}

/** Variables that downloads follow. */
const NETWORK_VARIABLES = [
  "HTTPS_PROXY",
  "HTTP_PROXY",
  "ALL_PROXY",
  "NO_PROXY",
  "NODE_EXTRA_CA_CERTS",
  "NODE_USE_SYSTEM_CA",
  "HF_ENDPOINT",
];

const LABEL_WIDTH = 12;
const MOST_NAMES = 20;

/** What the environment says about the network; names in either case. */
export function networkVariables(
  env: Readonly<Record<string, string | undefined>>,
): [string, string | undefined][] {
  return NETWORK_VARIABLES.map((name) => [name, env[name] ?? env[name.toLowerCase()]]);
}

/** Lines of `label   value`, each ended; without the home folder, and without names and passwords in addresses. */
export function diagnosticsText(facts: Installation): string {
  const lines = [
    ["State Swap", VERSION],
    ...facts.programs,
    ...machineLines(facts.diagnosis),
    ...modelLines(facts.model),
    ...foundLines(facts.found),
    ...facts.caches.map(({ what, folder, bytes }) => [what, `${(bytes / 1e6).toFixed(1)} MB in ${folder}`]),
    ...networkLines(facts.network),
  ] as const;
  const text = lines.map(([label, value]) => `${label.padEnd(LABEL_WIDTH)} ${value}`.trimEnd()).join("\n");
  return `${withoutHome(text, facts.home)}\n`;
}

type Line = readonly [string, string];

function machineLines(diagnosis: Installation["diagnosis"]): Line[] {
  if ("failure" in diagnosis) return [["engine", `does not answer: ${diagnosis.failure}`]];
  const { machine, system, node, cores, memoryBytes, freeBytes, runtimes } = diagnosis;
  const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;
  return [
    ["Node", node],
    [
      "machine",
      `${machine}, ${system}, ${cores} cores, ${gigabytes(memoryBytes)} (${gigabytes(freeBytes)} free)`,
    ],
    ...runtimes.map(({ name, fault }, i): Line => {
      const state = fault ? `not to be had: ${fault.code}${detail(fault.detail)}` : "loads";
      return [i === 0 ? "runtimes" : "", `${name}: ${state}`];
    }),
  ];
}

function detail(text: string): string {
  return text === "" ? "" : ` (${text})`;
}

function modelLines(model: Installation["model"]): Line[] {
  if (!model) return [["model", "none is open"]];
  const { path, runtime, failure } = model;
  if (failure !== null) {
    return [
      ["model", path],
      ["", `does not open: ${failure}`],
    ];
  }
  if (!runtime) return [["model", `${path}: not open`]];
  const why = runtime.fault ? `, since ${runtime.fault.runtime} is not to be had: ${runtime.fault.code}` : "";
  return [["model", `${path}: open on ${runtime.name} (asked for: ${runtime.asked}${why})`]];
}

function foundLines(found: Installation["found"]): Line[] {
  if (found.length === 0) return [["models", "none found on the disk"]];
  const places = [...new Set(found.map(({ place }) => place))];
  return places.map((place, i) => {
    const names = found.filter((model) => model.place === place).map(({ name }) => name);
    const more = names.length > MOST_NAMES ? `, and ${names.length - MOST_NAMES} more` : "";
    return [i === 0 ? "models" : "", `${place}: ${names.slice(0, MOST_NAMES).join(", ")}${more}`];
  });
}

function networkLines(network: Installation["network"]): Line[] {
  const said = network.flatMap(([name, value]) => (value ? [`${name}=${withoutLogin(value)}`] : []));
  return said.length === 0
    ? [["network", "no proxy, no certificates named"]]
    : said.map((one, i) => [i === 0 ? "network" : "", one]);
}

/** `http://name:password@host` without who logs in. */
function withoutLogin(address: string): string {
  return address.replace(/^([a-z][a-z0-9+.-]*:\/\/)?[^@\s/]*@/i, "$1***@");
}

/** The home folder as `~`, however its path is written; file names in URIs included. */
function withoutHome(text: string, home: string): string {
  if (home.length < 2) return text;
  const spellings = [home, home.replaceAll("\\", "/"), encodeURI(home.replaceAll("\\", "/"))];
  return spellings.reduce(
    (now, spelling) => now.replace(new RegExp(`${escaped(spelling)}(?![\\p{L}\\p{N}_-])`, "giu"), "~"),
    text,
  );
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
