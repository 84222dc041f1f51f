/** Each way of speaking to a model has one of these beside it. Words that every mail has are left out: each costs a look. */
const ANCHORS =
  /\b(?:ignor(?:e|ing)\b|disregard|forget|overrid(?:e|ing)|override code|bypass|let go of|set aside|neglect|regardless of|discard|stop following|skip (?:the|all|any) (?:safety|security)|(?:new|your|these|those|previous|prior|important|all|any|the|system|hidden) (?:\w+ )?instructions?\b|directives|(?:your|system|initial|next|first|hidden) (?:\w+ )?prompt|prompt\]|assistants?\b|(?:ai|e-?mail|mail|inbox|automated|virtual|digital) (?:agent|bot|model|helper|system)|chatbot|ai\b|llm|chatgpt|gpt-?[345]|openai|copilot|language model|system (?:malfunction|override|prompt|message|error|failure|notice)|system:|(?:developer|dan|god|debug|test|maintenance|experimental) mode|debugging|dev ?mode|experimental|silently|in your memory|your (?:long-term |own )?memory|pretend|roleplay|role-play|simulate|emulate|character\b|(?:your|each|every) (?:\w+ )?(?:response|answer|reply|output|summary)|act(?:ing)? (?:as|like)|decode|encoded|(?:tell|unsubscribe) the user|user (?:has|have|already)|as agreed with|for compliance|company policy requires|summari[sz]|from now on|(?:you are|you're|you will be) (?:now|no|an?|going|hereby|to)\b|before you (?:continue|proceed|answer|reply|respond)|in addition to your|stop what you|complete this|to process this|forgot to (?:ask|tell) you|assigned|special case|emergency|(?:academic|testing|research|educational) purposes|training exercise|prove (?:that )?you|this is (?:only )?a test|no matter what|performing|following (?:string|anchor|html|markdown|image|text)|repeat the|exactly as it is|unfiltered|uncensored|amoral|unrestricted|jailbroken|do anything now|fictional|hypothetical|i want you to|unlock|(?:answer|reply|respond) only|(?:your|urgent|priority) (?:new |real |only )?task|task is|at the end of your|allowrefusals|integration expects|(?:reveal|repeat|mention) (?:these|this)|from the summary|break character|respond as|asked (?:me|us) to remind)/gu;
/** Characters of scripts other than Latin, and stems of Latin languages other than English, that the rules for them begin with. */
const OTHER_ANCHORS =
  /prompt|assistent|asistent|ignor\p{L}|negeer|vergeet|puuza|sahau|abaikan|lupakan|vergiss|vergesse|missacht|olvid|esque[cç]|dimentic|oubli|uit[aă]|glöm|glem\p{L}|bortse|resum|résume|riassum|zusammen|streszcz|zapomn|zapome|pomi[nń]|ohita|unohda|hagyd|felejtsd|talimat|yönerge|komut|injoro|shpërfill|harro|bỏ qua|phớt lờ|quên|khohlwa|ungayinaki|reenv|encaminh|inoltr|weiterleit|[\p{Script=Cyrillic}]{4}|[\p{Script=Greek}]{4}|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]{2}|[\p{Script=Hangul}]{2}|[\p{Script=Arabic}]{3}|[\p{Script=Hebrew}]{3}|[\p{Script=Devanagari}]{3}/gu;

/** What is looked at before and behind an anchor: a thought and its elaboration. */
const AROUND_CHARS = 400;
/** Of one text; a text with more is known by its first. */
const ANCHORS_MAX = 400;

/** The stretches around anchors, overlapping ones joined; in the order of the text. */
export const englishStretches = (text: string): string[] => around(text, ANCHORS);
export const otherStretches = (text: string): string[] => around(text, OTHER_ANCHORS);

function around(text: string, anchors: RegExp): string[] {
  const stretches: string[] = [];
  let open: { start: number; end: number } | null = null;
  let count = 0;
  for (const { index } of text.matchAll(anchors)) {
    count += 1;
    if (count > ANCHORS_MAX) break;
    const start = Math.max(0, index - AROUND_CHARS);
    const end = index + AROUND_CHARS;
    if (open !== null && start <= open.end) open.end = end;
    else {
      if (open !== null) stretches.push(text.slice(open.start, open.end));
      open = { start, end };
    }
  }
  return open === null ? stretches : [...stretches, text.slice(open.start, open.end)];
}
