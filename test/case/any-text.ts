import fc from 'fast-check';

/** Any text that could arrive: half, hidden and control characters and line breaks included. */
export const anyText = (constraints: { minLength?: number; maxLength?: number } = {}) =>
  fc.oneof(
    fc.string(constraints),
    fc
      .array(fc.integer({ min: 0, max: 0xffff }), constraints)
      .map((units) => String.fromCharCode(...units)),
    fc
      .array(
        fc.constantFrom('a', ' ', '\n', '\t', 'ü', '漢', '😀', '\ud83d', '\u0085', '\u2028'),
        constraints,
      )
      .map((parts) => parts.join('')),
    // What terminals obey, what turns text around, hides it, or means something to a shell or chat.
    fc
      .array(
        fc.constantFrom(...'\u001b\u009b\u202e\u2066\u200b\ufeff\u0301"\'\\`$()<>@*[]'),
        constraints,
      )
      .map((parts) => parts.join('')),
  );
