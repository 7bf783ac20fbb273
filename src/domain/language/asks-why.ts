const WHY =
  /\bwhy\b|\bhow come\b|\b(?:what|who|which \w+)(?:'s|s| is| are| was| were| has| have)? (?:drove|driving|drives|drive|behind|moved|moving|explains?|accounts? for|changed|changing|caused|causing|made|pushed|pulled)\b|\bwhat happened (?:to|with)\b|\bexplain (?:the|this|that|our|why|how|what)\b|\b(?:reasons?|drivers?) (?:for|behind|of)\b|\bdecompose\b|\b(?:break|split) (?:down )?the (?:change|drop|rise|increase|decrease|growth|fall|jump)\b/i;
/** About the answer itself, not about the business. */
const ABOUT_ANSWER =
  /\bwhy (?:this|that|the|these|those) (?:number|figure|answer|value)s?\b|\bwhy (?:not|are you|did you|do you|can't|cant)\b/i;

/** "Explain what quota use is", "explain how MRR is calculated": a definition. */
const OF_A_MEANING =
  /\bexplain (?:to me |me )?how (?:you|we|psi) \w+|\bexplain (?:to me |me )?(?:what|how) .{1,40} (?:is|are|means?|works?|(?:is|are|gets?) \w+ed)\W*$/i;

/** Whether a sentence asks what is behind a change: "why is MRR up?", "what drove the drop?", "explain the fall". */
export function asksWhy(text: string): boolean {
  return WHY.test(text) && !ABOUT_ANSWER.test(text) && !OF_A_MEANING.test(text);
}
