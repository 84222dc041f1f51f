import { describe, expect, test } from '@jest/globals';
import { TrustedUrls } from './trusted-urls.js';

const TOPIC = 'arn:aws:sns:eu-central-1:123456789012:postern-events';
const PATH = `/SimpleNotificationService-${'0a'.repeat(16)}.pem`;
const HOST = 'https://sns.eu-central-1.amazonaws.com';

describe('the certificate', () => {
  test.each([
    [TOPIC, HOST],
    [TOPIC.replace('eu-central-1', 'us-east-1'), 'https://sns.us-east-1.amazonaws.com'],
    [TOPIC.replace('aws:', 'aws-cn:').replace('eu-central-1', 'cn-north-1'), 'https://sns.cn-north-1.amazonaws.com.cn'],
    [
      TOPIC.replace('aws:', 'aws-us-gov:').replace('eu-central-1', 'us-gov-west-1'),
      'https://sns.us-gov-west-1.amazonaws.com',
    ],
    [
      TOPIC.replace('aws:', 'aws-eusc:').replace('eu-central-1', 'eusc-de-east-1'),
      'https://sns.eusc-de-east-1.amazonaws.eu',
    ],
  ])('of a topic %s is at %s', (topicArn, origin) => {
    expect(new TrustedUrls(null).isCertificate(origin + PATH, topicArn)).toBe(true);
  });

  test.each([
    `http://sns.eu-central-1.amazonaws.com${PATH}`,
    `HTTPS://sns.eu-central-1.amazonaws.com${PATH}`,
    `https://sns.us-east-1.amazonaws.com${PATH}`,
    `https://sns.s3-eu-central-1.amazonaws.com${PATH}`,
    `https://s3.amazonaws.com/sns${PATH}`,
    `https://sns.amazonaws.com${PATH}`,
    `https://sns.eu-central-1.amazonaws.com.evil.example${PATH}`,
    `https://sns.eu-central-1.amazonaws.com.cn${PATH}`,
    `https://evil.example/sns.eu-central-1.amazonaws.com${PATH}`,
    `https://user@sns.eu-central-1.amazonaws.com${PATH}`,
    `https://sns.eu-central-1.amazonaws.com@evil.example${PATH}`,
    `https://sns.eu-central-1.amazonaws.com:443${PATH}`,
    `https://sns.eu-central-1.amazonaws.com:8443${PATH}`,
    `https:\\\\sns.eu-central-1.amazonaws.com${PATH}`,
    `https://sns.eu-central-1.amazonaws.com\\@evil.example${PATH}`,
    ` ${HOST}${PATH}`,
    `${HOST}${PATH}\n`,
    `${HOST}${PATH}?x=1`,
    `${HOST}${PATH}?`,
    `${HOST}${PATH}#x`,
    `${HOST}/x${PATH}`,
    `${HOST}/..${PATH}`,
    `${HOST}/evil.pem`,
    `${HOST}/?x=.pem`,
    `${HOST}/SimpleNotificationService-${'0A'.repeat(16)}.pem`,
    `${HOST}/SimpleNotificationService-${'0a'.repeat(15)}.pem`,
    '',
  ])('is not at %j', (url) => {
    expect(new TrustedUrls(null).isCertificate(url, TOPIC)).toBe(false);
  });

  test('must be of the sandbox where there is one, at its very origin', () => {
    const urls = new TrustedUrls('http://127.0.0.1:4566');
    expect(urls.isCertificate(`http://127.0.0.1:4566${PATH}`, TOPIC)).toBe(true);
    expect(urls.isCertificate(HOST + PATH, TOPIC)).toBe(false);
    expect(urls.isCertificate(`http://127.0.0.1:45660${PATH}`, TOPIC)).toBe(false);
    expect(urls.isCertificate(`http://127.0.0.1:4566.evil.example${PATH}`, TOPIC)).toBe(false);
    expect(new TrustedUrls(null).isCertificate(`http://127.0.0.1:4566${PATH}`, TOPIC)).toBe(false);
  });
});

describe('the confirmation', () => {
  const query = (topicArn = TOPIC): string => `/?Action=ConfirmSubscription&TopicArn=${topicArn}&Token=2336412f37`;

  test('is asked of the host of the topic', () => {
    expect(new TrustedUrls(null).isConfirmation(HOST + query(), TOPIC)).toBe(true);
    expect(new TrustedUrls(null).isConfirmation(HOST + query(encodeURIComponent(TOPIC)), TOPIC)).toBe(true);
    expect(new TrustedUrls('http://127.0.0.1:1').isConfirmation(`http://127.0.0.1:1${query()}`, TOPIC)).toBe(true);
  });

  test.each([
    `http://169.254.169.254${query()}`,
    `http://sns.eu-central-1.amazonaws.com${query()}`,
    `https://sns.us-east-1.amazonaws.com${query()}`,
    `https://sns.eu-central-1.amazonaws.com.evil.example${query()}`,
    `https://sns.eu-central-1.amazonaws.com@evil.example${query()}`,
    `${HOST}:8443${query()}`,
    `${HOST}/path${query()}`,
    `${HOST}${query(`${TOPIC}2`)}`,
    `${HOST}/?Action=Unsubscribe&TopicArn=${TOPIC}`,
    `${HOST}/?Action=Unsubscribe&Action=ConfirmSubscription&TopicArn=${TOPIC}&Token=x`,
    `${HOST}${query()}#x`,
    `${HOST}${query()}\\@evil.example`,
    HOST,
  ])('is not asked of %s', (url) => {
    expect(new TrustedUrls(null).isConfirmation(url, TOPIC)).toBe(false);
  });
});
