// Makes media/session.schema.json, by which editors check and explain session files, from the schema by which they are
// read. Run it after that changed.
import * as fs from "node:fs";
import * as path from "node:path";
import { importTypeScript, root } from "./import-typescript.mjs";

const { sessionSchemaText } = await importTypeScript("test/support/session/session-json-schema.ts");
fs.writeFileSync(path.join(root, "media/session.schema.json"), sessionSchemaText());
