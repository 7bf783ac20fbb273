/** A name that reads like a message: then whatever holds it is handled as outside text. */
export function looksLikeText(name: string): boolean {
  return (
    name.length > 60 ||
    /[\n<>{}[\]|`]|:\s|\b(?:ignore|system|assistant|instruction|refund|approve)\b/i.test(name)
  );
}
