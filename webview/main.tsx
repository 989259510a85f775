/** Entry of the webview: connects to the host and renders each snapshot; the page says what it shows. */
import { render } from "preact";
import { LANGUAGE_ID, parsedLanguage, setLanguage } from "../src/shared/text/language.ts";
import { App } from "./panel/app.tsx";
import { ComparisonApp } from "./session/comparison-app.tsx";
import { registerControls } from "./parts/widgets.tsx";
import { answerExports } from "./export/export-answer.ts";
import { connectHost, pageApi } from "./panel/host.ts";
import { SessionApp } from "./session/session-app.tsx";
import { connectSession } from "./session/session-host.ts";
import "./styles.ts";

setLanguage(parsedLanguage(document.getElementById(LANGUAGE_ID)?.textContent ?? null));
registerControls();
answerExports(pageApi());
const root = document.getElementById("root");
if (!root) throw new Error("The page has no element with id root.");
switch (root.dataset.view) {
  case "session":
    render(<SessionApp host={connectSession("session")} />, root);
    break;
  case "comparison":
    render(<ComparisonApp host={connectSession("comparison")} />, root);
    break;
  case undefined:
  default:
    render(<App host={connectHost()} />, root);
}
