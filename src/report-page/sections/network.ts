import type { Block, Cell, Picture, Room, Section } from '../page.ts';
import { capped } from '../page.ts';
import type { Side } from '../pictures/network.ts';
import { drawNetwork } from '../pictures/network.ts';
import type { Scene, SceneInterface, SceneVolume } from '../scene.ts';
import { sceneOf } from '../scene.ts';
import type { Story } from '../story.ts';
import { toneOfHolds } from '../tones.ts';

const unread = { text: 'not read', tone: 'doubt' } as const;

const groupsOf = (groups: readonly string[] | undefined): Cell =>
  groups === undefined ? unread : { text: groups.join(' '), code: true };

const interfaceRow = (one: SceneInterface): readonly Cell[] => [
  { text: `${one.id} ${one.addresses.join(' ')}`, code: true },
  groupsOf(one.before),
  groupsOf(one.after),
  {
    text: one.isolated === true ? 'isolated' : one.isolated === false ? 'NOT ISOLATED' : 'UNKNOWN',
    tone: toneOfHolds(one.isolated),
  },
];

const fate = (deleted: boolean | undefined): Cell => {
  if (deleted === undefined) return unread;
  return deleted ? 'deleted with the instance' : 'kept';
};

const volumeRow = (one: SceneVolume): readonly Cell[] => [
  { text: `${one.id} ${one.device}`, code: true },
  fate(one.deletedBefore),
  fate(one.deletedAfter),
  one.snapshotId === undefined ? 'no snapshot known' : { text: one.snapshotId, code: true },
];

const placeRows = (scene: Scene): readonly (readonly Cell[])[] => [
  ...scene.balancers.map((name): readonly Cell[] => [
    `load balancer ${name}`,
    'registered',
    scene.deregistered === true ? 'taken out' : 'see the control targets',
    {
      text: scene.deregistered === true ? 'out' : 'UNKNOWN',
      tone: toneOfHolds(scene.deregistered),
    },
  ]),
  ...(scene.group === undefined
    ? []
    : [
        [
          `Auto Scaling group ${scene.group}`,
          'member',
          scene.detached === true ? 'taken out' : 'see the control asg-membership',
          {
            text: scene.detached === true ? 'out' : 'UNKNOWN',
            tone: toneOfHolds(scene.detached),
          } as const,
        ],
      ]),
];

const pictureOf = (scene: Scene, side: Side): Picture => ({
  title: side === 'before' ? 'Before' : 'After the containment',
  words: `The instance ${side === 'before' ? 'before the case' : 'after the containment'}: ${scene.interfaces.length} network interfaces, ${scene.balancers.length} registrations with load balancers, ${scene.volumes.length} volumes. The table below has the same in words.`,
  drawing: drawNetwork(scene, side),
});

const whereAll =
  'aws ec2 describe-network-interfaces shows them all, and the log has how they were.';

const blocksOf = (scene: Scene, room: Room): readonly Block[] => {
  const rows = [
    ...scene.interfaces.map(interfaceRow),
    ...placeRows(scene),
    ...scene.volumes.map(volumeRow),
  ];
  const { shown, leftOut } = capped(rows, room, whereAll);
  const further = scene.furtherInterfaces + scene.furtherVolumes;
  const sides: readonly Side[] = scene.beforeKnown ? ['before', 'after'] : ['after'];
  return [
    { kind: 'pictures', pictures: sides.map((side) => pictureOf(scene, side)) },
    { kind: 'table', head: ['Part', 'Before', 'After', 'State'], rows: shown },
    ...leftOut,
    ...(further === 0
      ? []
      : [
          {
            kind: 'text' as const,
            tone: 'quiet' as const,
            text: `The case report had no room for ${further} more; ${whereAll}`,
          },
        ]),
  ];
};

/** The instance and its network, before and after. */
export const networkSection = (story: Story, room: Room): Section => {
  const scene = sceneOf(story);
  return {
    id: 'network',
    title: 'The instance and its network',
    blocks:
      scene === undefined
        ? [
            {
              kind: 'text',
              tone: 'doubt',
              text: 'How the instance was before the case is not in the report: it could not be described, or the report was shortened.',
            },
          ]
        : blocksOf(scene, room),
  };
};
