/** First line of what ONNX Runtime says, without the place in its source and without a full stop. */
export function reasonIn(message: string): string {
  const line = message.trim().split('\n')[0] ?? message;
  return line.replace(/^\/\S+\.cc:\d+ .* was false\. /, '').replace(/\.$/, '');
}
