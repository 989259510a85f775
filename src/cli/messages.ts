/** What the command line says beside its results: notes, warnings, errors and progress, all on stderr. */
import type { ErrorData } from "../shared/errors.ts";
import type { Style } from "./style.ts";
import { styleFor } from "./style.ts";
import { cutToWidth } from "../shared/text/text-width.ts";

/** Work shorter than this shows no progress. */
const QUIET_MS = 300;
const TICK_MS = 200;
const FALLBACK_COLUMNS = 100;

/** Owns stderr: one self-overwriting progress line, and whole lines that never mix with it. */
export class Messages {
  readonly #stderr: NodeJS.WriteStream;
  readonly #style: Style;
  readonly #verbose: boolean;
  #label: string | null = null;
  #since = 0;
  #shown = false;
  #timer: NodeJS.Timeout | null = null;

  constructor(stderr: NodeJS.WriteStream, verbose: boolean) {
    this.#stderr = stderr;
    this.#style = styleFor(stderr, process.env);
    this.#verbose = verbose;
  }

  /** Something worth knowing. */
  note(text: string): void {
    this.#line(`${this.#style.faint("note:")} ${text}`);
  }

  /** Something that puts the result in doubt. */
  warn(text: string): void {
    this.#line(`${this.#style.warning("warning:")} ${text}`);
  }

  /** What went wrong, and what to do about it. */
  error({ message, hint }: Pick<ErrorData, "message" | "hint">): void {
    this.#line(`${this.#style.error("error:")} ${message}`);
    if (hint !== "") this.#line(`       ${hint}`);
  }

  /** Lines of the engine's log; shown with --verbose only. */
  log(text: string): void {
    if (!this.#verbose) return;
    for (const line of text.trimEnd().split("\n")) this.#line(this.#style.faint(`engine: ${line}`));
  }

  /** Says what runs now. Nothing is shown for short work, or when stderr is no terminal. */
  progress(label: string): void {
    if (!this.#stderr.isTTY) return;
    if (this.#label === null) this.#since = performance.now();
    this.#label = label;
    this.#timer ??= setInterval(() => {
      this.#paint();
    }, TICK_MS);
    this.#timer.unref();
  }

  /** Takes the progress line away. */
  endProgress(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
    this.#label = null;
    this.#erase();
  }

  #paint(): void {
    const elapsed = performance.now() - this.#since;
    if (this.#label === null || elapsed < QUIET_MS) return;
    const text = `${this.#label} … ${Math.round(elapsed / 1000)} s`;
    const columns = this.#stderr.columns || FALLBACK_COLUMNS;
    this.#erase();
    this.#stderr.write(this.#style.faint(cutToWidth(text, columns - 1)));
    this.#shown = true;
  }

  #erase(): void {
    if (this.#shown) this.#stderr.write("\r\u001B[2K");
    this.#shown = false;
  }

  #line(text: string): void {
    this.#erase();
    this.#stderr.write(`${text}\n`);
  }
}
