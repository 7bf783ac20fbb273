/** One line of the bench: what was measured, and whether it is as it should be. */
export interface Row {
  what: string;
  figure: string;
  target: string;
  met: boolean;
}
