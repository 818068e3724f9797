/** Words for names and descriptions. */
const WORDS =
  'account active actual adjusted annual asset audit average balance basket benefit billing booking branch brand budget bundle buyer call campaign capacity carrier cash category central channel claim client cohort colour contract conversion cost country coupon coverage credit current customer daily delivery demand department deposit discount district domestic dormant duty early east energy entry estimate event expense export external factory fee final first fiscal fleet forecast freight fund gender global goods gross group growth health home hourly import income index indirect initial inventory invoice item job journey labour last late lead lease ledger level limit line load loan local logistics loss loyalty mail margin market media member mobile monthly net new night north number office online opening order outlet output overdue packing page partner payment peak period plan point policy premium previous price priority product profit project promotion purchase quality quarterly quota rate ratio receipt refund region regular rent repair reserve retail return revenue review risk route salary sales sample scrap season sector segment service shelf shift shipment single site skill south special stage standard status stock store supplier survey target tax team term test ticket tier time total trade traffic transfer travel trend trial unit upper usage value vendor visit volume voucher wage warehouse warranty waste web weekly weight west worker yearly yield zone'.split(
    ' ',
  );

export const WORD_COUNT = WORDS.length;

export function wordAt(number: number): string {
  return WORDS[number % WORD_COUNT] ?? 'total';
}
