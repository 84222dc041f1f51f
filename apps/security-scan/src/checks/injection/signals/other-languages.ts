import { signal, type Signal } from './signal.js';

/** "Ignore (all) (previous) instructions", by language; the stems take what endings there are. */
const OVERRIDES = [
  // Spanish, Portuguese, Italian, French, Romanian
  '(?:ignor|olvid|desatiend|haz caso omiso)\\p{L}*[^.!?]{0,40}(?:instruccion|indicacion|[oó]rden|regla)\\p{L}*',
  '(?:ignor|esque[cç]|desconsider)\\p{L}*[^.!?]{0,40}(?:instru[cç]|orienta[cç]|ordens|regras)\\p{L}*',
  '(?:ignor|dimentic|trascur)\\p{L}*[^.!?]{0,40}(?:istruzion|direttiv|regol)\\p{L}*',
  '(?:ignor|oubli)\\p{L}*[^.!?]{0,40}(?:instructions|consignes|directives|r[eè]gles)',
  '(?:ignor|uit[aă])\\p{L}*[^.!?]{0,40}(?:instruc[tț]iun)\\p{L}*',
  // German, Dutch, Scandinavian
  '(?:ignorier|vergiss|vergesse|missacht|missachte)\\p{L}*[^.!?]{0,40}(?:anweisung|instruktion|vorgabe|befehl|regel)\\p{L}*',
  '(?:negeer|vergeet)\\p{L}*[^.!?]{0,40}(?:instructie|aanwijzing|opdracht|regel)\\p{L}*',
  '(?:ignorer|glöm|glem|bortse fra|se bort fra)\\p{L}*[^.!?]{0,40}(?:instruktion|instruks|anvisning|regler)\\p{L}*',
  // Slavic
  '(?:zignoruj|ignoruj|zapomnij|pomi[nń])\\p{L}*[^.!?]{0,40}(?:instrukcj|polece[nń]|zasad)\\p{L}*',
  '(?:ignoruj|zapome[nň])\\p{L}*[^.!?]{0,40}(?:pokyn|instrukc|pravidl)\\p{L}*',
  '(?:игнориру|проигнориру|забуд|не обращай внимания)\\p{L}*[^.!?]{0,40}(?:инструкц|указан|правил|команд)\\p{L}*',
  '(?:ігнору|проігнору|забуд)\\p{L}*[^.!?]{0,40}(?:інструкц|вказівк|правил)\\p{L}*',
  // Finnish, Hungarian, Greek, Turkish, Albanian
  '(?:ohita|unohda|jätä huomiotta)[^.!?]{0,40}ohje\\p{L}*',
  '(?:hagyd figyelmen kívül|felejtsd el)[^.!?]{0,40}utasítás\\p{L}*',
  '(?:αγν[οό]ησ|ξ[εέ]χασ)\\p{L}*[^.!?]{0,40}(?:οδηγ[ιί]|εντολ)\\p{L}*',
  '(?:talimat|yönerge|komut)\\p{L}*[^.!?]{0,30}(?:yok say|görmezden|unut|dikkate alma|göz ardı)',
  '(?:injoro|shpërfill|harro)\\p{L}*[^.!?]{0,40}(?:udhëzim|instruksion)\\p{L}*',
  // Indonesian, Vietnamese, Swahili, Zulu
  '(?:abaikan|lupakan)[^.!?]{0,40}(?:instruksi|perintah|petunjuk|aturan)',
  '(?:bỏ qua|phớt lờ|quên)[^.!?]{0,40}(?:hướng dẫn|chỉ thị|chỉ dẫn|lệnh)',
  '(?:puuza|sahau)[^.!?]{0,40}(?:maagizo|maelekezo)',
  '(?:ungayinaki|khohlwa|ziba)\\p{L}*[^.!?]{0,40}(?:imiyalelo|imiyalo)',
];
/** Scripts in which a word may begin anywhere. */
const OVERRIDES_ANYWHERE = [
  // Chinese, Japanese, Korean, Arabic, Persian, Hebrew, Hindi
  '(?:忽略|无视|無視|忘记|忘記|忽视)[^。!?]{0,12}(?:指令|指示|提示|规则|規則|说明)',
  '(?:指示|命令|ルール|指令)[^。!?]{0,12}(?:無視|忘れ)',
  '(?:지시|명령|지침|규칙)[^.!?]{0,12}(?:무시|잊)',
  '(?:تجاهل|انس|انسى)[^.!?]{0,40}(?:التعليمات|تعليمات|الأوامر|أوامر)',
  '(?:نادیده بگیر|فراموش کن)[^.!?]{0,40}(?:دستور)|دستور\\p{L}*[^.!?]{0,40}(?:نادیده بگیر|فراموش کن)',
  '(?:התעלם|שכח)[^.!?]{0,40}(?:הוראות|ההוראות)',
  'निर्देश\\p{M}*\\p{L}*[^।!?]{0,30}(?:अनदेखा|नज़रअंदाज़|भूल)',
];
const PROMPTS =
  '(?:prompt (?:del|do|di|de|du) (?:sistema|système|systeme)|invite (?:du )?syst[eè]me|syste[e]?m-?prompt|prompt systemu|prompt systemowy|системн\\p{L}* (?:промпт|подсказк|инструкц)\\p{L}*|系统提示|系統提示|システムプロンプト|시스템 프롬프트|sistem istem)';
const NO_SUMMARY =
  '(?:no resumas|não resuma|nao resuma|ne résume[zr]? pas|non riassumere|fasse[^.!?]{0,40}nicht zusammen|vat[^.!?]{0,30}niet samen|nie streszczaj|не (?:резюмируй|суммируй|пересказывай|обобщай)|不要(?:总结|總結|概括)|要約(?:しないで|せず))';
const ASSISTANTS =
  '(?:asistente(?: de ia| virtual)?|assistente(?: de ia| ia| ai| virtuale)?|assistant ia|ki-assistent|ai-assistent|asystent(?:cie)? ai|ии-ассистент|ассистент|助手|アシスタント|어시스턴트) ?[:,：、，]';
const FORWARDS =
  '(?:reenv[ií]|encaminh|inoltr|transf[eè]r|transmet|leite|weiterleit|stuur|przeka[zż]|przeslij|prześlij|перешл|пересла|转发|轉發|転送|전달)\\p{L}*[^.!?。]{0,60}\\S@\\S';

/** The plainest orders in the languages that mail comes in most; what is said otherwise there is not found. */
export const OTHER_LANGUAGES: readonly Signal[] = [
  signal('override', 0.6, ...OVERRIDES.map((source) => `(?<!\\p{L})${source}`), ...OVERRIDES_ANYWHERE),
  signal('leak', 0.4, PROMPTS),
  signal('redirect', 0.4, NO_SUMMARY),
  signal('agent', 0.25, ASSISTANTS),
  signal('action', 0.25, FORWARDS),
];
