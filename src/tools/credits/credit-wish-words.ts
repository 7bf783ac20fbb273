import type { CreditWish } from '../../domain/billing/credit-notes/credit-wish.ts';
import type { CreditableInvoice } from '../../domain/billing/gateways.ts';
import { UserError } from '../../lib/errors.ts';
import { statedAmount } from '../stated-amount.ts';

/** How much was asked for, as a wish about this invoice. Throws UserError for two ways at once, or a line it has not. */
export function wishOf(
  wanted: {
    amount?: string | undefined;
    currency?: string | undefined;
    percent?: string | undefined;
    line?: string | undefined;
  },
  invoice: CreditableInvoice,
): CreditWish {
  const ways = [wanted.amount, wanted.percent, wanted.line].filter((way) => way !== undefined);
  if (ways.length > 1) throw new UserError('invalid_input', 'Name one of amount, percent and line.');
  if (wanted.amount !== undefined) {
    const { minor } = statedAmount(
      { ...wanted, amount: wanted.amount },
      invoice.total.currency,
      'That invoice',
    );
    return { kind: 'total', totalMinor: BigInt(minor) };
  }
  if (wanted.percent !== undefined) {
    const asked = wanted.percent === 'half' ? '50' : wanted.percent;
    const percent = Number(asked);
    if (percent <= 0 || percent > 100)
      throw new UserError('invalid_input', 'A percentage lies above 0 and up to 100.');
    return { kind: 'percent', percent: asked };
  }
  return wanted.line === undefined
    ? { kind: 'rest' }
    : { kind: 'line', lineKey: lineNamed(wanted.line, invoice) };
}

function lineNamed(words: string, invoice: CreditableInvoice): string {
  const wanted = words.toLowerCase();
  const fitting = invoice.lines.filter(
    (line) => line.lineKey === words || line.description.toLowerCase().includes(wanted),
  );
  const [line, another] = fitting;
  if (line !== undefined && another === undefined) return line.lineKey;
  const all = invoice.lines.map(({ description }) => `"${description}"`).join(', ');
  throw new UserError(
    line === undefined ? 'not_found' : 'ambiguous',
    `${line === undefined ? 'No line' : 'More than one line'} of the invoice says "${words}".`,
    `Its lines are ${all}.`,
  );
}
