/** What FORMAT needs to know of a culture, as .NET has it on a server of Azure. */
export interface Culture {
  readonly decimal: string;
  readonly group: string;
  /** `n` stands for the digits. */
  readonly currency: readonly [positive: string, negative: string];
  readonly percent: string;
  readonly months: readonly string[];
  readonly shortMonths: readonly string[];
  readonly days: readonly string[];
  readonly shortDays: readonly string[];
  readonly am: string;
  readonly pm: string;
  readonly dateSeparator: string;
  readonly shortDate: string;
  readonly longDate: string;
  readonly shortTime: string;
  readonly longTime: string;
  readonly monthDay: string;
  readonly yearMonth: string;
}

const ENGLISH = {
  decimal: '.',
  group: ',',
  percent: 'n%',
  months: [
    'January',
    'February',
    'March',
    'April',
    'May',
    'June',
    'July',
    'August',
    'September',
    'October',
    'November',
    'December',
  ],
  shortMonths: ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'],
  days: ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'],
  shortDays: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'],
  am: 'AM',
  pm: 'PM',
  dateSeparator: '/',
  yearMonth: 'MMMM yyyy',
};
const AMERICAN: Culture = {
  ...ENGLISH,
  percent: 'n %',
  currency: ['$n', '($n)'],
  shortDate: 'M/d/yyyy',
  longDate: 'dddd, MMMM d, yyyy',
  shortTime: 'h:mm tt',
  longTime: 'h:mm:ss tt',
  monthDay: 'MMMM d',
};
const CULTURES: ReadonlyMap<string, Culture> = new Map(
  Object.entries<Culture>({
    '': AMERICAN,
    'en-us': AMERICAN,
    'en-gb': {
      ...ENGLISH,
      currency: ['£n', '-£n'],
      shortDate: 'dd/MM/yyyy',
      longDate: 'dd MMMM yyyy',
      shortTime: 'HH:mm',
      longTime: 'HH:mm:ss',
      monthDay: 'd MMMM',
    },
    'de-de': {
      decimal: ',',
      group: '.',
      currency: ['n €', '-n €'],
      percent: 'n %',
      months: [
        'Januar',
        'Februar',
        'März',
        'April',
        'Mai',
        'Juni',
        'Juli',
        'August',
        'September',
        'Oktober',
        'November',
        'Dezember',
      ],
      shortMonths: ['Jan', 'Feb', 'Mrz', 'Apr', 'Mai', 'Jun', 'Jul', 'Aug', 'Sep', 'Okt', 'Nov', 'Dez'],
      days: ['Sonntag', 'Montag', 'Dienstag', 'Mittwoch', 'Donnerstag', 'Freitag', 'Samstag'],
      shortDays: ['So', 'Mo', 'Di', 'Mi', 'Do', 'Fr', 'Sa'],
      am: '',
      pm: '',
      dateSeparator: '.',
      shortDate: 'dd.MM.yyyy',
      longDate: 'dddd, d. MMMM yyyy',
      shortTime: 'HH:mm',
      longTime: 'HH:mm:ss',
      monthDay: 'd. MMMM',
      yearMonth: 'MMMM yyyy',
    },
    'zh-cn': {
      ...ENGLISH,
      currency: ['¥n', '¥-n'],
      months: ['一月', '二月', '三月', '四月', '五月', '六月', '七月', '八月', '九月', '十月', '十一月', '十二月'],
      shortMonths: ['1月', '2月', '3月', '4月', '5月', '6月', '7月', '8月', '9月', '10月', '11月', '12月'],
      days: ['星期日', '星期一', '星期二', '星期三', '星期四', '星期五', '星期六'],
      shortDays: ['周日', '周一', '周二', '周三', '周四', '周五', '周六'],
      am: '上午',
      pm: '下午',
      shortDate: 'yyyy/M/d',
      longDate: "yyyy'年'M'月'd'日'",
      shortTime: 'H:mm',
      longTime: 'H:mm:ss',
      monthDay: "M'月'd'日'",
      yearMonth: "yyyy'年'M'月'",
    },
  }),
);
export const knownCulture = (name: string): boolean => CULTURES.has(name.toLowerCase());

/** A culture that is not known here is refused when the statement is translated; a name from a column only now. */
export function culture(name: string): Culture {
  const found = CULTURES.get(name.toLowerCase());
  if (!found) throw new Error(`TSQL:40517:FORMAT with culture ${name} is not supported by the local Synapse.`);
  return found;
}
