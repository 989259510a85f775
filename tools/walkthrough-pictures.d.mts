/** SVG by name, without the ending, from what media/demo.swap.json holds. */
export declare function walkthroughPictures(result: unknown): ReadonlyMap<string, string>;
