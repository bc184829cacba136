/** Of the document that is deployed and tested; made by `npm run memory-document`. */
export const memoryDocumentDigest =
  'dc28c79dd17b37f0f8ff4feecfabbfcb08d8a03ceacbd4c124acd15c4e047842';
