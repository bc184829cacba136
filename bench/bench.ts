import { benchBundles } from './bundles.ts';
import { benchCut } from './cut.ts';
import { benchEvidence } from './evidence.ts';
import { benchLargeAccount } from './large-account.ts';
import { benchMachine } from './machine.ts';
import { benchWatch } from './watch.ts';

/** Figures that count: round trips to isolation, seconds, sizes and load times of the bundles. */

console.log(
  'The cut: longest chain of calls to the last isolated interface, 300 ms added per call',
);
for (const line of await benchCut()) console.log(line);
console.log('\nThe way to the cut, 150 ms added per call');
for (const line of await benchMachine()) console.log(line);
console.log('\nThe way to the cut with every kind of evidence, and with none that is opted into');
for (const line of await benchEvidence()) console.log(line);
console.log('\nThe bundles, built as sam build does');
for (const line of await benchBundles()) console.log(line);
console.log('\nThe account with many resources, which EC2 answers in pages only');
for (const line of await benchLargeAccount()) console.log(line);
console.log('\nOne check of the watch, 20 target groups, 100 ms added per call');
for (const line of await benchWatch()) console.log(line);
