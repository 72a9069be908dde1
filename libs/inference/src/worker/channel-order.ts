/** The manifest's channel order in the words of libs/vision. */
export function channelOrder(order: 'RGB' | 'BGR' | 'GREY'): 'rgb' | 'bgr' {
  switch (order) {
    case 'RGB':
      return 'rgb';
    case 'BGR':
      return 'bgr';
    case 'GREY':
      throw new RangeError('A grey network takes no colour image.');
  }
}
