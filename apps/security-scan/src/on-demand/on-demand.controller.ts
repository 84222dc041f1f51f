import { Controller } from '@nestjs/common';
import { ScanContent as ScanContentCommand, type CommandContext, type CommandInput } from '@postern/contracts';
import { Answers } from '@postern/eventing';
import { ScanContent } from './scan-content.js';

@Controller()
export class OnDemandController {
  constructor(private readonly scan: ScanContent) {}

  @Answers(ScanContentCommand)
  judge(context: CommandContext, body: CommandInput<typeof ScanContentCommand>) {
    return this.scan.run(context, body);
  }
}
