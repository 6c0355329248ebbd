/** A U-Net that is quick anywhere. */
export const smallUnet = {
  imageSize: 4,
  widths: [4, 8],
  timeFeatures: 4,
  embedding: 6,
  classes: 2,
  groups: 2,
} as const;
