export async function runGolden(_argv: readonly string[]): Promise<number> { return 2; }
