import { UserError } from '../../../lib/errors.ts';
import { exact, fraction, type Rounding, roundTo } from '../../money/exact.ts';
import { sumMinor } from '../apportion.ts';
import {
  type CreditableLine,
  type CreditNote,
  creditTheRest,
  planCreditNote,
  spreadCredit,
} from './plan-credit-note.ts';

/** How much of an invoice somebody wants credited. */
export type CreditWish =
  | { kind: 'rest' }
  /** Of what the invoice asked for without tax; decimal above 0, at most 100. */
  | { kind: 'percent'; percent: string }
  /** With tax. */
  | { kind: 'total'; totalMinor: bigint }
  | { kind: 'line'; lineKey: string };

/**
 * The credit note a wish comes to. Throws `invalid_input` for more than is left, and for a total that no net amount
 * with its tax comes to.
 */
export function creditNoteFor(
  lines: readonly CreditableLine[],
  earlier: readonly CreditNote[],
  wish: CreditWish,
  rounding: Rounding,
): CreditNote {
  switch (wish.kind) {
    case 'rest':
      return creditTheRest(lines, earlier, rounding);
    case 'line': {
      const line = lines.filter(({ lineKey }) => lineKey === wish.lineKey);
      return creditTheRest(line, earlier, rounding);
    }
    case 'percent': {
      const net = sumMinor(lines.map(({ netMinor }) => netMinor));
      const { numerator, denominator } = exact(wish.percent);
      const share = roundTo(fraction(net * numerator, denominator * 100n), 0, rounding);
      return planCreditNote(lines, earlier, spreadCredit(lines, earlier, share), rounding);
    }
    case 'total':
      return noteOfTotal(lines, earlier, wish.totalMinor, rounding);
  }
}

/** Tax rounds by line, so the net amount a total stands for is looked for around its exact share. */
function noteOfTotal(
  lines: readonly CreditableLine[],
  earlier: readonly CreditNote[],
  totalMinor: bigint,
  rounding: Rounding,
): CreditNote {
  const rest = creditTheRest(lines, earlier, rounding);
  if (totalMinor > rest.totalMinor)
    throw new UserError('invalid_input', 'No more than what is left can be credited.');
  if (totalMinor === rest.totalMinor) return rest;
  const guess = (totalMinor * rest.netMinor) / rest.totalMinor;
  const reach = BigInt(lines.length) + 1n;
  for (let netMinor = guess - reach; netMinor <= guess + reach; netMinor += 1n) {
    if (netMinor <= 0n || netMinor > rest.netMinor) continue;
    const note = planCreditNote(lines, earlier, spreadCredit(lines, earlier, netMinor), rounding);
    if (note.totalMinor === totalMinor) return note;
  }
  throw new UserError(
    'invalid_input',
    'With its tax this sum cannot be credited to the cent.',
    'Ask for a cent more or less.',
  );
}

/**
 * What to credit of a line before its discount, so that after the discount's share `netMinor` is left. Null where
 * rounding lets no amount come to it.
 */
export function grossOf(
  line: { grossMinor: bigint; discountMinor: bigint },
  netMinor: bigint,
): bigint | null {
  const { grossMinor, discountMinor } = line;
  if (discountMinor === 0n) return netMinor;
  const kept = grossMinor - discountMinor;
  if (kept <= 0n) return null;
  const guess = (netMinor * grossMinor) / kept;
  for (let gross = guess - 1n; gross <= guess + 2n; gross += 1n) {
    const off = roundTo(fraction(discountMinor * gross, grossMinor), 0, 'half_away');
    if (gross - off === netMinor) return gross;
  }
  return null;
}
