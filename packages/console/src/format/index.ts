export { bytesText, countText, dateText, durationText, shortDateText } from './format.ts';
export { apiChoices, ruleText, typeText } from './rules.ts';
