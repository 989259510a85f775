/** Whether what is drawn may only be looked at: a stored session has the panel's sections without what changes or runs. */
import { createContext } from "preact";
import { useContext } from "preact/hooks";

/** True below a stored session. */
export const ReadOnly = createContext(false);

/** Whether the surrounding sections may only be looked at. */
export function useReadOnly(): boolean {
  return useContext(ReadOnly);
}
