/** Work that lasts: what is over in a moment shows no sign of itself, so that nothing flickers. */
import { useEffect, useState } from "preact/hooks";

/** Work shorter than this is not shown; milliseconds. */
const PATIENCE = 300;

/** True once `busy` has been true for a while. */
export function useLasting(busy: boolean): boolean {
  const [lasting, setLasting] = useState(false);
  useEffect(() => {
    setLasting(false);
    if (!busy) return;
    const timer = setTimeout(() => {
      setLasting(true);
    }, PATIENCE);
    return () => {
      clearTimeout(timer);
    };
  }, [busy]);
  return busy && lasting;
}
