import { GetConsoleScreenshotCommand } from '@aws-sdk/client-ec2';
import type { Collector } from '../collector.ts';
import { kept, requestOf } from '../kept.ts';
import { screenshotKind } from './kind.ts';

/**
 * A picture of the console. `WakeUp` is never set, because it acts as a keystroke on the host
 * (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetConsoleScreenshot.html).
 */
export const screenshot: Collector = {
  ...screenshotKind,
  permissions: ['ec2:GetConsoleScreenshot'],
  collect: async ({ clients, store }, { case: { instanceId }, before }) => {
    if (before.instance.state !== 'running') {
      return {
        outcome: 'not-applicable',
        sentence: `An instance that is ${before.instance.state} shows nothing on its console.`,
      };
    }
    const answer = await clients.ec2.send(
      new GetConsoleScreenshotCommand({ InstanceId: instanceId }),
    );
    const { ImageData = '' } = answer;
    if (ImageData === '') {
      return { outcome: 'not-applicable', sentence: 'EC2 gave no picture of the console.' };
    }
    const piece = {
      collector: 'screenshot',
      name: 'screenshot.jpg',
      what: 'Picture of the console',
      how: `ec2:GetConsoleScreenshot, ${requestOf(answer)}`,
    };
    return kept(await store.keep(piece, Buffer.from(ImageData, 'base64'), 'image/jpeg'));
  },
};
