/** Entry of the webview: connects to the host and renders each snapshot. */
import { render } from "preact";
import { App } from "./app.tsx";
import { registerControls } from "./controls.tsx";
import { connectHost } from "./host.ts";
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

registerControls();
const host = connectHost();
const root = document.getElementById("root");
if (!root) throw new Error("The page has no element with id root.");
render(<App host={host} />, root);
