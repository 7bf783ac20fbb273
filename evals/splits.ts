import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type EvalCase, readCases } from './cases.ts';

/** `dev` is developed against, `test` is not looked at while anything is tuned, `given` is a file somebody named. */
export type Split = 'dev' | 'test' | 'given';

export interface PlacedCase {
  split: Split;
  testCase: EvalCase;
}

const FOLDERS: Record<Exclude<Split, 'given'>, string> = { dev: 'cases', test: 'held-out' };

export const SPLIT_CHOICES = ['dev', 'test', 'all'] as const;
export type SplitChoice = (typeof SPLIT_CHOICES)[number];

/** The word of `--split`. Throws naming the choices. */
export function splitChoice(word: string): SplitChoice {
  const choice = SPLIT_CHOICES.find((each) => each === word);
  if (!choice) throw new Error(`--split is one of ${SPLIT_CHOICES.join(', ')}, not "${word}"`);
  return choice;
}

/** The cases of the chosen splits below `root`. Throws where a case is called as one of another split. */
export function readSplits(root: string, choice: SplitChoice): PlacedCase[] {
  const wanted: Exclude<Split, 'given'>[] = choice === 'all' ? ['dev', 'test'] : [choice];
  const placed = wanted.flatMap((split) => {
    const folder = join(root, FOLDERS[split]);
    return existsSync(folder) ? placedIn(folder, split) : [];
  });
  const ids = new Set<string>();
  for (const { testCase } of placed) {
    if (ids.has(testCase.id)) throw new Error(`two splits have a case called ${testCase.id}`);
    ids.add(testCase.id);
  }
  return placed;
}

/** The cases of one file, or of every file below a folder. */
export function readGiven(path: string): PlacedCase[] {
  return placedIn(path, 'given');
}

function placedIn(path: string, split: Split): PlacedCase[] {
  return readCases(path, statSync(path).isDirectory()).map((testCase) => ({ split, testCase }));
}
