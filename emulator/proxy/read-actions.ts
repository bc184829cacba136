/** Whether a call only reads, by the words that AWS begins the names of such operations with. */
export const isRead = (action: string): boolean => /^(?:Describe|Get|List|Search)/.test(action);
