/** Entry of the webview: connects to the host and renders each snapshot; the page says what it shows. */
import { render } from "preact";
import { LANGUAGE_ID, parsedLanguage, setLanguage } from "../src/shared/text/language.ts";
import { App } from "./app.tsx";
import { ComparisonApp } from "./comparison-app.tsx";
import { registerControls } from "./controls.tsx";
import { answerExports } from "./export-answer.ts";
import { connectHost, pageApi } from "./host.ts";
import { SessionApp } from "./session-app.tsx";
import { connectSession } from "./session-host.ts";
import "./base.css";
import "./panel.css";
import "./controls.css";
import "./condition.css";
import "./notices.css";
import "./prompts.css";
import "./layer-range.css";
import "./plots.css";
import "./strip.css";
import "./answers.css";
import "./heatmap.css";
import "./session.css";

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
