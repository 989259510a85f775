/** The two forms of a session: as its file holds it (lists that a diff can show), and as the product uses it. */
import type { Token } from "../prompt/tokens.ts";
import type { FilePrompt, SessionFile } from "./file-schema.ts";
import type { Session, SessionPrompt } from "./session.ts";
import { fileName, SESSION_FORMAT, SESSION_VERSION } from "./session.ts";

/** What a file's content stands for. Its lists must fit each other: see `checks.ts`. */
export function sessionOf(file: SessionFile): Session {
  const { product, savedAt, label, convention, model, chosen, setup, view, sweep, grid, attention } = file;
  return {
    product,
    savedAt,
    label,
    convention,
    model,
    chosen,
    setup,
    view,
    sweep,
    grid,
    attention,
    target: promptOf(file.target),
    source: file.source && promptOf(file.source),
  };
}

/** What is written to a file: no folders of this machine. */
export function fileOf(session: Session): unknown {
  const { model, setup, target, source } = session;
  return {
    ...session,
    format: SESSION_FORMAT,
    version: SESSION_VERSION,
    model: { ...model, file: fileName(model.file) },
    setup: { ...setup, vectorsLabel: setup.vectorsLabel === null ? null : fileName(setup.vectorsLabel) },
    target: filePromptOf(target),
    source: source && filePromptOf(source),
  };
}

function promptOf(file: FilePrompt): SessionPrompt {
  const { label, text, read, shift, chatTemplate, startsWithBos, bos, approximate, ids, special } = file;
  const guess = file.guessedSplit ? { guessedSplit: file.guessedSplit } : {};
  const controls = new Set(special);
  const tokens = ids.map((id, index): Token => {
    const [start, end] = file.offsets[index]!;
    return { index, id, text: file.tokens[index]!, start, end, special: controls.has(index) };
  });
  const tokenization = { text: read ?? text, ids, tokens, bos, approximate, ...guess };
  return { label, text, shift, chatTemplate, startsWithBos, tokenization };
}

function filePromptOf({ tokenization, ...prompt }: SessionPrompt): FilePrompt {
  const { text, ids, tokens, bos, approximate, guessedSplit } = tokenization;
  return {
    ...prompt,
    read: text === prompt.text ? null : text,
    bos,
    approximate,
    ...(guessedSplit ? { guessedSplit } : {}),
    ids: [...ids],
    tokens: tokens.map((token) => token.text),
    offsets: tokens.map(({ start, end }) => [start, end]),
    special: tokens.filter((token) => token.special).map((token) => token.index),
  };
}
