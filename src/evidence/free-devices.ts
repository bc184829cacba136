/** What AWS recommends for EBS volumes (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/device_naming.html). */
const recommended = [...'fghijklmnop'].map((letter) => `/dev/sd${letter}`);

/** `/dev/sdf`, `/dev/xvdf`, `xvdf` and `/dev/sdf1` are one place. */
const placeOf = (device: string): string =>
  device
    .replace(/^\/dev\//, '')
    .replace(/^(?:sd|xvd|hd)/, '')
    .replace(/\d+$/, '');

/** The names that are free beside these, in the order in which they are taken. */
export const freeDevices = (taken: readonly string[]): readonly string[] => {
  const places = new Set(taken.map(placeOf));
  return recommended.filter((device) => !places.has(placeOf(device)));
};
