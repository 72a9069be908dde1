import type { Box, Point } from '../geometry/shapes.js';
import type { Size } from '../geometry/size.js';
import type { Detection } from './detection.js';

/** Detections in pixels of an image that `area` of another was resized to, in pixels of that other. */
export function mapDetections(detections: readonly Detection[], from: Size, area: Box): Detection[] {
  const scaleX = area.width / from.width;
  const scaleY = area.height / from.height;
  const place = ({ x, y }: Point): Point => ({ x: area.x + x * scaleX, y: area.y + y * scaleY });
  return detections.map(({ box, score, points }) => ({
    box: { ...place(box), width: box.width * scaleX, height: box.height * scaleY },
    score,
    ...(points && {
      points: [place(points[0]), place(points[1]), place(points[2]), place(points[3]), place(points[4])] as const,
    }),
  }));
}
