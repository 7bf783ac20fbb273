import { readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { ConfigError } from '../lib/errors.ts';

const Colour = z.string().regex(/^#[0-9a-fA-F]{6}$/, 'a colour like #1b4d6e');

const BrandFile = z.strictObject({
  name: z.string().min(1).max(80),
  /** An SVG in the same folder, drawn as high as the name beside it. */
  logo: z.string().min(1).optional(),
  accent: Colour,
  ink: Colour,
  quiet: Colour,
  line: Colour,
  tint: Colour,
  footer: z.array(z.string().max(140)).max(3).default([]),
});

/** A template folder, read. */
export interface Brand extends Omit<z.infer<typeof BrandFile>, 'logo'> {
  logoSvg: string | null;
}

/** Text of this size is readable from this ratio on (WCAG 2.2, 1.4.3). */
const READABLE = 4.5;

/**
 * Reads `brand.yml` and its logo from a template folder.
 * Throws ConfigError, naming file and field, for a folder that cannot be read, a malformed value, a logo outside the
 * folder, or colours that cannot be read on white (accent also below white text).
 */
export function readBrand(folder: string): Brand {
  const file = join(folder, 'brand.yml');
  const read = BrandFile.safeParse(parse(readText(file)));
  if (!read.success) {
    const issue = read.error.issues[0];
    throw new ConfigError(
      `${file}: ${issue?.path.join('.') || 'the file'}: ${issue?.message ?? 'malformed'}.`,
    );
  }
  const { logo, ...brand } = read.data;
  for (const name of ['accent', 'ink', 'quiet'] as const) {
    const ratio = contrast(brand[name], '#ffffff');
    if (ratio < READABLE)
      throw new ConfigError(
        `${file}: ${name}: ${brand[name]} on white has a contrast of ${ratio.toFixed(1)}; it needs ${READABLE}.`,
      );
  }
  return { ...brand, logoSvg: logo === undefined ? null : readText(within(folder, logo)) };
}

function within(folder: string, name: string): string {
  const path = resolve(folder, name);
  const inside = relative(resolve(folder), path);
  if (inside.startsWith('..') || dirname(inside) !== '.')
    throw new ConfigError(`${join(folder, 'brand.yml')}: logo: ${name} is not a file in this folder.`);
  return path;
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new ConfigError(`I cannot read ${path}.`);
  }
}

/** Contrast of two colours, 1 to 21 (WCAG 2.2, relative luminance). */
export function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
