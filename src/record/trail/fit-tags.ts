import type { Tags } from './tags.ts';

/**
 * The tags that still find room beside those the instance has, most important first, and those
 * that do not. Tags that replace one of the same key need no room.
 */
export const fitTags = (
  wanted: Tags,
  present: Tags,
  limit: number,
): { readonly fitting: Tags; readonly left: readonly string[] } => {
  const own = Object.keys(present).filter((key) => !key.startsWith('aws:'));
  let room = limit - own.length;
  const fitting: Record<string, string> = {};
  const left: string[] = [];
  for (const [key, value] of Object.entries(wanted)) {
    const replaces = Object.hasOwn(present, key);
    if (!replaces && room <= 0) left.push(key);
    else {
      if (!replaces) room -= 1;
      fitting[key] = value;
    }
  }
  return { fitting, left };
};
