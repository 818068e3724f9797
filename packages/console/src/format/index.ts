export { bytesText, countText, dateText, durationText } from './format.ts';
