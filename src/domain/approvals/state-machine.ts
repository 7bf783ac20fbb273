export const APPROVAL_STATES = [
  'pending',
  'approved',
  'rejected',
  'expired',
  'superseded',
  'applying',
  'applied',
  'failed',
  'unknown',
  'undone',
] as const;
export type State = (typeof APPROVAL_STATES)[number];

/** Every move there is. `applying` back to `applied` is an undo that changed nothing. */
const MOVES: Readonly<Record<State, readonly State[]>> = {
  pending: ['approved', 'rejected', 'expired', 'superseded'],
  approved: ['applying', 'superseded', 'failed'],
  applying: ['applying', 'applied', 'failed', 'unknown', 'superseded', 'undone'],
  unknown: ['applied', 'failed', 'undone'],
  applied: ['applying'],
  rejected: [],
  expired: [],
  superseded: [],
  failed: [],
  undone: [],
};

export function mayMove(from: State, to: State): boolean {
  return MOVES[from].includes(to);
}

export function isState(text: string): text is State {
  return APPROVAL_STATES.some((state) => state === text);
}
