export function digitAt(text: string, index: number): number {
  return Number(text[index] ?? Number.NaN);
}

export function sumOf(digits: string, worth: (digit: number, index: number) => number): number {
  return [...digits].reduce((sum, digit, index) => sum + worth(Number(digit), index), 0);
}

/** Digits beyond the weights count nothing. */
export function weighted(digits: string, weights: readonly number[]): number {
  return sumOf(digits, (digit, index) => digit * (weights[index] ?? 0));
}

export function crossSum(value: number): number {
  return Math.floor(value / 10) + (value % 10);
}

export function luhn(digits: string): boolean {
  const sum = sumOf([...digits].reverse().join(''), (digit, index) =>
    index % 2 === 1 ? crossSum(2 * digit) : digit,
  );
  return sum % 10 === 0;
}

/** ISO 7064 MOD 11,10. */
export function elevenTen(digits: string): boolean {
  let product = 10;
  for (const digit of digits.slice(0, -1)) {
    const sum = (product + Number(digit)) % 10;
    product = (2 * (sum === 0 ? 10 : sum)) % 11;
  }
  return (product + digitAt(digits, digits.length - 1)) % 10 === 1;
}
