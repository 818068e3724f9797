export { bytesText, countText, dateText, durationText, shortDateText } from './format.ts';
export { apiChoices, namedChoices, ruleText, typeText } from './rules.ts';
