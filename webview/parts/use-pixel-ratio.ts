/** Device pixels per CSS pixel, followed when the window moves to another screen or is zoomed. */
import { useEffect, useState } from "preact/hooks";

/** The current ratio; the component renders again when it changes. */
export function usePixelRatio(): number {
  const [ratio, setRatio] = useState(window.devicePixelRatio);
  useEffect(() => {
    const query = window.matchMedia(`(resolution: ${ratio}dppx)`);
    const update = (): void => {
      setRatio(window.devicePixelRatio);
    };
    query.addEventListener("change", update);
    return () => {
      query.removeEventListener("change", update);
    };
  }, [ratio]);
  return ratio;
}
