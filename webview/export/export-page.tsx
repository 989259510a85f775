/** Entry of an exported page: the session that the page carries, drawn as its editor draws it, with nothing to run. */
import { render } from "preact";
import { CARRIED_ID } from "../../src/shared/export/carry.ts";
import { hashText } from "../../src/shared/words/model.ts";
import { lineOf, titleOf } from "../../src/shared/export/words.ts";
import { parseSession } from "../../src/shared/session/parse.ts";
import { sessionPanel } from "../../src/shared/session/session-panel.ts";
import { LANGUAGE_ID, parsedLanguage, setLanguage } from "../../src/shared/text/language.ts";
import type { Session } from "../../src/shared/session/session.ts";
import type { SessionView } from "../../src/shared/protocol/session-page.ts";
import { registerControls } from "../parts/widgets.tsx";
import { SessionApp } from "../session/session-app.tsx";
import type { SessionHost } from "../session/session-host.ts";
import "../styles.ts";

/** VS Code's classes for the kind of theme, by the reader's system. */
function followTheme(): void {
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const update = (): void => {
    document.body.classList.toggle("vscode-dark", dark.matches);
    document.body.classList.toggle("vscode-light", !dark.matches);
  };
  dark.addEventListener("change", update);
  update();
}

function viewOf(session: Session): SessionView {
  return {
    file: titleOf(session),
    panel: sessionPanel(session),
    facts: factsOf(session),
    damage: null,
    rerun: null,
    progress: null,
    error: null,
  };
}

function factsOf({ model, savedAt, product }: Session): string[] {
  return [lineOf(model.file), hashText(model, Infinity), savedAt.slice(0, 10), `State Swap ${product}`];
}

/** The page has no one to talk to: it keeps what is looked at, and nothing it is told to do goes anywhere. */
function pageHost(view: SessionView): SessionHost<SessionView> {
  let kept: unknown;
  return {
    post: () => undefined,
    onView: (listener) => {
      listener(view);
    },
    getState: () => kept,
    setState: (state) => {
      kept = state;
    },
  };
}

document.documentElement.classList.add("scripted");
followTheme();
setLanguage(parsedLanguage(document.getElementById(LANGUAGE_ID)?.textContent ?? null));
registerControls();
const root = document.getElementById("root");
const CARRIED = document.getElementById(CARRIED_ID)?.textContent ?? null;
if (!root || CARRIED === null) throw new Error("The page carries no session.");
render(<SessionApp host={pageHost(viewOf(parseSession(CARRIED)))} />, root);
