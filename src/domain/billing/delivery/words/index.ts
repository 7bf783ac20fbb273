import type { Language } from '../../document/invoice-document.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import { es } from './es.ts';
import { fr } from './fr.ts';
import type { DeliveryWords } from './words.ts';

export const DELIVERY_WORDS: Readonly<Record<Language, DeliveryWords>> = { en, de, fr, es };
