import type { Language } from '../invoice-document.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import { es } from './es.ts';
import { fr } from './fr.ts';
import type { InvoiceWords } from './words.ts';

/** The languages an invoice can be printed in. */
export const INVOICE_WORDS: Readonly<Record<Language, InvoiceWords>> = { en, de, fr, es };
