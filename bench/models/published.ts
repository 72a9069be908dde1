/** Accuracy on LFW as its authors state it, for comparison; none of these was measured here. */
export const PUBLISHED = [
  { what: 'Eigenfaces', lfw: '0.6002', where: 'Turk and Pentland 1991; LFW results page, image-restricted' },
  { what: 'DeepFace', lfw: '0.9735', where: 'Taigman, Yang, Ranzato, Wolf: DeepFace, CVPR 2014' },
  { what: 'FaceNet', lfw: '0.9963', where: 'Schroff, Kalenichenko, Philbin: FaceNet, CVPR 2015' },
  { what: 'InsightFace buffalo_s (`w600k-mbf`)', lfw: '0.9970', where: 'InsightFace model zoo; research only' },
  { what: 'InsightFace buffalo_l (`w600k-r50`)', lfw: '0.9983', where: 'InsightFace model zoo; research only' },
] as const;
