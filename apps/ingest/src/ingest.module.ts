import { Module, type DynamicModule } from '@nestjs/common';
import { Deletions, DeletionSweep, EventingModule, PURGE } from '@postern/eventing';
import { DatabaseModule, HealthController, LOGGER, type Logger, type ChildProgram } from '@postern/platform';
import { AuthenticateMail } from './authenticate/authenticate-mail.js';
import { DnsLookup } from './authenticate/dns-lookup.js';
import { ContentController } from './content/content.controller.js';
import { FetchMails } from './fetch/fetch-mails.js';
import { MailBucket } from './fetch/mail-bucket.js';
import { type IngestConfig, refuseHalfCertificate, refuseSandboxInProduction } from './ingest.settings.js';
import { Intake } from './intake/intake.js';
import { BUILT_MAIL_READER, MAIL_READER_PROGRAM, MailReaders } from './mail/mail-readers.js';
import { PrepareMails } from './receive/prepare-mails.js';
import { SesMail } from './receive/ses-mail.js';
import { InboxAddressConsumer } from './recipients/inbox-address.consumer.js';
import { RecipientLookup } from './recipients/recipient-lookup.js';
import { DeletionsConsumer } from './remove/deletions.consumer.js';
import { PurgeMails } from './store/purge-mails.store.js';
import { Retention } from './retention/retention.js';
import { SmtpListener } from './smtp/smtp-listener.js';
import { SmtpSession } from './smtp/smtp-session.js';
import { AnswerConfirmation } from './sns/answer-confirmation.js';
import { Certificates } from './sns/certificates.js';
import { fetchSmall } from './sns/fetch-small.js';
import { RawDelivery } from './sns/raw-delivery.js';
import { SnsVerifier } from './sns/sns-verifier.js';
import { SnsController } from './sns/sns.controller.js';
import { TakeNotification } from './sns/take-notification.js';
import { TrustedUrls } from './sns/trusted-urls.js';
import { migrations } from './store/migrations/index.js';
import { TimelineController } from './timeline/timeline.controller.js';
import { createSnsClients, SNS_CLIENTS } from './topics/sns-clients.js';
import { TopicSetup } from './topics/topic-setup.js';

/** The composition root. */
@Module({})
export class IngestModule {
  /** @param mailReader  what parses mail; tests run it from its sources. */
  static forRoot(config: IngestConfig, mailReader: ChildProgram = BUILT_MAIL_READER): DynamicModule {
    refuseSandboxInProduction(config);
    refuseHalfCertificate(config);
    const urls = new TrustedUrls(config.SNS_SANDBOX_CERT_ORIGIN ?? null);
    const trust = {
      topicArns: [config.SNS_EVENTS_TOPIC_ARN, config.SNS_INBOUND_TOPIC_ARN],
      refuseVersion1: config.SNS_REFUSE_SIGNATURE_V1,
    };
    return {
      module: IngestModule,
      imports: [DatabaseModule.forRoot({ schema: 'ingest', migrations }), EventingModule.forRoot('ingest', config)],
      controllers: [
        ContentController,
        DeletionsConsumer,
        HealthController,
        InboxAddressConsumer,
        SnsController,
        TimelineController,
      ],
      providers: [
        { provide: TrustedUrls, useValue: urls },
        { provide: SnsVerifier, useValue: new SnsVerifier(trust, urls, new Certificates(fetchSmall)) },
        { provide: RawDelivery, useValue: new RawDelivery(config.SNS_RAW_DELIVERY_SECRET ?? null, trust.topicArns) },
        { provide: SNS_CLIENTS, useFactory: () => createSnsClients(config) },
        {
          provide: AuthenticateMail,
          inject: [LOGGER],
          useFactory: (logger: Logger) =>
            new AuthenticateMail(new DnsLookup(config.INGEST_DNS_SERVERS).lookup, config.POSTERN_DOMAIN, logger),
        },
        AnswerConfirmation,
        Deletions,
        FetchMails,
        MailBucket,
        MailReaders,
        { provide: MAIL_READER_PROGRAM, useValue: mailReader },
        DeletionSweep,
        Intake,
        PrepareMails,
        { provide: PURGE, useClass: PurgeMails },
        RecipientLookup,
        Retention,
        SesMail,
        SmtpListener,
        SmtpSession,
        TakeNotification,
        TopicSetup,
      ],
    };
  }
}
