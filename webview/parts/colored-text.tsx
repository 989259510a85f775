/** The host's sentences with their source and target parts in colour; the words stay exactly the host's. */
import type { VNode } from "preact";
import { Fragment } from "preact";

/** "state of '␣Italy' @2 → '␣France' @21, before block k": left of the arrow is source, right of it target. */
export function StateSentence({ sentence }: { readonly sentence: string }): VNode {
  const [left, right, ...more] = sentence.split(" → ");
  if (left === undefined || right === undefined || more.length > 0) return <Fragment>{sentence}</Fragment>;
  return (
    <Fragment>
      {colored(left, "source")} → {colored(right, "target")}
    </Fragment>
  );
}

/** Colours from the first quote to the last `@` number. */
function colored(text: string, side: "source" | "target"): VNode {
  const match = /^([^'"“‘]*)(['"“‘].*@[\d–-]+)(.*)$/su.exec(text);
  if (!match) return <Fragment>{text}</Fragment>;
  return (
    <Fragment>
      {match[1]}
      <b class={`${side}-text`}>{match[2]}</b>
      {match[3]}
    </Fragment>
  );
}
