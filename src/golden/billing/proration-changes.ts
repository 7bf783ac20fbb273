import { z } from 'zod';
import { sumMinor } from '../../domain/billing/apportion.ts';
import { prorateInAdvance } from '../../domain/billing/changes/plan-changes.ts';
import { compare, type Exact, exact, fraction, multiply, roundTo } from '../../domain/money/exact.ts';
import { Decimal, majorOf, minorOf, settingsOf } from './case-values.ts';
import { rule } from './rule.ts';

const DAY_MS = 86_400_000;
const START_AT = Date.UTC(2026, 0, 1);

/** A change of plan somewhere in a period that was billed in advance. */
export const halfPeriod = rule(
  z.strictObject({ old_plan: Decimal, new_plan: Decimal, position: z.string(), unit: z.literal('major') }),
  (input, golden) => {
    const passed = readPosition(input.position);
    if (!passed) return { unsupported: `where in the period "${input.position}" is` };
    const whole = { startAt: START_AT, endAt: START_AT + 30 * DAY_MS };
    const offset = multiply(passed, exact(BigInt(30 * DAY_MS)));
    const charge = (amount: string) => ({
      priceId: 'plan',
      name: 'Plan',
      kind: 'base' as const,
      quantity: exact(1n),
      amountMinor: minorOf(amount),
      prorated: true,
    });
    const at = START_AT + Number(roundTo(offset, 0, 'half_away'));
    const lines = prorateInAdvance({
      subscriptionId: 'case',
      whole,
      served: whole,
      initial: [charge(input.old_plan)],
      changes: [{ at, sequence: 1, priceId: 'plan', charge: charge(input.new_plan) }],
      rule: settingsOf(golden).proration,
      tz: 'UTC',
    });
    const amounts = lines.map((line) => line.amountMinor);
    return {
      got: {
        credit: majorOf(sumMinor(amounts.filter((amount) => amount < 0n))),
        debit: majorOf(sumMinor(amounts.filter((amount) => amount > 0n))),
        net: majorOf(sumMinor(amounts)),
      },
    };
  },
);

const POSITIONS: readonly [RegExp, (match: RegExpExecArray) => Exact][] = [
  [/(\d+)\s*\/\s*(\d+)/, ([, part = '0', of = '1']) => fraction(BigInt(part), BigInt(of))],
  [/(\d+(?:\.\d+)?)\s*%/, ([, percent = '0']) => multiply(exact(percent), fraction(1n, 100n))],
  [/three.quarters/i, () => fraction(3n, 4n)],
  [/two.thirds/i, () => fraction(2n, 3n)],
  [/half|middle/i, () => fraction(1n, 2n)],
  [/third/i, () => fraction(1n, 3n)],
  [/quarter/i, () => fraction(1n, 4n)],
  [/(?:^|\s)(?:0?\.\d+)/, ([text]) => exact(text.trim().replace(/^\./, '0.'))],
  [/\b(?:start|beginning)\b/i, () => exact(0n)],
];

/** How much of the period has passed; null where the words do not say. */
function readPosition(text: string): Exact | null {
  for (const [form, read] of POSITIONS) {
    const match = form.exec(text);
    if (!match) continue;
    const value = read(match);
    return compare(value, exact(1n)) <= 0 ? value : null;
  }
  return null;
}
