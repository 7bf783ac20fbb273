import { z } from 'zod';
import { UserError } from '../../lib/errors.ts';
import type { Json } from '../types.ts';
import type { Classifier } from './classifier.ts';
import { encodedNames } from './encoding.ts';
import type { Tree } from './tree.ts';

const VERSION = 1;

const TreeFile = z
  .strictObject({
    feature: z.array(z.int().min(-1)).min(1),
    threshold: z.array(z.number()),
    missing_left: z.array(z.union([z.literal(0), z.literal(1)])),
    left: z.array(z.int().nonnegative()),
    right: z.array(z.int().nonnegative()),
    value: z.array(z.number()),
    cover: z.array(z.number().nonnegative()),
  })
  .refine((tree) => Object.values(tree).every((part) => part.length === tree.feature.length), {
    error: 'the parts of a tree differ in length',
  })
  .refine(
    // Children stand behind their parent, so that no walk can go round.
    (tree) =>
      tree.feature.every((feature, node) => {
        const [left = 0, right = 0] = [tree.left[node], tree.right[node]];
        return feature < 0 || (Math.min(left, right) > node && Math.max(left, right) < tree.feature.length);
      }),
    { error: 'a node leads nowhere' },
  );

const TermFile = z.strictObject({
  column: z.int().nonnegative(),
  of: z.enum(['value', 'missing']),
  mean: z.number(),
  deviation: z.number().positive(),
  coefficient: z.number(),
});

const ModelFile = z.strictObject({
  version: z.literal(VERSION),
  encoding: z
    .array(
      z.discriminatedUnion('kind', [
        z.strictObject({ name: z.string(), kind: z.literal('number') }),
        z.strictObject({
          name: z.string(),
          kind: z.enum(['one-hot', 'ordered']),
          levels: z.array(z.string()),
        }),
      ]),
    )
    .min(1),
  learner: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('boosting'), base: z.number(), trees: z.array(TreeFile) }),
    z.strictObject({ kind: z.literal('forest'), trees: z.array(TreeFile).min(1) }),
    z.strictObject({ kind: z.literal('logistic'), intercept: z.number(), terms: z.array(TermFile) }),
  ]),
  calibration: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('none') }),
    z.strictObject({ kind: z.literal('platt'), slope: z.number().nonnegative(), intercept: z.number() }),
    z.strictObject({
      kind: z.literal('isotonic'),
      scores: z.array(z.number()).min(1),
      chances: z.array(z.number().min(0).max(1)).min(1),
    }),
  ]),
});

/** A classifier as plain JSON that `readModel` takes back to the same chances. */
export function writeModel({ encoding, learner, calibration }: Classifier): Json {
  const file: z.infer<typeof ModelFile> = {
    version: VERSION,
    encoding,
    learner: learner.kind === 'logistic' ? learner : { ...learner, trees: learner.trees.map(writeTree) },
    calibration,
  };
  return file;
}

function writeTree(tree: Tree): z.infer<typeof TreeFile> {
  return {
    feature: [...tree.feature],
    threshold: [...tree.threshold],
    missing_left: Array.from(tree.missingLeft, (left) => (left === 1 ? 1 : 0)),
    left: [...tree.left],
    right: [...tree.right],
    value: [...tree.value],
    cover: [...tree.cover],
  };
}

/** Throws `invalid_input`, naming what is wrong, for anything but a model of this version. */
export function readModel(json: unknown): Classifier {
  const parsed = ModelFile.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw refused(`${issue?.path.join('.') || 'the top level'}: ${issue?.message ?? 'malformed'}`);
  }
  const { encoding, learner, calibration } = parsed.data;
  const columns = encoding.reduce((sum, code) => sum + encodedNames(code).length, 0);
  if (learner.kind === 'logistic') {
    if (learner.terms.some(({ column }) => column >= columns))
      throw refused('a term of a column that is not there');
    return { encoding, learner, calibration };
  }
  if (learner.trees.some(({ feature }) => feature.some((one) => one >= columns))) {
    throw refused('a tree asks about a column that is not there');
  }
  if (calibration.kind === 'isotonic' && calibration.scores.length !== calibration.chances.length) {
    throw refused('the points of the calibration differ in number');
  }
  return { encoding, learner: { ...learner, trees: learner.trees.map(readTree) }, calibration };
}

function refused(why: string): UserError {
  return new UserError('invalid_input', `The model cannot be read: ${why}.`);
}

function readTree(tree: z.infer<typeof TreeFile>): Tree {
  return {
    feature: Int32Array.from(tree.feature),
    threshold: Float64Array.from(tree.threshold),
    missingLeft: Uint8Array.from(tree.missing_left),
    left: Int32Array.from(tree.left),
    right: Int32Array.from(tree.right),
    value: Float64Array.from(tree.value),
    cover: Float64Array.from(tree.cover),
  };
}
