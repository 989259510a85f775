/** The JSON schema of session files, made from the schema by which they are read: `tools/session-schema.mjs` writes it. */
import { toJsonSchema } from "@valibot/to-json-schema";
import { SESSION_FILE_PARTS, sessionFileSchema } from "../../../src/shared/session/file-schema.ts";

/** The text of `media/session.schema.json`. */
export function sessionSchemaText(): string {
  const schema = toJsonSchema(sessionFileSchema, {
    target: "draft-07",
    // What stands in files: numbers beyond JSON as words.
    typeMode: "input",
    // JSON has finite numbers only; reading words as numbers has no counterpart.
    ignoreActions: ["transform", "finite"],
    definitions: SESSION_FILE_PARTS,
  });
  return `${JSON.stringify(schema, null, 2)}\n`;
}
