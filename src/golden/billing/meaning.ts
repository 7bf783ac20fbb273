export type Settings = {
  readonly [group: string]: { readonly [knob: string]: string | number | boolean | null };
};

export interface Meaning {
  /** Words of the text that mean it. */
  means: RegExp;
  /** The settings it stands for; of a fact about a currency or a range's spelling, none. */
  settings: Settings | ((match: RegExpExecArray) => Settings);
}
