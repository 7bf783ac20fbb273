const words = (list: string): ReadonlySet<string> => new Set(list.split(' '));

/**
 * Words that say how a customer feels, as they stand in tickets to an API company. Small on purpose: each is plain in
 * most of its uses, and what is not in the lists says nothing. English only.
 */
const GOOD = words(
  'thanks thank great love excellent awesome amazing helpful happy perfect wonderful fantastic appreciate glad pleased impressed resolved solved works fast smooth',
);
const BAD = words(
  'fail fails failed failing failure error errors broken down outage slow stuck timeout timeouts lost wrong bad angry frustrated frustrating disappointed unacceptable terrible awful useless worse worst urgent stopped blocked cannot unable complaint cancel leaving bug crash unusable',
);
/** One of these up to two words before turns a good word into a bad one ("not happy") and takes a bad one's weight ("no errors"). */
const TURNING = words('not no never without isnt doesnt dont wasnt didnt wont');
const REACH = 2;

export type Sentiment = -1 | 0 | 1;

/**
 * Whether a ticket reads as content (1), as upset (-1) or as neither (0): whether good or bad words are more. Pure and
 * deterministic; the text is counted, never followed.
 */
export function sentimentOf(text: string): Sentiment {
  const read = text
    .toLowerCase()
    .replace(/[’']/g, '')
    .split(/[^a-z]+/)
    .filter((word) => word !== '');
  let balance = 0;
  for (const [index, word] of read.entries()) {
    const side = GOOD.has(word) ? 1 : BAD.has(word) ? -1 : 0;
    const turned = read.slice(Math.max(0, index - REACH), index).some((before) => TURNING.has(before));
    if (!turned) balance += side;
    else if (side === 1) balance -= 1;
  }
  return balance > 0 ? 1 : balance < 0 ? -1 : 0;
}
