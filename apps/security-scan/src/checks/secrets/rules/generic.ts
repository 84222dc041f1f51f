import { isJwt } from '../check-digits.js';
import { entropyOf, isPlaceholder, type SecretRule } from '../secret-rule.js';

/** A password that somebody chose or made, and not a word of the sentence: letters with digits, or in mixed case with signs. */
function passwordLike(secret: string, confidence: number): number {
  if (isPlaceholder(secret) || /^(?:https?:|www\.|mailto:)/i.test(secret)) return 0;
  if (entropyOf(secret) < 2.5 || !/[A-Za-z]/.test(secret)) return 0;
  const isMixed = /[a-z][A-Z]/.test(secret) && /[^A-Za-z0-9]/.test(secret);
  return /\d/.test(secret) || isMixed ? confidence : 0;
}

/** In the place of a password of a URL even a plain word is one. */
const urlPassword = (secret: string, confidence: number): number =>
  isPlaceholder(secret) || /^(?:password|passwd|pass|secret|pwd|user|token)$/i.test(secret) ? 0 : confidence;

/** Secrets without a format of their own: known by their place. After all others, which say more. */
export const GENERIC_RULES: readonly SecretRule[] = [
  {
    id: 'json_web_token',
    title: 'a JSON Web Token',
    keywords: ['eyj'],
    pattern: /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{10,2000}\.eyJ[A-Za-z0-9_-]{10,8000}\.[A-Za-z0-9_-]{20,2000}/g,
    confidence: 0.85,
    judge: (secret) => (isJwt(secret) ? 0.85 : 0),
  },
  {
    id: 'database_url',
    title: 'a database address with its password',
    keywords: ['postgres', 'mysql', 'mariadb', 'mongodb', 'redis', 'amqp', 'mssql', 'sqlserver', 'clickhouse', 'nats'],
    pattern:
      /(?<![a-z])(?:postgres(?:ql)?|mysql|mariadb|mongodb|rediss?|amqps?|mssql|sqlserver|clickhouse|nats)(?:\+[a-z]{2,12})?:\/\/[^\s:@/"'<>]{0,64}:(?<secret>[^\s:@/"'<>]{3,128})@[^\s"'<>]/gi,
    confidence: 0.95,
    judge: (secret) => urlPassword(secret, 0.95),
  },
  {
    id: 'url_password',
    title: 'an address with a password in it',
    keywords: ['://'],
    pattern:
      /(?<![a-z])(?:https?|ftps?|sftp|ssh|smtps?|imaps?|ldaps?):\/\/[^\s:@/"'<>]{1,64}:(?<secret>[^\s:@/"'<>]{3,128})@[^\s"'<>]/gi,
    confidence: 0.85,
    judge: (secret) => urlPassword(secret, 0.85),
  },
  {
    id: 'basic_authorization',
    title: 'an Authorization header',
    keywords: ['authorization'],
    pattern:
      /authorization["']?[ \t]{0,4}[:=][ \t]{0,4}["']?(?:basic|bearer|token)[ \t]{1,4}(?<secret>[A-Za-z0-9+/=_.~-]{16,2000})/gi,
    confidence: 0.85,
    judge: (secret) => (isPlaceholder(secret) || entropyOf(secret) < 3 ? 0 : 0.85),
  },
  {
    id: 'assigned_secret',
    title: 'a password or key that is assigned',
    keywords: [
      'passwor',
      'passwd',
      'passphrase',
      'pwd',
      'secret',
      'api_key',
      'apikey',
      'api key',
      'token',
      'access_key',
    ],
    // Not in the query of a link, where tokens are meant for who gets it. The secret is looked ahead at, not taken, so that
    // of "TOKEN=password: x" the second name is seen too.
    pattern:
      /(?<![?&][\w-]{0,30})(?:passwor[dt]|passwd|passphrase|pwd|(?:client|app|shared)[_ -]?secret|secret|api[_ -]?key|access[_ -]?(?:key|token)|auth[_ -]?token|token)["']?[ \t]{0,4}(?:=>|[:=])[ \t]{0,4}["']?(?=(?<secret>[^\s"'<>,;]{8,128}))/gi,
    confidence: 0.7,
    judge: (secret) => passwordLike(secret, 0.7),
  },
];
