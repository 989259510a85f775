// Records the sessions that the repository holds, with the built engine (build first): media/demo.swap.json, which the side
// panel shows before any model has run, and the golden files of the session format that are not there yet. Run it after
// the embedded model changes.
import * as path from "node:path";
import { importTypeScript, root } from "./import-typescript.mjs";

process.chdir(root);
const { EngineClient } = await importTypeScript("src/engine/client/engine-client.ts");
const { writeSessions } = await importTypeScript("test/support/session/session-recipes.ts");
const client = await EngineClient.start({
  script: path.join(root, "dist/engine.mjs"),
  execPath: process.execPath,
  onLog: () => undefined,
});
try {
  for (const file of await writeSessions(client)) console.log(path.relative(root, file));
} finally {
  await client.stop();
}
