import { CHECKS, type VatScheme } from './vat-check-digits.ts';

export type VatIdCheck =
  | { valid: true; country: string; number: string; checkDigits: boolean }
  | { valid: false; reason: string };

/**
 * Whether a VAT id is one its state could have issued: form and check digits. It says nothing of who holds it or
 * whether it is active; that is VIES's to say. Countries come as ISO codes (EL is Greece, GR).
 */
export function checkVatId(text: string): VatIdCheck {
  const id = text.toUpperCase().replace(/[\s.\-/()]/g, '');
  const prefix = id.slice(0, 2);
  const country = prefix === 'EL' ? 'GR' : prefix;
  const scheme: VatScheme | undefined = Object.hasOwn(CHECKS, country) ? CHECKS[country] : undefined;
  if (!scheme) return { valid: false, reason: `"${text}" does not begin with the code of a member state` };
  const number = id.slice(2);
  if (!scheme.form.test(number)) {
    return {
      valid: false,
      reason: `"${text}" does not have the form of a VAT id of ${country} (${scheme.looks})`,
    };
  }
  const outcome = scheme.check(number);
  if (outcome === 'wrong') return { valid: false, reason: `the check digits of "${text}" do not hold` };
  return { valid: true, country, number, checkDigits: outcome === 'right' };
}
