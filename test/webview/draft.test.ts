/** What the user set against what the host says, in every order in which they can come. */
import { describe, expect, it } from "vitest";
import { afterHost, afterUser } from "../../webview/parts/draft.ts";
import type { Draft } from "../../webview/parts/draft.ts";

const isSame = (a: number, b: number): boolean => a === b;
const user = (...values: number[]): Draft<number> =>
  values.reduce<Draft<number> | null>((draft, value) => afterUser(draft, value, false), null)!;
const host = (draft: Draft<number>, ...values: number[]): Draft<number> | null =>
  values.reduce<Draft<number> | null>((kept, value) => kept && afterHost(kept, value, isSame), draft);

describe("a draft", () => {
  it("stands against answers to older values, and ends with the answer to the newest", () => {
    expect(host(user(1, 2, 3), 1)?.value).toBe(3);
    expect(host(user(1, 2, 3), 1, 2)?.value).toBe(3);
    expect(host(user(1, 2, 3), 1, 2, 3)).toBeNull();
  });

  it("ends too when the host leaves answers out", () => {
    expect(host(user(1, 2, 3), 2)?.value).toBe(3);
    expect(host(user(1, 2, 3), 3)).toBeNull();
  });

  it("stands while a value that came back to an older one is not answered", () => {
    // 1, 2 and 1 again: the first answer is that to the first 1.
    expect(host(user(1, 2, 1), 1)?.value).toBe(1);
    expect(host(user(1, 2, 1), 1, 2)?.value).toBe(1);
    expect(host(user(1, 2, 1), 1, 2, 1)).toBeNull();
  });

  it("gives way to a value that the host was never told", () => {
    expect(host(user(1, 2, 3), 7)).toBeNull();
  });

  it("stands whatever the host says while the hand is on it", () => {
    const held = afterUser(user(1), 5, true);
    expect(host(held, 1)?.value).toBe(5);
    expect(host(held, 1, 9)?.value).toBe(5);
    expect(held.told).toEqual([1]);
  });
});
