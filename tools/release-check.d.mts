/** Why a tag may not be released, each a sentence with what to do; none when it may. */
export declare function releaseProblems(state: {
  readonly tag: string;
  readonly version: string;
  readonly changelog: string;
  readonly address: string | null;
}): string[];

/** What changed in the newest version, as the changelog says it. */
export declare function releaseNotes(changelog: string): string;
