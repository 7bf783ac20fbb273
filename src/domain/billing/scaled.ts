/** An amount as two integers: `units` x 10^-`scale`, `units` a safe integer. */
export interface Scaled {
  units: number;
  scale: number;
}

/** Decimals an amount may have. */
export const MOST_DECIMALS = 9;

const INTEGER = /^-?\d{1,15}$/;

/**
 * A decimal string as integers, without trailing zeros: "0.1250" is 125 x 10^-3. Null for one with more than nine
 * decimals or whose digits do not fit a safe integer: it is refused rather than rounded.
 */
export function scaled(text: string): Scaled | null {
  // Adding 0 turns -0 into 0.
  if (INTEGER.test(text)) return { units: Number(text) + 0, scale: 0 };
  const point = text.indexOf('.');
  const decimals = point < 0 ? '' : text.slice(point + 1).replace(/0+$/, '');
  const whole = point < 0 ? text : text.slice(0, point);
  const units = Number(`${whole}${decimals}`) + 0;
  return decimals.length <= MOST_DECIMALS && Number.isSafeInteger(units)
    ? { units, scale: decimals.length }
    : null;
}

/** As an event would write it: "0.125". */
export function writtenOut({ units, scale }: Scaled): string {
  if (scale === 0) return String(units);
  const digits = String(Math.abs(units)).padStart(scale + 1, '0');
  return `${units < 0 ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}
