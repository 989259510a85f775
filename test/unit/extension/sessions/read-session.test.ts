/** Reading what may be a session. */
import { expect, test } from "vitest";
import { readSession } from "../../../../src/extension/sessions/read-session.ts";

test.each(["", "{", "[]", '{"format":"state-swap/session","version":99}'])(
  "%j is none, and what is wrong is said",
  (text) => {
    const { session, damage } = readSession(text);
    expect(session).toBeNull();
    expect(damage?.message).toBeTruthy();
    expect(damage?.hint).toBeTruthy();
  },
);
