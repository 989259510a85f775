/** The session files that tests read. */
import * as fs from "node:fs";
import * as path from "node:path";
import type { Session } from "../../../src/shared/session/session.ts";

const root = path.resolve(import.meta.dirname, "../../..");
const folder = path.join(root, "test/golden/sessions");

/** A session's file. */
export interface GoldenFile {
  readonly name: string;
  readonly text: string;
}

/** Golden files of all versions, which are kept forever, and the demo. */
export const goldenFiles: readonly GoldenFile[] = [
  ...fs.readdirSync(folder).map((name) => path.join(folder, name)),
  path.join(root, "media/demo.swap.json"),
].map((file) => ({ name: path.basename(file), text: fs.readFileSync(file, "utf8") }));

/**
 * The text of one golden file.
 *
 * @param name `partial` for `v1-partial.swap.json`
 */
export function goldenText(name: string): string {
  return goldenFiles.find((file) => file.name === `v1-${name}.swap.json`)!.text;
}

/** The text of `media/session.schema.json`. */
export const schemaText = fs.readFileSync(path.join(root, "media/session.schema.json"), "utf8");

/** The session as a version without identities kept it. */
export function withoutIdentity(session: Session): Session {
  const older = structuredClone(session);
  Reflect.deleteProperty(older.model, "identity");
  return older;
}
