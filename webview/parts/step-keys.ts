/** Keys that step through the blocks of a model. */

/** Where a key moves a handle that stands at k; null for other keys. A page is a tenth of the model, at least 2. */
export function keyMove(key: string, k: number, blocks: number): number | null {
  const page = Math.max(2, Math.round(blocks / 10));
  switch (key) {
    case "ArrowRight":
    case "ArrowUp":
      return k + 1;
    case "ArrowLeft":
    case "ArrowDown":
      return k - 1;
    case "PageUp":
      return k + page;
    case "PageDown":
      return k - page;
    case "Home":
      return 0;
    case "End":
      return blocks - 1;
    default:
      return null;
  }
}
