export { bytesText, countText, dateText, durationText, shortDateText } from './format.ts';
export { apiChoices, namedChoices, rightsText, ruleText, typeText } from './rules.ts';
