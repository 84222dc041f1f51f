import { TOPIC_ARN } from './sns-message.js';

/** SNS's host of a topic's region, by partition. */
const SUFFIX_BY_PARTITION: Readonly<Record<string, string>> = {
  aws: 'amazonaws.com',
  'aws-us-gov': 'amazonaws.com',
  'aws-cn': 'amazonaws.com.cn',
  'aws-eusc': 'amazonaws.eu',
};
const CERTIFICATE_PATH = /^\/SimpleNotificationService-[0-9a-f]{32}\.pem$/;
/** Visible ASCII without what URL parsers read in different ways. */
const CONFIRMATION_QUERY = /^\/\?[A-Za-z0-9&=%:_.~-]+$/;

/**
 * Which URLs of an SNS message may be fetched. They come from the message, so they are compared as text: a URL parser
 * would mend backslashes, ports, user names and dots before anyone looked at them.
 */
export class TrustedUrls {
  /**
   * @param sandboxOrigin  `http://host:port` of the AWS sandbox, null in production. Where there is a sandbox, nothing
   *   comes from SNS itself, so nothing of it is fetched.
   */
  constructor(private readonly sandboxOrigin: string | null) {}

  /** The certificate lies at SNS's host of the topic's region: any other bucket or region is somebody else's. */
  isCertificate(url: string, topicArn: string): boolean {
    return this.origins(topicArn).some(
      (origin) => url.startsWith(`${origin}/`) && CERTIFICATE_PATH.test(url.slice(origin.length)),
    );
  }

  /** The confirmation is asked of SNS's host of the topic's region, and for this very topic. */
  isConfirmation(url: string, topicArn: string): boolean {
    return this.origins(topicArn).some((origin) => {
      if (!url.startsWith(`${origin}/`) || !CONFIRMATION_QUERY.test(url.slice(origin.length))) return false;
      const query = new URL(url).searchParams;
      return query.get('Action') === 'ConfirmSubscription' && query.get('TopicArn') === topicArn;
    });
  }

  private origins(topicArn: string): string[] {
    if (this.sandboxOrigin !== null) return [this.sandboxOrigin];
    const [, partition, region] = TOPIC_ARN.exec(topicArn) ?? [];
    const suffix = SUFFIX_BY_PARTITION[partition ?? ''];
    return region === undefined || suffix === undefined ? [] : [`https://sns.${region}.${suffix}`];
  }
}
