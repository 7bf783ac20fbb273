/** Two-valued features of which no row has two set: counted together, one pass for all. */
export interface Bundle {
  features: Int32Array;
  /** Of each row: 1 and the place of the feature that is set, or 0. Null for a feature alone, which is counted by its bins. */
  codes: Uint8Array | null;
}

const MOST_FEATURES = 255;

/**
 * Puts features together that exclude each other, such as the levels of a category (Ke et al., LightGBM, 2017), next to
 * each other only, so that it takes one look at each. `twoValued` says which have two bins and nothing missing.
 */
export function bundleFeatures(bins: readonly Uint8Array[], twoValued: readonly boolean[]): Bundle[] {
  const bundles: Bundle[] = [];
  let open: { features: number[]; codes: Uint8Array } | null = null;
  const close = () => {
    if (open === null) return;
    const alone = open.features.length === 1;
    bundles.push({ features: Int32Array.from(open.features), codes: alone ? null : open.codes });
    open = null;
  };
  bins.forEach((column, feature) => {
    if (twoValued[feature] !== true) {
      close();
      bundles.push({ features: Int32Array.of(feature), codes: null });
      return;
    }
    if (open !== null && (open.features.length >= MOST_FEATURES || overlaps(open.codes, column))) close();
    open ??= { features: [], codes: new Uint8Array(column.length) };
    open.features.push(feature);
    const { codes, features } = open;
    for (let row = 0; row < column.length; row += 1) if (column[row] === 1) codes[row] = features.length;
  });
  close();
  return bundles;
}

function overlaps(codes: Uint8Array, column: Uint8Array): boolean {
  for (let row = 0; row < column.length; row += 1) if (column[row] === 1 && codes[row] !== 0) return true;
  return false;
}
