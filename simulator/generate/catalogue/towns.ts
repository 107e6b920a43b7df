/** Towns of Massachusetts, where Synthea's default population lives. ZIP codes there start with a zero. */
export interface Town {
  readonly name: string;
  readonly county: string;
  readonly fips: string;
  readonly zips: readonly string[];
  readonly lat: number;
  readonly lon: number;
  readonly weight: number;
}

const town = (
  name: string,
  county: string,
  fips: string,
  zips: string,
  lat: number,
  lon: number,
  weight: number,
): Town => ({ name, county: `${county} County`, fips, zips: zips.split(' '), lat, lon, weight });

export const towns: readonly Town[] = [
  town('Boston', 'Suffolk', '25025', '02108 02115 02119 02124 02128', 42.3601, -71.0589, 68),
  town('Worcester', 'Worcester', '25027', '01602 01604 01609', 42.2626, -71.8023, 19),
  town('Springfield', 'Hampden', '25013', '01104 01108 01109', 42.1015, -72.5898, 15),
  town('Cambridge', 'Middlesex', '25017', '02138 02139 02141', 42.3736, -71.1097, 11),
  town('Lowell', 'Middlesex', '25017', '01850 01852', 42.6334, -71.3162, 11),
  town('Somerville', 'Middlesex', '25017', '02143 02145', 42.3876, -71.0995, 8),
  town('Framingham', 'Middlesex', '25017', '01701 01702', 42.2793, -71.4162, 7),
  town('Winchester', 'Middlesex', '25017', '01890', 42.4523, -71.137, 3),
  town('Brockton', 'Plymouth', '25023', '02301 02302', 42.0834, -71.0184, 10),
  town('Duxbury', 'Plymouth', '25023', '02332', 42.0418, -70.6723, 2),
  town('Quincy', 'Norfolk', '25021', '02169 02170', 42.2529, -71.0023, 9),
  town('Weymouth', 'Norfolk', '25021', '02188 02190', 42.2181, -70.941, 6),
  town('Lynn', 'Essex', '25009', '01902 01904', 42.4668, -70.9495, 9),
  town('Haverhill', 'Essex', '25009', '01830 01832', 42.7762, -71.0773, 6),
  town('Fall River', 'Bristol', '25005', '02720 02721', 41.7015, -71.155, 9),
  town('New Bedford', 'Bristol', '25005', '02740 02745', 41.6362, -70.9342, 9),
  town('Attleboro', 'Bristol', '25005', '02703', 41.9445, -71.2856, 4),
  town('Pittsfield', 'Berkshire', '25003', '01201', 42.4501, -73.2454, 4),
  town('Mashpee', 'Barnstable', '25001', '02649', 41.6484, -70.4811, 2),
  town('Northampton', 'Hampshire', '25015', '01060 01062', 42.3251, -72.6412, 3),
  town('Greenfield', 'Franklin', '25011', '01301', 42.5879, -72.5995, 2),
];
