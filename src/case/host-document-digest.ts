/** Of the document that is deployed and tested; made by `npm run host-document`. */
export const hostDocumentDigest =
  'a992801b1fd89f6c5df26e2290cdf784304032e4f66d3e85519bd921e1d07b34';
