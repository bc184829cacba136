import { HtmlValidate } from 'html-validate';

const validator = new HtmlValidate({
  extends: ['html-validate:recommended', 'html-validate:document'],
  rules: {
    // The word for what is shown is longer than the rule likes: it has the id of the instance.
    'long-title': 'off',
    // Longer than usual where a name is hostile; nothing depends on it.
    'no-trailing-whitespace': 'off',
  },
});

/** What an HTML validator finds in a page, one line each; empty: nothing. */
export const complaintsOf = async (page: string): Promise<readonly string[]> => {
  const { results } = await validator.validateString(page);
  return results.flatMap(({ messages }) =>
    messages.map(({ line, ruleId, message }) => `${line}: ${ruleId}: ${message}`),
  );
};
